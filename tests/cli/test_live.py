import asyncio
from contextlib import asynccontextmanager, suppress
from typing import Any

from server.cli.api import Api
from server.cli.live import Live
from server.clock import Clock, SystemClock
from tests.cli.office import NOW_MS, TOKEN, FakeOffice, Served, state

HELLO = {
    "type": "hello",
    "office": "office1",
    "epoch": 7,
    "seq": 4,
    "now": NOW_MS,
    "hz": 10,
    "role": "owner",
    "view": "full",
}
KEYFRAME = {"type": "keyframe", "seq": 4, "tick": 40, "now": NOW_MS, "state": state()}


class EagerClock(SystemClock):
    """Real time, but nobody waits before connecting again."""

    async def sleep(self, delay_ms: int) -> None:
        await asyncio.sleep(0)


@asynccontextmanager
async def kept(server: Served, clock: Clock) -> Any:
    async with Api(server.address, clock) as api:
        live = Live(api, clock)
        keeping = asyncio.create_task(live.keep())
        try:
            yield live
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping


async def seen(live: Live, waiting: int) -> dict[str, Any]:
    """Wait until the office has so many waiting."""
    async with asyncio.timeout(60):
        while (now := live.state) is None or now["queue"]["waiting"] != waiting:
            live.changed.clear()
            await live.changed.wait()
    return now


def diff(seq: int, waiting: int) -> dict[str, Any]:
    return {"type": "diff", "seq": seq, "tick": seq * 10, "patch": {"queue": {"waiting": waiting}}}


async def test_the_socket_is_followed(office: FakeOffice, server: Served) -> None:
    office.messages = [[HELLO, KEYFRAME, diff(5, 2), diff(6, 1)]]
    async with kept(server, SystemClock()) as live:
        assert live.state is None
        assert live.age_ms is None
        await seen(live, 1)
        assert live.age_ms is not None
        assert abs(live.now_ms() - NOW_MS) < 60_000
    assert office.heard[0] == {"type": "hello", "token": TOKEN}


async def test_a_gap_brings_a_keyframe(office: FakeOffice, server: Served) -> None:
    office.messages = [[HELLO, KEYFRAME, diff(6, 2)], [HELLO, KEYFRAME, diff(5, 9)]]
    async with kept(server, EagerClock()) as live:
        await seen(live, 9)
    assert office.heard[1] == {"type": "hello", "token": TOKEN}


async def test_a_refused_socket_is_tried_again(office: FakeOffice, server: Served) -> None:
    async with kept(server, EagerClock()) as live:
        await live.changed.wait()
        assert live.state is None
        office.messages = [[HELLO, KEYFRAME]]
        assert (await seen(live, 3))["office"]["tier"] == "pro"


async def test_old_news_is_no_news(office: FakeOffice, server: Served) -> None:
    class Jumping(SystemClock):
        ahead_ms = 0

        def monotonic_ms(self) -> int:
            return super().monotonic_ms() + self.ahead_ms

    clock = Jumping()
    office.messages = [[HELLO, KEYFRAME]]
    async with kept(server, clock) as live:
        await seen(live, 3)
        clock.ahead_ms = 8_100
        assert live.state is None
