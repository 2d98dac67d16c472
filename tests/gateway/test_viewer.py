from typing import Any

import orjson

from server.gateway.acks import unacked_max
from server.gateway.close import Close, End
from server.gateway.figures import Counters
from server.gateway.framing import framed
from server.gateway.protocol import Level, encode_restart, encode_viewers
from server.gateway.session import Enter
from server.gateway.viewer import Viewer, hidden_ms, lag_ms_max
from server.model import Role, View
from server.ticker.messages import Held
from server.ticker.stream import Stream
from server.ticker.timeline import Timeline
from simulation.patch import apply, diff
from tests.fakes.clock import FakeClock
from tests.fakes.house import OWNER
from tests.fakes.line import FakeLine

BYTES_MAX = 1_000
FULL = View.FULL


class Show:
    """One viewer of one stream, and a peer that reads when it is told to."""

    def __init__(self, held: Held | None = None, *, clear: bool = False) -> None:
        self.clock = FakeClock()
        self.line = FakeLine(clear=clear)
        self.counters = Counters()
        self.viewer = Viewer(
            clock=self.clock, line=self.line, counters=self.counters, outbox_bytes_max=BYTES_MAX
        )
        self.state: dict[str, Any] = {"office": {"id": "office1"}}
        self.stream = self.new_stream(epoch=1)
        self.viewer.enter(
            self.stream, Enter(identity=OWNER, office="office1", role=Role.OWNER, view=FULL, held=held)
        )

    def new_stream(self, epoch: int) -> Stream:
        line = Timeline(base_ms=self.clock.now_ms(), start_ms=self.clock.monotonic_ms(), hz=10)
        return Stream(
            office="office1", view=FULL, epoch=epoch, seq=0, timeline=line, tick=0, state=self.state
        )

    def happen(self, name: str) -> None:
        after = apply(self.state, {"office": {"name": name}})
        patch, self.state = diff(self.state, after), after
        frame = self.stream.step(self.stream.seq + 1, after, patch)
        assert frame is not None
        self.viewer.frame(framed(frame), self.stream.seq, self.clock.monotonic_ms())

    def tell(self, message: bytes) -> None:
        self.viewer.tell(framed(message), self.clock.monotonic_ms())

    def count(self, message: bytes) -> None:
        self.viewer.count(framed(message), self.clock.monotonic_ms())

    def written(self) -> list[Any]:
        return [orjson.loads(message) for message in self.line.read()]

    def kinds(self) -> list[str]:
        return [
            f"{message['type']} {message['seq']}" if "seq" in message else message["type"]
            for message in self.written()
        ]


def test_the_way_in_is_made_when_it_is_written_and_nothing_comes_twice() -> None:
    show = Show()
    show.happen("a")
    show.happen("b")
    assert show.kinds() == ["hello 2", "keyframe 2"]
    show.happen("c")
    assert show.kinds() == ["diff 3"]


def test_what_was_missed_while_away_and_on_the_way_in_comes_once() -> None:
    show = Show(held=Held(epoch=1, view=FULL, seq=0))
    show.happen("a")
    show.happen("b")
    assert show.kinds() == ["hello 2", "resumed", "diff 1", "diff 2"]
    show.happen("c")
    assert show.kinds() == ["diff 3"]


def test_a_new_epoch_says_hello_again_and_drops_what_was_left_of_the_old() -> None:
    show = Show()
    show.written()
    show.happen("a")
    show.happen("b")
    show.stream = show.new_stream(epoch=2)
    show.viewer.renew(show.stream)
    assert show.kinds() == ["diff 1", "hello 0", "keyframe 0"]


async def test_who_lags_gets_the_current_keyframe_and_no_second_hello() -> None:
    show = Show(clear=True)
    for number in range(20):
        show.happen(f"{number:0100d}")
        assert show.viewer.unsent <= BYTES_MAX
    await show.clock.advance(lag_ms_max - 1)
    show.happen("b")
    assert (show.viewer.end, show.counters.lagging, show.counters.lagged) == (None, 1, 1)
    assert show.kinds() == ["hello 0", "keyframe 0", "keyframe 21"]
    assert (show.counters.lagging, show.counters.lagged, show.counters.resyncs) == (0, 1, 1)


async def test_who_lags_for_thirty_seconds_is_cut_off_as_too_slow() -> None:
    show = Show(clear=True)
    show.happen("x" * 2 * BYTES_MAX)
    await show.clock.advance(lag_ms_max)
    assert show.line.ends == []
    show.tell(b"clock")
    assert [end.close for end in show.line.ends] == [Close.TOO_SLOW]
    show.tell(b"clock")
    assert (len(show.line.ends), show.counters.too_slow) == (1, 1)


def test_what_the_layers_below_hold_counts_as_unsent() -> None:
    show = Show()
    show.written()
    show.line.below, show.line.clear = BYTES_MAX, False
    show.happen("a")
    assert show.kinds() == ["keyframe 1"]


