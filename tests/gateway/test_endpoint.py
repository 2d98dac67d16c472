"""Over real sockets: who is let in, how each code comes about, and what follows the hello."""

import asyncio
from typing import Any

import json_merge_patch
import pytest
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from server.errors import ForbiddenError, NotFoundError, UnavailableError
from server.gateway.close import Close, End
from server.gateway.protocol import Level
from server.gateway.session import hello_ms_max, messages_burst_max
from server.ticker.stream import Stream
from tests.fakes.clock import FakeClock
from tests.fakes.house import OWNER, Served, reached, served
from tests.fakes.offices import started


async def test_hello_is_answered_by_hello_keyframe_and_viewers(house: Served) -> None:
    async with house.enter() as visitor:
        hello, keyframe, viewers = [await visitor.hear() for _ in range(3)]
    assert visitor.connection.subprotocol == "tendesks.v1"
    assert hello | {"now": 0} == {
        "type": "hello", "office": "office1", "epoch": 1, "seq": 0, "now": 0, "hz": 10, "role": "owner",
        "view": "full",
    }  # fmt: skip
    assert (keyframe["type"], keyframe["seq"]) == ("keyframe", 0)
    assert keyframe["state"] == (await house.ticker.keyframe("office1", OWNER.view)).state
    assert viewers == {"type": "viewers", "count": 1}


async def test_a_change_arrives_as_a_diff(house: Served) -> None:
    async with house.enter() as visitor:
        state = (await visitor.until("keyframe"))["state"]
        house.offices.happen("office1", started(1, house.clock.now_ms()))
        diff = await visitor.until("diff")
    state = json_merge_patch.merge(state, diff["patch"])
    assert diff["seq"] == 1
    assert state == (await house.ticker.keyframe("office1", OWNER.view)).state


async def test_a_guest_sees_its_view_and_a_member_may_ask_for_less(house: Served) -> None:
    house.offices.happen("office1", started(1, house.clock.now_ms(), title="a secret"))
    for token, asked, view in [("guest", "full", "batches"), ("owner", "figures", "figures")]:
        async with house.enter(token=token, view=asked) as visitor:
            hello, keyframe = await visitor.hear(), await visitor.hear()
        assert hello["view"] == view
        assert "secret" not in str(keyframe)


async def test_a_cookie_counts_when_the_page_is_ours(house: Served) -> None:
    house.cookie, house.origin = OWNER, b"http://ours"
    async with house.visit(origin="http://ours") as visitor:
        await visitor.say(type="hello")
        assert (await visitor.hear())["role"] == "owner"
    async with house.visit(origin="http://theirs") as visitor:
        await visitor.say(type="hello")
        assert await visitor.code() == Close.FORBIDDEN


async def test_a_token_wins_over_the_cookie_and_needs_no_origin(house: Served) -> None:
    house.cookie = OWNER
    async with house.enter(token="guest") as visitor:
        assert (await visitor.hear())["role"] == "guest"
    async with house.enter(token="wrong") as visitor:
        assert await visitor.code() == Close.NOT_AUTHENTICATED


async def closes_with(house: Served, *messages: Any) -> int:
    async with house.visit() as visitor:
        for message in messages:
            await visitor.connection.send(message)
        return await visitor.code()


HELLO = '{"type":"hello","token":"owner"}'


@pytest.mark.parametrize(
    ("messages", "close"),
    [
        (['{"type":"hello","token":"wrong"}'], Close.NOT_AUTHENTICATED),
        (['{"type":"hello"}'], Close.NOT_AUTHENTICATED),
        (['{"type":"hello","token":"owner","office":"office2"}'], Close.NOT_FOUND),
        (["no json"], Close.BAD_MESSAGE),
        ([b"{}"], Close.BAD_MESSAGE),
        (['{"type":"ack","seq":0}'], Close.BAD_MESSAGE),
        ([HELLO, '{"type":"shout"}'], Close.BAD_MESSAGE),
        ([HELLO, HELLO], Close.BAD_MESSAGE),
        ([HELLO, "x" * (64 * 1024 + 1)], Close.BAD_MESSAGE),
        (["x" * (64 * 1024 + 1)], Close.BAD_MESSAGE),
        ([HELLO, *['{"type":"ack","seq":0}'] * messages_burst_max], Close.TOO_MANY),
    ],
    ids=[
        "wrong token", "no token", "another office", "no JSON", "binary", "no hello", "unknown type",
        "two hellos", "too long", "too long a hello", "a flood",
    ],
)  # fmt: skip
async def test_codes_that_a_client_brings_about(house: Served, messages: list[Any], close: Close) -> None:
    assert await closes_with(house, *messages) == close


