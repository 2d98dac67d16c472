import pytest

from server.bus.memory import MemoryBus
from server.model import View
from server.ticker.epoch import Epoch
from server.ticker.inputs import Inbox
from server.ticker.office import Office, linger_ms, silence_ms_max
from server.ticker.pace import Pace
from server.ticker.timeline import Timeline
from simulation.inputs import OfficeChanged, SlotsChanged
from tests.fakes.offices import started

BASE_MS = 1_795_000_000_000
START_MS = 5_000
FULL, FIGURES = View.FULL, View.FIGURES


class Desk:
    """An office that is awake since START_MS, and a bus that tells it things; nothing happens in it by itself."""

    def __init__(self) -> None:
        self.bus = MemoryBus()
        self.now_ms = START_MS
        self.pace = Pace()
        inbox = Inbox(self.bus, "office1", lambda: self.office.arrived(self.now_ms))
        self.office = Office("office1", inbox, self.pace)
        self.office.begin(self.epoch(1), START_MS)
        self.office.inbox.open()

    def epoch(self, number: int) -> Epoch:
        facts = [OfficeChanged(name="Acme", tier="pro"), SlotsChanged(slots=0)]
        line = Timeline(base_ms=BASE_MS, start_ms=self.now_ms, hz=10)
        return Epoch(office="office1", number=number, timeline=line, facts=facts)

    def start(self, number: int, after_ms: int) -> None:
        self.now_ms = START_MS + after_ms
        self.bus.publish("office1", [started(number, BASE_MS)])

    def tick(self, after_ms: int) -> list[tuple[View, bytes]]:
        return [(stream.view, diff) for stream, diff in self.office.tick(START_MS + after_ms)]

    def due(self) -> int:
        return self.office.due_ms() - START_MS


def test_one_that_is_waking_cannot_be_looked_at() -> None:
    office = Office("office1", Inbox(MemoryBus(), "office1", lambda: None), Pace())
    with pytest.raises(RuntimeError, match="office1 to be awake"):
        office.watch(FULL, 0)


def test_it_is_due_when_it_may_sleep_when_it_must_speak_and_when_something_came() -> None:
    desk = Desk()
    assert desk.due() == linger_ms
    desk.office.watch(FULL, START_MS)
    assert desk.due() == silence_ms_max
    desk.start(1, after_ms=130)
    assert desk.due() == 200
    desk.office.rebuild_ms = START_MS + 1_130
    assert desk.due() == 1_130


def test_an_input_is_never_given_to_a_tick_that_was_over_when_it_came() -> None:
    desk = Desk()
    desk.office.watch(FULL, START_MS)
    desk.start(1, after_ms=200)
    assert desk.tick(299) == []
    desk.start(2, after_ms=299)
    ((_, diff),) = desk.tick(300)
    assert b'"tick":3' in diff
    assert b"execution2" in diff
    assert desk.tick(300) == []


def test_a_stream_is_silent_after_three_seconds_with_a_viewer_and_never_without() -> None:
    desk = Desk()
    stream = desk.office.watch(FULL, START_MS)
    desk.office.peek(FIGURES, START_MS)
    assert desk.office.silent(START_MS + silence_ms_max - 1) == []
    assert desk.office.silent(START_MS + silence_ms_max) == [stream]
    assert desk.office.silent(START_MS + silence_ms_max) == []
    desk.start(1, after_ms=silence_ms_max + 50)
    desk.tick(silence_ms_max + 100)
    assert desk.office.silent(START_MS + 2 * silence_ms_max) == []


def test_a_second_viewer_does_not_put_the_clock_off_for_the_first() -> None:
    desk = Desk()
    desk.office.watch(FULL, START_MS)
    desk.office.watch(FULL, START_MS + 2_000)
    assert desk.due() == silence_ms_max


def test_streams_end_one_by_one_a_minute_after_their_last_viewer_and_then_it_may_sleep() -> None:
    desk = Desk()
    assert desk.office.epoch is not None
    desk.office.watch(FULL, START_MS)
    desk.office.watch(FULL, START_MS)
    desk.office.watch(FIGURES, START_MS)
    desk.office.leave(FULL, START_MS + 10)
    desk.office.leave(FULL, START_MS + 20)
    desk.office.leave(FIGURES, START_MS + 30)
    assert desk.due() == linger_ms + 20
    desk.office.close_left(START_MS + linger_ms + 20)
    assert list(desk.office.epoch.streams) == [FIGURES]
    assert not desk.office.sleepy(START_MS + linger_ms + 20)
    desk.office.close_left(START_MS + linger_ms + 30)
    assert desk.office.sleepy(START_MS + linger_ms + 30)


def test_a_new_epoch_goes_on_with_the_same_views_and_viewers() -> None:
    desk = Desk()
    desk.office.watch(FULL, START_MS)
    desk.office.peek(FIGURES, START_MS)
    desk.start(1, after_ms=50)
    desk.now_ms = START_MS + 60
    streams = desk.office.begin(desk.epoch(2), desk.now_ms)
    assert [(stream.view, stream.epoch, stream.seq) for stream in streams] == [(FULL, 2, 0), (FIGURES, 2, 0)]
    assert desk.due() == 60 + silence_ms_max


@pytest.mark.parametrize(
    ("after_ms", "drift_ms", "late"),
    [(1_199, 0, False), (1_200, 0, True), (200, 2_000, False), (200, 2_001, True)],
)
def test_late_is_eleven_ticks_behind_what_is_due_or_two_seconds_off(
    after_ms: int, drift_ms: int, late: bool
) -> None:
    desk = Desk()
    desk.start(1, after_ms=50)
    assert desk.office.late(START_MS + after_ms, BASE_MS + after_ms + drift_ms) is late


def test_nothing_due_is_never_late_however_long_nobody_asked() -> None:
    assert not Desk().office.late(START_MS + 3_600_000, BASE_MS + 3_600_000)


def test_one_that_asked_for_a_rebuild_is_late_from_then_on_and_not_before() -> None:
    desk = Desk()
    desk.office.rebuild_ms = START_MS + 1_000
    wall_ms = BASE_MS + 9_000_000
    assert [desk.office.late(START_MS + after, wall_ms) for after in (999, 1_000)] == [False, True]
