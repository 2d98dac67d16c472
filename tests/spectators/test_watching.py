"""Whoever looks at a replay or at results hears of the link's end, and is counted while they look."""

import asyncio
from dataclasses import replace

import pytest

from server.errors import LinkEndedError, TooManyError, UnavailableError
from server.model import Link, Shared
from server.spectators.audience import Audience
from server.spectators.watching import Watching
from tests.fakes.clock import START_MS, FakeClock

LINK = Link(
    id="a" * 19, shared=Shared.RECORDING, resource="recording1", stretch=None, expires_ms=START_MS + 100_000,
    edition=0, viewers_max=2,
)  # fmt: skip


class House:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.audience = Audience(self.clock)
        self.watching = Watching(self.audience, self.clock)
        self.left = asyncio.get_running_loop().create_future()

    async def ask(self, link: Link = LINK) -> "asyncio.Task[None]":
        asked = asyncio.ensure_future(self.watching.until_end(link, 25_000, self._gone))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return asked

    async def _gone(self) -> None:
        await asyncio.shield(self.left)


async def test_a_link_that_goes_on_is_told_after_a_while() -> None:
    house = House()
    asked = await house.ask()
    assert house.audience.count(LINK.id) == 1
    await house.clock.advance(24_999)
    assert not asked.done()
    await house.clock.advance(1)
    await asked
    assert house.audience.count(LINK.id) == 0


@pytest.mark.parametrize("how", ["revoked", "suspended", "expired"])
async def test_its_end_is_told_at_once(how: str) -> None:
    house = House()
    asked = await house.ask(LINK if how != "expired" else replace(LINK, expires_ms=START_MS + 1_000))
    if how == "revoked":
        house.audience.end(LINK.id, below=1, until_ms=START_MS)
    elif how == "suspended":
        house.audience.shut([LINK.id])
    else:
        await house.clock.advance(1_000)
    with pytest.raises(LinkEndedError):
        await asked
    with pytest.raises(LinkEndedError):
        await (await house.ask(replace(LINK, expires_ms=house.clock.now_ms() + (how != "expired"))))
    if how == "suspended":
        house.audience.open([LINK.id])
        assert not (await house.ask()).done()


async def test_who_leaves_is_counted_no_more() -> None:
    house = House()
    asked = await house.ask()
    house.left.set_result(None)
    await asked
    assert house.audience.count(LINK.id) == 0


async def test_no_more_look_than_the_plan_allows() -> None:
    house = House()
    asked = [await house.ask() for _ in range(2)]
    with pytest.raises(TooManyError, match="viewers_max: expected at most 2"):
        await (await house.ask())
    assert not any(one.done() for one in asked)


async def test_a_server_that_stops_keeps_nobody_waiting() -> None:
    house = House()
    asked = await house.ask()
    house.watching.stop()
    for one in (asked, await house.ask()):
        with pytest.raises(UnavailableError):
            await one
    assert house.audience.count(LINK.id) == 0