async def test_a_message_of_exactly_the_limit_is_read(house: Served) -> None:
    hello = HELLO + " " * (64 * 1024 - len(HELLO))
    async with house.visit() as visitor:
        await visitor.connection.send(hello)
        assert (await visitor.hear())["type"] == "hello"


async def test_a_message_of_more_than_twice_the_limit_is_not_even_read(house: Served) -> None:
    assert await closes_with(house, HELLO, "x" * (128 * 1024 + 1)) == CloseCode.MESSAGE_TOO_BIG


@pytest.mark.parametrize("offered", [None, ["tendesks.v2"]])
async def test_without_our_subprotocol_the_socket_opens_and_says_why_it_closes(
    house: Served, offered: Any
) -> None:
    async with house.visit(subprotocols=offered) as visitor:
        assert await visitor.code() == Close.UNSUPPORTED


@pytest.mark.parametrize(
    ("error", "close"),
    [
        (ForbiddenError("revoked"), Close.FORBIDDEN),
        (NotFoundError("gone"), Close.NOT_FOUND),
        (UnavailableError("starting"), Close.INTERNAL),
        (ValueError("a defect"), Close.INTERNAL),
    ],
)
async def test_codes_for_what_goes_wrong_behind(house: Served, error: Exception, close: Close) -> None:
    house.tokens["owner"] = error
    with capture_logs() as logs:
        assert await closes_with(house, HELLO) == close
    assert len(logs) == (close is Close.INTERNAL)


async def test_an_office_that_is_not_there(house: Served) -> None:
    house.offices.epochs.clear()
    assert await closes_with(house, HELLO) == Close.NOT_FOUND


async def test_no_hello_within_five_seconds(way: Any) -> None:
    clock = FakeClock()
    async with served(clock, options=way) as house, house.visit() as silent, house.enter() as visitor:
        await visitor.until("viewers")
        await clock.advance(hello_ms_max)
        assert await silent.code() == Close.NOT_AUTHENTICATED
        await visitor.say(type="ack", seq=0)
        await clock.advance(3_000)
        assert (await visitor.until("clock"))["seq"] == 0


async def test_more_sockets_than_allowed(way: Any) -> None:
    async with served(options=way, viewers_max=2) as house, house.enter() as one, house.visit() as silent:
        await one.until("viewers")
        async with house.visit() as third:
            assert await third.code() == Close.TOO_MANY
        await silent.connection.close()
        await reached(lambda: len(house.hub._sockets) == 1)
        async with house.enter() as again:
            assert (await again.hear())["type"] == "hello"


async def test_who_is_dismissed_is_closed_and_the_others_stay(house: Served) -> None:
    async with house.enter() as owner, house.enter(token="guest") as guest:
        await owner.until("keyframe")
        await guest.until("keyframe")
        house.hub.close("office1", End(close=Close.FORBIDDEN), lambda identity: identity != OWNER)
        assert await guest.code() == Close.FORBIDDEN
        house.offices.happen("office1", started(1, house.clock.now_ms()))
        assert (await owner.until("diff"))["seq"] == 1


async def test_a_planned_stop_says_when_to_come_back_and_closes_with_restarting(house: Served) -> None:
    async with house.enter() as visitor, house.visit() as silent:
        await visitor.until("viewers")
        stopping = asyncio.create_task(house.hub.stop(grace_ms=5_000))
        assert await visitor.hear() == {"type": "restart", "retry": 3_000}
        assert await visitor.code() == await silent.code() == Close.RESTARTING
        await stopping
        async with house.visit() as late:
            assert await late.code() == Close.RESTARTING


