import asyncio
from dataclasses import replace

from server.gateway.close import Close, End
from server.gateway.hub import count_ms_least
from server.gateway.session import Enter
from server.gateway.viewer import Viewer
from server.model import Role, View
from tests.fakes.house import OWNER, House
from tests.fakes.line import FakeLine
from tests.fakes.offices import started


class Guest(Viewer):
    """A viewer whose line is the test's."""

    def __init__(self, house: House) -> None:
        self.line = FakeLine()
        super().__init__(clock=house.clock, line=self.line, tally=house.hub.tally, outbox_bytes_max=64 * 1024)

    def read(self) -> list[bytes]:
        return self.line.read()

    def counts(self) -> list[bytes]:
        return [message for message in self.read() if b'"viewers"' in message]


async def enter(house: House, view: View = View.FULL, account: str = "account1") -> Guest:
    guest = Guest(house)
    await house.ticker.awake("office1")
    assert house.hub.admit(guest)
    identity = replace(OWNER, account=account)
    house.hub.enter(
        guest,
        house.ticker.join("office1", view),
        Enter(identity=identity, office="office1", role=Role.OWNER, view=view, held=None),
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
