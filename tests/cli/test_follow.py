import pytest

from server.cli.address import Address
from server.cli.api import Api
from server.cli.exits import NoServerError
from server.cli.follow import PATIENCE_MS, Follow, Sight
from server.clock import SystemClock
from tests.cli.office import NOW_MS, TOKEN, FakeOffice, QuickClock, Served, batch, quick_clock, state
from tests.cli.test_live import HELLO, KEYFRAME

ID = "b1aaaaaaaaaa"
NOBODY = Address(url="http://127.0.0.1:9", token=TOKEN)


async def followed(server: Served, every_ms: int = 250) -> list[Sight]:
    clock = quick_clock()
    async with Api(server.address, clock) as api:
        return [sight async for sight in Follow(api, clock, ID).sights(every_ms)]


async def test_without_the_socket_the_batch_is_asked_for_once_a_second(
    office: FakeOffice, server: Served
) -> None:
    office.course = [batch(done=number) for number in range(3)] + [batch(state="done", done=4, running=0)]
    sights = await followed(server)
    assert [sight.figures.done for sight in sights if sight.figures.ended] == [4]
    assert sorted({sight.figures.done for sight in sights}) == [0, 1, 2, 4]
    assert len(office.requests("GET", f"/batches/{ID}")) == 4


async def test_a_batch_that_has_ended_already_is_seen_once(server: Served) -> None:
    [sight] = await followed(server)
    assert sight.figures.ended
    assert sight.office is None


async def test_a_cancelled_batch_is_followed_until_nothing_runs(office: FakeOffice, server: Served) -> None:
    cancelled = batch(state="cancelled", cancelled=3, running=1)
    office.course = [cancelled, cancelled, batch(state="cancelled", cancelled=4, running=0)]
    sights = await followed(server, 1_000)
    assert [sight.figures.running for sight in sights] == [1, 1, 0]


async def test_over_the_socket_an_end_is_known_at_once_and_asked_for(
    office: FakeOffice, server: Served
) -> None:
    live = {
        "name": "companies.csv",
        "state": "running",
        "total": 4,
        "done": 3,
        "failed": 0,
        "running": 1,
        "order": 0,
    }
    keyframe = KEYFRAME | {"state": state(batches={ID: live})}
    ended = {"batches": {ID: {"state": "done", "done": 4, "running": 0}}}
    office.course = [batch(), batch(state="done", done=4, running=0)]
    office.messages = [[HELLO, keyframe, {"type": "diff", "seq": 5, "tick": 50, "patch": ended}]]
    clock = SystemClock()
    async with Api(server.address, clock) as api:
        sights = [sight async for sight in Follow(api, clock, ID).sights(20)]
    assert sights[-1].figures.ended
    assert sights[-1].office is not None
    assert abs(sights[-1].now_ms - NOW_MS) < 60_000
    assert len(office.requests("GET", f"/batches/{ID}")) == 2


async def test_a_server_that_is_away_for_a_while_is_waited_for(office: FakeOffice, server: Served) -> None:
    office.course = [batch(), batch(done=1), batch(state="done", done=4, running=0)]
    addresses = [server.address]
    clock = QuickClock(NOW_MS)
    async with Api(server.address, clock, relocate=lambda: addresses[0]) as api:
        sights = []
        async for sight in Follow(api, clock, ID).sights(1_000):
            sights.append(sight)
            if len(sights) == 1:
                addresses = [NOBODY]
                api.look_again()
            if len(sights) == 4:
                addresses = [server.address]
    assert sights[3].away_ms is not None
    assert (sights[-1].figures.done, sights[-1].away_ms) == (4, None)


async def test_patience_with_a_server_that_is_away_has_an_end(office: FakeOffice, server: Served) -> None:
    office.course = [batch()]
    clock = QuickClock(NOW_MS)
    async with Api(server.address, clock, relocate=lambda: NOBODY) as api:
        with pytest.raises(NoServerError):
            async for _ in Follow(api, clock, ID).sights(10_000):
                api.look_again()
    assert clock.now_ms() - NOW_MS > PATIENCE_MS
