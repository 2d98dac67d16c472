import asyncio
from dataclasses import replace

import orjson
import pytest

from server.gateway.close import Close, End
from server.gateway.framing import framed, payload
from server.gateway.hub import count_ms_least
from server.gateway.session import Enter
from server.gateway.viewer import Viewer
from server.model import Role, View
from server.ticker import stream
from server.ticker.messages import Held, encode_keyframe
from tests.fakes.house import OWNER, House
from tests.fakes.line import FakeLine
from tests.fakes.offices import started


class Guest(Viewer):
    """A viewer whose line is the test's."""

    def __init__(self, house: House) -> None:
        self.line = FakeLine()
        self.heard: list[bytes] = []
        super().__init__(
            clock=house.clock, line=self.line, counters=house.hub.counters, outbox_bytes_max=64 * 1024
        )

    def read(self) -> list[bytes]:
        read = self.line.read()
        self.heard += read
        return read

    def counts(self) -> list[bytes]:
        return [message for message in self.read() if b'"viewers"' in message]


async def enter(
    house: House, view: View = View.FULL, account: str = "account1", held: Held | None = None
) -> Guest:
    guest = Guest(house)
    await house.ticker.awake("office1")
    assert house.hub.admit(guest)
    identity = replace(OWNER, account=account)
    house.hub.enter(
        guest,
        house.ticker.join("office1", view),
        Enter(identity=identity, office="office1", role=Role.OWNER, view=view, held=held),
    )
    return guest


async def test_the_same_bytes_go_to_every_viewer_of_a_stream_and_to_no_other(quiet: House) -> None:
    one, two, figures = await enter(quiet), await enter(quiet), await enter(quiet, View.FIGURES)
    for guest in (one, two, figures):
        guest.read()
        guest.line.wide = True
    quiet.offices.happen("office1", started(1, quiet.clock.now_ms(), title="a secret"))
    await quiet.clock.advance(100)
    (first,), (second,), (third,) = one.line.messages, two.line.messages, figures.line.messages
    assert first is second
    assert b"secret" in first
    assert b"secret" not in third


async def test_a_new_epoch_reaches_all_viewers(quiet: House) -> None:
    one = await enter(quiet)
    one.read()
    quiet.clock.set_wall(quiet.clock.now_ms() + 60_000)
    await quiet.clock.advance(3_000)
    hello, keyframe = one.read()
    assert b'"epoch":2' in hello
    assert b'"seq":0' in keyframe


async def test_the_number_of_viewers_is_told_at_once_and_then_at_most_every_five_seconds(
    quiet: House,
) -> None:
    one = await enter(quiet)
    assert one.counts() == [b'{"type":"viewers","count":1}']
    two = await enter(quiet, View.FIGURES)
    await enter(quiet)
    await quiet.clock.advance(count_ms_least - 1)
    assert (one.counts(), two.counts()) == ([], [])
    await quiet.clock.advance(1)
    assert one.counts() == two.counts() == [b'{"type":"viewers","count":3}']
    await quiet.clock.advance(60_000)
    quiet.hub.leave(two)
    assert one.counts() == [b'{"type":"viewers","count":2}']


async def test_an_empty_office_is_forgotten_with_its_timers(quiet: House) -> None:
    one, two = await enter(quiet), await enter(quiet)
    quiet.hub.leave(one)
    quiet.hub.leave(two)
    assert (quiet.hub.count("office1"), quiet.hub._viewers, quiet.hub._counts) == (0, {}, {})


async def test_closing_an_office_ends_those_who_are_meant(quiet: House) -> None:
    one, two = await enter(quiet), await enter(quiet, account="account2")
    quiet.hub.close("office1", End(close=Close.FORBIDDEN), lambda who: who.account == "account2")
    assert (one.end, two.end) == (None, End(close=Close.FORBIDDEN))
    quiet.hub.close("office1", End(close=Close.NOT_FOUND))
    assert one.end == End(close=Close.NOT_FOUND)
    quiet.hub.close("office2", End(close=Close.NOT_FOUND))


async def test_a_stop_waits_for_all_to_leave(quiet: House) -> None:
    one, two = await enter(quiet), await enter(quiet)
    one.read()
    stopping = asyncio.create_task(quiet.hub.stop(grace_ms=5_000))
    await asyncio.sleep(0)
    assert one.read() == [b'{"type":"restart","retry":3000}']
    quiet.hub.leave(one)
    await quiet.clock.advance(4_999)
    assert not stopping.done()
    quiet.hub.leave(two)
    await stopping
    assert one.line.ends == [End(close=Close.RESTARTING)]
    assert two.line.ends == []


async def test_a_stop_cuts_off_who_has_not_left_in_time(quiet: House) -> None:
    one = await enter(quiet)
    stopping = asyncio.create_task(quiet.hub.stop(grace_ms=5_000))
    await asyncio.sleep(0)
    await quiet.clock.advance(5_000)
    await stopping
    assert one.line.ends == [End(close=Close.RESTARTING)]


async def test_a_stop_without_anybody_is_over_at_once(quiet: House) -> None:
    await quiet.hub.stop(grace_ms=5_000)
    assert quiet.hub.stopping


async def test_a_storm_of_five_thousand_is_given_one_keyframe_made_once(
    quiet: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bytes] = []
    monkeypatch.setattr(
        stream, "encode_keyframe", lambda frame: made.append(encode_keyframe(frame)) or made[-1]
    )
    framed.cache_clear()
    guests = [await enter(quiet) for _ in range(5_000)]
    keyframes = [message for guest in guests for message in guest.line.messages if b'"keyframe"' in message]
    assert (len(keyframes), len(made)) == (5_000, 1)
    assert all(keyframe is keyframes[0] for keyframe in keyframes)
    assert framed.cache_info().misses == 3  # hello, keyframe, viewers


async def test_a_storm_that_comes_back_resumes_exactly_once_with_the_same_bytes(quiet: House) -> None:
    first = await enter(quiet)
    first.read()
    for number in range(1, 5):
        quiet.offices.happen("office1", started(number, quiet.clock.now_ms()))
        await quiet.clock.advance(100)
        first.read()
    guests = [await enter(quiet, held=Held(epoch=1, view=View.FULL, seq=1)) for _ in range(1_000)]
    seqs = [[orjson.loads(payload(one)).get("seq") for one in guest.line.messages] for guest in guests]
    assert seqs == [[4, None, 2, 3, 4]] * 1_000
    assert all(guest.line.messages[2] is guests[0].line.messages[2] for guest in guests)
    assert quiet.hub.figures().resumed_total == 1_000


async def test_the_figures_say_what_was_done(quiet: House) -> None:
    one, two, other = await enter(quiet), await enter(quiet), await enter(quiet, View.FIGURES)
    for guest in (one, two, other):
        guest.read()
    quiet.offices.happen("office1", started(1, quiet.clock.now_ms()))
    await quiet.clock.advance(100)
    figures = quiet.hub.figures()
    assert figures.viewers == {View.FULL: 2, View.TITLES: 0, View.BATCHES: 0, View.FIGURES: 1}
    assert (figures.sockets, figures.lagging, figures.deliveries_total) == (3, 0, 3)
    written = sum(len(framed(message)) for guest in (one, two, other) for message in guest.heard)
    unread = sum(len(message) for guest in (one, two, other) for message in guest.line.messages)
    assert figures.bytes_total == written + unread