async def test_a_viewer_that_comes_back_resumes_exactly_where_it_was(house: Served) -> None:
    async with house.enter() as visitor:
        epoch = (await visitor.hear())["epoch"]
        state = (await visitor.until("keyframe"))["state"]
        house.offices.happen("office1", started(1, house.clock.now_ms()))
        state = json_merge_patch.merge(state, (await visitor.until("diff"))["patch"])
    async with house.enter() as other:
        await other.until("keyframe")
        for number in (2, 3):
            house.offices.happen("office1", started(number, house.clock.now_ms()))
            await other.until("diff")
        async with house.enter(epoch=epoch, view="full", seq=1) as visitor:
            await visitor.until("hello")
            assert await visitor.hear() == {"type": "resumed", "from": 1, "to": 3}
            house.offices.happen("office1", started(4, house.clock.now_ms()))
            diffs = [await visitor.until("diff") for _ in range(3)]
    assert [diff["seq"] for diff in diffs] == [2, 3, 4]
    for diff in diffs:
        state = json_merge_patch.merge(state, diff["patch"])
    assert state == (await house.ticker.keyframe("office1", OWNER.view)).state


async def test_a_hidden_viewer_gets_no_diffs_and_a_keyframe_when_it_is_seen_again(house: Served) -> None:
    async with house.enter() as hidden, house.enter() as other:
        await hidden.until("keyframe")
        await other.until("keyframe")
        await hidden.say(type="level", value="hidden")
        await reached(lambda: any(viewer._level is Level.HIDDEN for viewer in house.hub._sockets))
        house.offices.happen("office1", started(1, house.clock.now_ms()))
        await other.until("diff")
        await hidden.say(type="level", value="full")
        while (frame := await hidden.hear())["type"] not in {"keyframe", "diff"}:
            pass
    assert (frame["type"], frame["seq"], frame["state"]["office"]["running"]) == ("keyframe", 1, 1)


async def test_a_defect_in_what_is_written_ends_that_socket_and_is_logged(
    house: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_stream: Stream) -> bytes:
        raise AssertionError("a keyframe that is too long")

    monkeypatch.setattr(Stream, "keyframe", fail)
    with capture_logs() as logs:
        async with house.enter() as visitor:
            assert await visitor.code() == Close.INTERNAL
        await reached(lambda: not house.hub._sockets)
    assert [entry["event"] for entry in logs] == ["a viewer could not be written to"]


async def test_who_is_gone_before_the_office_woke_does_not_enter_it(house: Served) -> None:
    waking = asyncio.Event()
    raise_epoch = house.offices.raise_epoch

    async def slow(office: str) -> int:
        await waking.wait()
        return await raise_epoch(office)

    house.ticker._raise_epoch = slow
    async with house.enter() as visitor:
        await reached(lambda: bool(house.ticker._beginning))
        stopping = asyncio.create_task(house.hub.stop(grace_ms=5_000))
        assert await visitor.until("restart") == {"type": "restart", "retry": 3_000}
        assert await visitor.code() == Close.RESTARTING
    waking.set()
    await stopping
    assert house.hub.count("office1") == 0
    assert house.ticker._offices["office1"]._watchers == {}


async def test_sockets_that_are_gone_leave_nothing_behind(house: Served) -> None:
    for _ in range(5):
        async with house.enter() as visitor:
            await visitor.until("keyframe")
    async with house.enter() as visitor:
        await visitor.until("keyframe")
        visitor.connection.transport.abort()
        with pytest.raises(ConnectionClosed):
            await visitor.until("never")
    await reached(lambda: not house.hub._sockets)
    assert (house.hub.count("office1"), house.hub._viewers, house.hub._counts) == (0, {}, {})
    assert house.ticker._offices["office1"]._watchers == {OWNER.view: 0}