def test_while_the_line_is_clear_the_very_bytes_are_written_in_the_same_step() -> None:
    show = Show()
    show.written()
    message = framed(b"whatever")
    assert show.viewer.frame(message, 1, 0)
    assert show.line.messages[0] is message
    assert not show.viewer.frame(message, 2, 0)


async def test_who_does_not_acknowledge_what_the_kernel_takes_lags_until_it_does() -> None:
    show = Show()
    show.written()
    show.viewer.ack(0)
    for number in range(unacked_max + 9):
        show.happen(f"{number}")
        show.written()
    assert (show.viewer.unsent, show.counters.lagging) == (0, 1)
    show.viewer.ack(unacked_max - 1)
    assert show.kinds() == []
    show.viewer.ack(unacked_max)
    assert show.kinds() == [f"keyframe {unacked_max + 9}"]
    show.happen("more")
    assert show.kinds() == [f"diff {unacked_max + 10}"]
    assert (show.counters.lagging, show.counters.resyncs) == (0, 1)


async def test_who_acknowledges_nothing_for_thirty_seconds_more_is_too_slow() -> None:
    show = Show()
    show.written()
    show.viewer.ack(0)
    for number in range(unacked_max + 1):
        show.happen(f"{number}")
        show.written()
    await show.clock.advance(lag_ms_max)
    show.tell(b"clock")
    assert show.line.ends == [End(close=Close.TOO_SLOW)]


def test_who_never_acknowledged_anything_is_given_all_that_its_socket_takes() -> None:
    show = Show()
    show.written()
    for number in range(2 * unacked_max):
        show.happen(f"{number}")
        assert show.kinds() == [f"diff {number + 1}"]


def test_a_page_that_lies_still_and_is_hidden_meanwhile_is_no_longer_waited_for() -> None:
    show = Show()
    show.written()
    show.viewer.ack(0)
    for number in range(unacked_max + 1):
        show.happen(f"{number}")
        show.written()
    show.viewer.show(Level.HIDDEN)
    assert show.kinds() == [f"keyframe {unacked_max + 1}"]


async def test_a_hidden_viewer_gets_a_keyframe_every_thirty_seconds_if_there_is_something_new() -> None:
    show = Show()
    show.written()
    show.viewer.show(Level.HIDDEN)
    await show.clock.advance(hidden_ms)
    show.tell(b'{"type":"clock"}')
    assert show.kinds() == ["clock"]
    show.happen("a")
    assert show.kinds() == ["keyframe 1"]
    await show.clock.advance(hidden_ms - 1)
    show.happen("b")
    assert show.kinds() == []
    await show.clock.advance(1)
    show.tell(b'{"type":"clock"}')
    assert show.kinds() == ["clock", "keyframe 2"]


def test_a_viewer_seen_again_gets_a_keyframe_at_once_and_then_diffs() -> None:
    show = Show()
    show.written()
    for level in (Level.HIDDEN, Level.HIDDEN, Level.FULL, Level.FULL):
        show.viewer.show(level)
    assert show.kinds() == ["keyframe 0"]
    show.happen("a")
    assert show.kinds() == ["diff 1"]


def test_the_number_of_viewers_waits_for_one_that_lags() -> None:
    show = Show()
    show.count(encode_viewers(1))
    show.count(encode_viewers(2))
    *_, last = show.written()
    assert last == {"type": "viewers", "count": 2}
    show.count(encode_viewers(3))
    assert show.kinds() == ["viewers"]


def test_closing_drops_what_is_queued_and_hangs_up_once() -> None:
    show = Show()
    show.written()
    show.happen("a")
    show.happen("b")
    show.viewer.close(End(close=Close.FORBIDDEN))
    show.viewer.close(End(close=Close.TOO_SLOW))
    assert show.kinds() == ["diff 1"]
    assert show.line.ends == [show.viewer.end] == [End(close=Close.FORBIDDEN)]


def test_coming_back_is_counted_as_what_became_of_it() -> None:
    assert Show(held=Held(epoch=1, view=FULL, seq=0), clear=True).counters.resumed == 1
    assert Show(held=Held(epoch=7, view=FULL, seq=0), clear=True).counters.resyncs == 1
    first = Show(clear=True)
    assert (first.counters.resumed, first.counters.resyncs, first.counters.messages) == (0, 0, 2)
    assert first.counters.bytes == sum(map(len, first.line.messages))


def test_who_leaves_while_it_lags_is_no_longer_counted() -> None:
    show = Show(clear=True)
    show.happen("x" * 2 * BYTES_MAX)
    assert show.counters.lagging == 1
    show.viewer.leave()
    assert (show.counters.lagging, show.kinds()) == (0, ["hello 0", "keyframe 0"])


def test_a_restart_comes_after_what_is_queued() -> None:
    show = Show()
    show.written()
    show.happen("a")
    show.viewer.restart(framed(encode_restart(1_000)))
    show.happen("b")
    assert show.kinds() == ["diff 1", "restart"]
    show.viewer.cut()
    assert show.line.ends == [show.viewer.end] == [End(close=Close.RESTARTING)]
