from server.bus.memory import MemoryBus
from server.ticker.inputs import Inbox
from simulation.inputs import Progressed
from tests.fakes.offices import noted, started

ONE = started(1, 1_000)


def test_it_hears_its_own_office_from_open_to_close_and_says_so() -> None:
    bus, calls = MemoryBus(), list[int]()
    inbox = Inbox(bus, "one", lambda: calls.append(len(inbox)))
    bus.publish("one", [ONE])
    assert inbox.take() == []
    inbox.open()
    bus.publish("two", [ONE])
    bus.publish("one", [ONE])
    assert calls == [1]
    inbox.close()
    bus.publish("one", [started(2, 1_000)])
    assert inbox.take() == [ONE]


def test_what_waits_is_merged_for_each_execution() -> None:
    bus = MemoryBus()
    inbox = Inbox(bus, "one", lambda: None)
    inbox.open()
    for number in range(1_000):
        bus.publish("one", [noted(1, number, f"step {number}")])
    (merged,) = inbox.take()
    assert isinstance(merged, Progressed)
    assert merged.note == "step 999"


def test_opening_again_drops_what_waited_and_hears_everything_once() -> None:
    bus = MemoryBus()
    inbox = Inbox(bus, "one", lambda: None)
    inbox.open()
    bus.publish("one", [ONE])
    inbox.open()
    assert len(inbox) == 0
    bus.publish("one", [ONE])
    assert inbox.take() == [ONE]
