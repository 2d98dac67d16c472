from typing import Any

import orjson
import pytest

from server.gateway.close import Close, End
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

BYTES_MAX = 1_000
FULL = View.FULL


class Show:
    """One viewer of one stream, and a writer that writes when it is told to."""

    def __init__(self, held: Held | None = None) -> None:
        self.clock = FakeClock()
        self.below = 0
        self.cuts: list[End] = []
        self.viewer = Viewer(
            clock=self.clock, outbox_bytes_max=BYTES_MAX, below=lambda: self.below, cut=self.cuts.append
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
        self.viewer.frame(frame)

    def written(self) -> list[Any]:
        messages = []
        while (message := self.viewer.take()) is not None:
            messages.append(orjson.loads(message))
            self.viewer.sent()
        return messages

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
    show.stream = show.new_stream(epoch=2)
    show.viewer.renew(show.stream)
    assert show.kinds() == ["hello 0", "keyframe 0"]


async def test_who_lags_gets_the_current_keyframe_and_no_second_hello() -> None:
    show = Show()
    assert show.viewer.take() is not None
    for number in range(20):
        show.happen(f"{number:0100d}")
        assert show.viewer.unsent <= BYTES_MAX
    await show.clock.advance(lag_ms_max - 1)
    show.happen("b")
    assert (show.viewer.end, show.viewer.take()) == (None, None)
    show.viewer.sent()
    assert show.kinds() == ["keyframe 21"]


async def test_who_lags_for_thirty_seconds_is_cut_off_as_too_slow() -> None:
    show = Show()
    assert show.viewer.take() is not None
    show.happen("x" * 2 * BYTES_MAX)
    await show.clock.advance(lag_ms_max)
    assert show.cuts == []
    show.viewer.tell(b"clock")
    assert [end.close for end in show.cuts] == [Close.TOO_SLOW]
    show.viewer.tell(b"clock")
    assert len(show.cuts) == 1


def test_what_the_layers_below_hold_counts_as_unsent() -> None:
    show = Show()
    show.written()
    show.below = BYTES_MAX
    show.happen("a")
    show.below = 0
    assert show.kinds() == ["keyframe 1"]


async def test_a_hidden_viewer_gets_a_keyframe_every_thirty_seconds_if_there_is_something_new() -> None:
    show = Show()
    show.written()
    show.viewer.show(Level.HIDDEN)
    await show.clock.advance(hidden_ms)
    show.viewer.tell(b'{"type":"clock"}')
    assert show.kinds() == ["clock"]
    show.happen("a")
    assert show.kinds() == ["keyframe 1"]
    await show.clock.advance(hidden_ms - 1)
    show.happen("b")
    assert show.kinds() == []
    await show.clock.advance(1)
    show.viewer.tell(b'{"type":"clock"}')
    assert show.kinds() == ["keyframe 2"]


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
    show.viewer.count(encode_viewers(1))
    show.viewer.count(encode_viewers(2))
    *_, last = show.written()
    assert last == {"type": "viewers", "count": 2}
    show.viewer.count(encode_viewers(3))
    assert show.kinds() == ["viewers"]


@pytest.mark.parametrize("below", [0, 10])
def test_closing_drops_what_is_queued_and_cuts_only_what_is_stuck(below: int) -> None:
    show = Show()
    show.written()
    show.happen("a")
    show.below = below
    show.viewer.close(End(close=Close.FORBIDDEN))
    show.viewer.close(End(close=Close.TOO_SLOW))
    assert show.viewer.end == End(close=Close.FORBIDDEN)
    assert show.kinds() == []
    assert len(show.cuts) == (below > 0)


def test_a_restart_comes_after_what_is_queued() -> None:
    show = Show()
    show.written()
    show.happen("a")
    show.viewer.restart(encode_restart(1_000))
    show.happen("b")
    assert show.kinds() == ["diff 1", "restart"]
    assert show.viewer.end == End(close=Close.RESTARTING)
    show.viewer.cut()
    assert show.cuts == [End(close=Close.RESTARTING)]
