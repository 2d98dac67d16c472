"""Guests over real sockets: as many as a link has room for, only where it shares the office, and until it ends."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from server.clock import SystemClock
from server.errors import LinkEndedError
from server.gateway.close import Close
from server.model import Link, Role, Shared, View
from tests.fakes.house import OWNER, Served, Visitor, reached, served

LINK = Link(
    id="link1", shared=Shared.OFFICE, resource="office1", stretch=None, expires_ms=2**50, edition=0, viewers_max=2
)  # fmt: skip
GUEST = replace(OWNER, role=Role.GUEST, view=View.FIGURES, link=LINK)


@pytest.fixture
async def open_house(house: Served) -> Served:
    house.tokens |= {
        "link": GUEST,
        "recording": replace(GUEST, link=replace(LINK, shared=Shared.RECORDING, resource="r1")),
        "batch": replace(GUEST, link=replace(LINK, shared=Shared.BATCH, resource="b1")),
        "ended": LinkEndedError(),
        "expired": replace(GUEST, link=replace(LINK, expires_ms=5)),
    }
    return house


async def ended(visitor: Visitor) -> tuple[int, str]:
    code = await visitor.code()
    return code, visitor.connection.close_reason or ""


async def test_a_guest_is_told_so_and_sees_the_links_view(open_house: Served) -> None:
    async with open_house.enter(token="link", view="full", office="office1") as visitor:
        hello = await visitor.until("hello")
        assert (hello["role"], hello["view"]) == ("guest", "figures")
        assert open_house.audience.count("link1") == 1
    await reached(lambda: open_house.audience.count("link1") == 0)


async def test_a_link_has_so_many_places(open_house: Served) -> None:
    async with open_house.enter(token="link") as first, open_house.enter(token="link") as second:
        await first.until("hello")
        await second.until("hello")
        async with open_house.enter(token="link") as third:
            code, reason = await ended(third)
        assert code == Close.TOO_MANY
        assert reason.startswith("viewers_max: expected at most 2 viewers of this link at once")
        async with open_house.enter(token="owner") as owner:
            await owner.until("hello")
    await reached(lambda: open_house.audience.count("link1") == 0)
    async with open_house.enter(token="link") as visitor:
        await visitor.until("hello")


async def test_the_end_of_a_link_ends_its_sockets_and_no_others(open_house: Served) -> None:
    async with open_house.enter(token="link") as guest, open_house.enter(token="owner") as owner:
        await guest.until("keyframe")
        await owner.until("keyframe")
        open_house.audience.end("link1", below=1, until_ms=0)
        assert await ended(guest) == (Close.FORBIDDEN, "ended")
        await reached(lambda: open_house.hub.count("office1") == 1)
        assert owner.connection.close_code is None
        async with open_house.enter(token="link") as again:
            assert await ended(again) == (Close.FORBIDDEN, "ended")


@pytest.mark.parametrize("token", ["ended", "expired"])
async def test_a_grant_whose_link_has_ended_says_so(open_house: Served, token: str) -> None:
    async with open_house.enter(token=token) as visitor:
        assert await ended(visitor) == (Close.FORBIDDEN, "ended")


@pytest.mark.parametrize("token", ["recording", "batch"])
async def test_only_a_link_to_the_office_watches_it_live(open_house: Served, token: str) -> None:
    async with open_house.enter(token=token) as visitor:
        assert await visitor.code() == Close.FORBIDDEN
    assert open_house.audience.count("link1") == 0


async def test_a_guest_of_another_office_finds_none(open_house: Served) -> None:
    async with open_house.enter(token="link", office="office2") as visitor:
        assert await visitor.code() == Close.NOT_FOUND


@pytest.mark.parametrize(("origin", "code"), [("http://ours", None), ("http://evil", Close.FORBIDDEN)])
async def test_another_sites_page_may_not_use_a_grant(
    open_house: Served, origin: str, code: int | None
) -> None:
    open_house.origin = b"http://ours"
    async with open_house.visit(origin=origin) as visitor:
        await visitor.say(type="hello", token="link")
        if code is None:
            assert (await visitor.until("hello"))["role"] == "guest"
        else:
            assert await visitor.code() == code


@pytest.fixture
async def strict() -> AsyncIterator[Served]:
    async with served(SystemClock(), mode="hosted", failed_hellos_per_minute_max=2) as house:
        yield house


async def test_grants_of_links_that_ended_count_as_failed_hellos(strict: Served) -> None:
    strict.tokens["ended"] = LinkEndedError()
    codes: list[Any] = []
    for _ in range(3):
        async with strict.enter(token="ended") as visitor:
            codes.append(await visitor.code())
    assert codes == [Close.FORBIDDEN, Close.FORBIDDEN, Close.TOO_MANY]


async def test_a_socket_that_is_closed_while_its_office_wakes_stays_out(open_house: Served) -> None:
    woken: list[str] = []

    async def awake(name: str) -> None:
        woken.append(name)
        open_house.audience.end("link1", below=1, until_ms=0)

    open_house.ticker.awake = awake  # type: ignore[method-assign]
    async with open_house.enter(token="link") as visitor:
        with pytest.raises(ConnectionClosed):
            await visitor.hear()
        assert visitor.connection.close_code == Close.FORBIDDEN
    assert woken == ["office1"]
    assert open_house.hub.count("office1") == 0
