from structlog.testing import capture_logs

from server.bus.memory import MemoryBus
from simulation.inputs import Input, SlotsChanged


def fact(slots: int) -> SlotsChanged:
    return SlotsChanged(slots=slots)


class Ear:
    def __init__(self) -> None:
        self.heard: list[tuple[str, list[Input]]] = []

    def __call__(self, office: str, facts: object) -> None:
        self.heard.append((office, list(facts)))  # type: ignore[call-overload]


def test_a_listener_hears_its_office_alone_and_none_means_all() -> None:
    bus, one, every = MemoryBus(), Ear(), Ear()
    bus.listen("one", one)
    bus.listen(None, every)
    bus.publish("one", [fact(1)])
    bus.publish("two", [fact(2)])
    assert one.heard == [("one", [fact(1)])]
    assert every.heard == [("one", [fact(1)]), ("two", [fact(2)])]


def test_stopping_ends_one_listening_of_a_function_that_listens_twice() -> None:
    bus, ear = MemoryBus(), Ear()
    stop = bus.listen("one", ear)
    bus.listen("one", ear)
    stop()
    stop()
    bus.publish("one", [fact(1)])
    assert len(ear.heard) == 1


def test_a_listener_that_stops_itself_while_called_takes_nothing_from_the_others() -> None:
    bus, ear = MemoryBus(), Ear()
    stops = []
    stops.append(bus.listen("one", lambda _office, _facts: stops[0]()))
    bus.listen("one", ear)
    bus.publish("one", [fact(1)])
    bus.publish("one", [fact(2)])
    assert [facts for _, facts in ear.heard] == [[fact(1)], [fact(2)]]


def test_what_a_listener_publishes_comes_after_what_it_was_called_for() -> None:
    bus, ear = MemoryBus(), Ear()

    def answer(office: str, facts: object) -> None:
        if facts == [fact(1)]:
            bus.publish(office, [fact(2)])

    bus.listen("one", answer)
    bus.listen("one", ear)
    bus.publish("one", [fact(1)])
    assert [facts for _, facts in ear.heard] == [[fact(1)], [fact(2)]]


def test_a_listener_that_raises_is_logged_and_the_others_hear() -> None:
    bus, ear = MemoryBus(), Ear()

    def broken(_office: str, _facts: object) -> None:
        raise ValueError("deaf")

    bus.listen("one", broken)
    bus.listen("one", ear)
    with capture_logs() as logs:
        bus.publish("one", [fact(1)])
    assert len(ear.heard) == 1
    assert [(entry["log_level"], entry["office"]) for entry in logs] == [("error", "one")]
