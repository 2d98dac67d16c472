"""Limits of an address and of an account over real sockets; a proxy that is trusted says which address it is."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.gateway.admission import refusals_told_max
from server.model import Role
from server.settings import Mode
from tests.fakes.clock import FakeClock
from tests.fakes.house import Served, Visitor, reached, served

pytestmark = pytest.mark.flow

NEAR, FAR = "198.51.100.1", "203.0.113.9"


@asynccontextmanager
async def house(**settings: Any) -> AsyncIterator[Served]:
    clock = FakeClock()
    async with served(clock, mode=Mode.HOSTED, **settings) as one:
        clock.settle = one.ticker.settled
        yield one


@asynccontextmanager
async def visit(one: Served, address: str = NEAR, token: str = "owner") -> AsyncIterator[Visitor]:
    async with one.visit(additional_headers={"X-Forwarded-For": address}) as visitor:
        with suppress(ConnectionClosed):  # it may have been refused already
            await visitor.say(type="hello", token=token)
        yield visitor


async def reason(visitor: Visitor) -> str:
    code = await visitor.code()
    return f"{code} {visitor.connection.close_reason}"


async def test_an_address_has_so_many_sockets_and_another_has_its_own() -> None:
    async with house(sockets_per_address_max=2) as one, AsyncExitStack() as stack:
        for _ in range(2):
            await (await stack.enter_async_context(visit(one))).until("keyframe")
        async with visit(one) as third:
            expected = "4429 sockets_per_address_max: expected at most 2 at once; close one first"
            assert await reason(third) == expected
        async with visit(one, FAR) as other:
            await other.until("keyframe")
        await stack.aclose()
        await reached(lambda: not one.hub._sockets)
        async with visit(one) as again:
            await again.until("keyframe")


async def test_handshakes_run_out_and_the_message_says_when_to_come_back() -> None:
    async with house(handshakes_per_minute_max=3) as one:
        for _ in range(3):
            async with visit(one) as visitor:
                await visitor.until("keyframe")
        async with visit(one) as fourth:
            said = await reason(fourth)
            assert said.startswith("4429 handshakes_per_minute_max: expected at most 3 a minute")
            assert said.endswith("come back in 20 s")
        await one.clock.advance(20_000)
        async with visit(one) as again:
            await again.until("keyframe")


async def test_whoever_guesses_tokens_is_soon_not_looked_up_any_more() -> None:
    async with house(failed_hellos_per_minute_max=5) as one:
        for number in range(5):
            async with visit(one, token=f"guess{number}") as visitor:
                assert await visitor.code() == 4401
        async with visit(one, token="owner") as sixth:
            assert "failed_hellos_per_minute_max" in await reason(sixth)
        async with visit(one, FAR) as other:
            await other.until("keyframe")
        await one.clock.advance(12_000)
        async with visit(one) as again:
            await again.until("keyframe")


async def test_an_account_has_so_many_sockets_wherever_from_and_guests_do_not_count() -> None:
    async with house(sockets_per_account_max=2) as one, AsyncExitStack() as stack:
        one.tokens["viewer"] = replace(one.tokens["owner"], role=Role.VIEWER, account="account2")
        for address in (NEAR, FAR):
            await (await stack.enter_async_context(visit(one, address))).until("keyframe")
        async with visit(one, "192.0.2.1") as third:
            expected = "4429 sockets_per_account_max: expected at most 2 at once; close one first"
            assert await reason(third) == expected
        for token in ("guest", "guest", "guest", "viewer"):
            await (await stack.enter_async_context(visit(one, token=token))).until("keyframe")


async def test_a_house_that_is_full_says_so() -> None:
    async with house(viewers_max=1) as one, visit(one) as first:
        await first.until("keyframe")
        async with visit(one, FAR) as second:
            assert await reason(second) == "4429 viewers_max: expected fewer sockets at once; come back later"


async def test_the_owner_of_a_house_of_his_own_is_never_locked_out() -> None:
    limits = {
        "sockets_per_address_max": 1,
        "handshakes_per_minute_max": 1,
        "failed_hellos_per_minute_max": 1,
        "sockets_per_account_max": 1,
    }
    async with served(FakeClock(), **limits) as one, AsyncExitStack() as stack:
        for _ in range(5):
            async with one.enter(token="wrong") as visitor:
                assert await visitor.code() == 4401
        for _ in range(5):
            await (await stack.enter_async_context(one.enter())).until("keyframe")
        async with visit(one, FAR) as stranger:
            await stranger.until("keyframe")
        async with visit(one, FAR) as stranger:
            assert "handshakes_per_minute_max" in await reason(stranger)


async def test_who_was_told_often_enough_gets_no_socket_any_more() -> None:
    async with house(handshakes_per_minute_max=1) as one:
        for _ in range(1 + refusals_told_max):
            async with visit(one):
                pass
        with pytest.raises(InvalidStatus, match="HTTP 403"):
            async with visit(one):
                pass
        async with visit(one, FAR) as other:
            await other.until("keyframe")
        await one.clock.advance(60_000)
        async with visit(one) as again:
            await again.until("keyframe")


async def test_a_refused_socket_takes_no_place() -> None:
    async with house(handshakes_per_minute_max=1) as one:
        async with visit(one) as first:
            await first.until("keyframe")
            for _ in range(20):
                async with visit(one) as refused:
                    with pytest.raises(ConnectionClosed):
                        await refused.connection.recv()
            await reached(lambda: len(one.hub._sockets) == 1)
        await reached(lambda: not one.hub._sockets and not one.connections)
