"""What becomes of a chat when the provider refuses, breaks off, falls silent or talks nonsense."""

import asyncio
from pathlib import Path

import pytest

from server.errors import RateLimitedError
from server.kinds.chat import REFUSALS_MAX
from server.kinds.chat_asking import SILENCE_MS
from server.model import ExecutionState, Reason
from tests.fakes.clock import FakeClock
from tests.fakes.house import reached
from tests.fakes.listening import refusing
from tests.fakes.provider import (
    KEY,
    Exchange,
    Play,
    answer,
    cut,
    error,
    garbles,
    providing,
)
from tests.kinds.bodies import REAL_LIMIT_S, Listener, performed, result_of
from tests.kinds.chatting import FAILED, asked_once, asking, chatting


@pytest.mark.parametrize(
    ("play", "reason", "retryable", "words"),
    [
        (
            error(404, "The model `small` does not exist", code="model_not_found"),
            Reason.INVALID,
            False,
            "`small`",
        ),
        (error(400, "context too long", code="context_length_exceeded"), Reason.INVALID, False, "too long"),
        (error(403, f"no {KEY}"), Reason.INVALID, False, "does not allow"),
        (error(301), Reason.INVALID, False, "TENDESKS_CHAT_BASE_URL"),
        (error(402, "pay"), Reason.LIMIT, False, "no credit left (402): pay"),
        (error(429, "pay", code="insufficient_quota"), Reason.LIMIT, False, "no credit left (429): pay"),
        (error(429, "pay", kind="insufficient_quota"), Reason.LIMIT, False, "no credit left"),
        (error(408), Reason.UNREACHABLE, True, "(408)"),
        (error(500, f"it broke {KEY}"), Reason.UNREACHABLE, True, "could not answer (500): it broke …"),
        (error(503, retry_after="7"), Reason.UNREACHABLE, True, "(503)"),
    ],
)
async def test_errors_of_the_provider(
    tmp_path: Path, play: Play, reason: Reason, retryable: bool, words: str
) -> None:
    outcome, provider, listener = await asked_once(tmp_path, play)
    assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, reason, retryable)
    assert words in (outcome.message or "")
    assert len(provider.asked) == 1
    assert outcome.retry_after_ms == (7000 if "(503)" in words else None)
    assert KEY not in f"{outcome} {listener.told} {listener.text}"


async def test_a_wrong_key_halts_the_batch_and_is_not_told(tmp_path: Path) -> None:
    listener = Listener()
    async with providing() as provider, chatting(tmp_path, provider.base_url, "sk-wrong-canary") as kind:
        outcome = await performed(kind, asking(kind), listener)
    assert (outcome.state, outcome.reason, outcome.retryable, outcome.halts) == (
        FAILED,
        Reason.INVALID,
        False,
        True,
    )
    assert "TENDESKS_CHAT_API_KEY" in (outcome.message or "")
    assert "canary" not in f"{outcome} {listener.told} {listener.text}"


async def test_an_empty_account_halts_the_batch(tmp_path: Path) -> None:
    outcome, *_ = await asked_once(tmp_path, error(429, code="insufficient_quota"))
    assert (outcome.halts, outcome.retryable) == (True, False)


async def test_a_limit_is_learned_of_and_waited_for(tmp_path: Path) -> None:
    plays = (error(429, retry_after="2"), error(429, retry_after_ms="250"), error(429), answer(["Hi"]))
    async with providing(*plays) as provider, chatting(tmp_path, provider.base_url) as kind:
        listener = Listener()
        outcome = await performed(kind, asking(kind), listener)
    assert result_of(outcome) == {"text": "Hi"}
    told = [(what, value) for what, value in listener.told if what in {"turn", "learned"}]
    assert [what for what, _ in told] == ["turn", "learned"] * 4
    waits = [value[1].retry_ms for what, value in told if what == "learned"]
    assert waits == [2000, 250, 8000, None], "without a hint 2 s, doubled with each refusal"


async def test_a_limit_that_takes_too_long_puts_the_task_back(tmp_path: Path) -> None:
    async with (
        providing(error(429, retry_after="60")) as provider,
        chatting(tmp_path, provider.base_url) as kind,
    ):
        listener = Listener(turns=[0, None])
        with pytest.raises(RateLimitedError):
            await performed(kind, asking(kind), listener)
    assert len(provider.asked) == 1


async def test_a_provider_that_only_refuses_fails_the_attempt(tmp_path: Path) -> None:
    async with providing() as provider, chatting(tmp_path, provider.base_url) as kind:
        provider.usual = error(429, "slow down", retry_after="1")
        outcome = await performed(kind, asking(kind))
    assert (outcome.reason, outcome.retryable, outcome.retry_after_ms) == (Reason.LIMIT, True, 1000)
    assert len(provider.asked) == REFUSALS_MAX


async def test_the_limits_of_the_headers_are_learned(tmp_path: Path) -> None:
    clock = FakeClock()
    limits = {"requests_a_minute": 2, "tokens_a_minute": 600, "clock": clock}
    async with providing(**limits) as provider, chatting(tmp_path, provider.base_url) as kind:
        listener = Listener(clock)
        for _ in range(2):
            assert (await performed(kind, asking(kind), listener)).state is ExecutionState.DONE
        third = Listener(clock, turns=[0, 30_000])
        task = asyncio.ensure_future(kind.perform(asking(kind), third))
        await reached(lambda: [what for what, _ in third.told].count("turn") == 2)
        assert provider.refused == 1
        await clock.advance(30_000)
        assert result_of(await asyncio.wait_for(task, REAL_LIMIT_S))["text"] == "Hello, world."
    facts = [value[1] for what, value in listener.told if what == "learned"]
    assert [(fact.requests.limit, fact.requests.remaining, fact.requests.reset_ms) for fact in facts] == [
        (2, 1, 30_000),
        (2, 0, 60_000),
    ]
    assert third.told[1][1][1].retry_ms == 30_000
    assert (facts[0].tokens.limit, facts[0].tokens.remaining) == (600, 596)


async def says_nothing(exchange: Exchange) -> None:
    await exchange.start()
    await exchange.event(b"[DONE]")
    await exchange.end()


async def says_other_things(exchange: Exchange) -> None:
    await exchange.start()
    await exchange.event([1, 2])
    await exchange.end()


async def is_a_page(exchange: Exchange) -> None:
    await exchange.start(200, "text/html")
    await exchange.data(b"<html>Sign in to the network</html>", more=False)


async def is_endless(exchange: Exchange) -> None:
    await exchange.start()
    while not exchange.provider.hung_up.is_set():
        await exchange.data(b"data: " + b"x" * 65_536)
        await asyncio.sleep(0)


async def breaks_within(exchange: Exchange) -> None:
    await exchange.start()
    await exchange.chunk("Hel")
    await exchange.event({"error": {"message": "overloaded", "code": 503}})
    await exchange.end()


@pytest.mark.parametrize(
    ("play", "words"),
    [
        (cut, "broke off"),
        (answer(["Hel"], finish=None, done=False), "broke off before its end"),
        (says_nothing, "broke off before its end"),
        (garbles, "expected JSON"),
        (says_other_things, "expected a chat completion"),
        (is_a_page, "expected JSON"),
        (is_endless, "broke off"),
        (breaks_within, "could not answer (503): overloaded"),
    ],
)
async def test_broken_answers_may_be_tried_again(tmp_path: Path, play: Play, words: str) -> None:
    outcome, *_ = await asked_once(tmp_path, play)
    assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.UNREACHABLE, True)
    assert words in (outcome.message or "")


async def test_an_answer_is_whole_although_its_stream_is_not(tmp_path: Path) -> None:
    async def play(exchange: Exchange) -> None:
        await exchange.start()
        await exchange.chunk("Hi", finish="stop")

    outcome, *_ = await asked_once(tmp_path, play)
    assert result_of(outcome) == {"text": "Hi"}


async def test_a_limit_within_a_stream_is_waited_for_too(tmp_path: Path) -> None:
    async def play(exchange: Exchange) -> None:
        await exchange.start()
        await exchange.event({"error": {"message": "slow down", "type": "rate_limit_error"}})
        await exchange.end()

    outcome, provider, _ = await asked_once(tmp_path, play)
    assert result_of(outcome)["text"] == "Hello, world."
    assert len(provider.asked) == 2


async def test_a_provider_that_falls_silent_is_given_up(tmp_path: Path) -> None:
    said = asyncio.Event()

    async def play(exchange: Exchange) -> None:
        await exchange.start()
        await exchange.chunk("Hel\n")
        said.set()
        await asyncio.Event().wait()

    clock = FakeClock()
    async with providing(play) as provider, chatting(tmp_path, provider.base_url) as kind:
        listener = Listener(clock)
        task = asyncio.ensure_future(kind.perform(asking(kind), listener))
        await listener.heard("Hel")
        await clock.advance(SILENCE_MS - 1)
        assert not task.done()
        await clock.advance(1)
        outcome = await asyncio.wait_for(task, REAL_LIMIT_S)
        await asyncio.wait_for(provider.hung_up.wait(), REAL_LIMIT_S)
    assert (outcome.reason, outcome.retryable) == (Reason.UNREACHABLE, True)
    assert "said nothing for 5 min" in (outcome.message or "")


async def test_a_stream_that_does_not_end_after_done_is_left(tmp_path: Path) -> None:
    async def play(exchange: Exchange) -> None:
        await exchange.start()
        await exchange.chunk("Hi\n", finish="stop")
        await exchange.event(b"[DONE]")
        await asyncio.Event().wait()

    clock = FakeClock()
    async with providing(play) as provider, chatting(tmp_path, provider.base_url) as kind:
        listener = Listener(clock)
        task = asyncio.ensure_future(kind.perform(asking(kind), listener))
        await listener.heard("Hi")
        while not task.done():
            await clock.advance(1000)
        assert result_of(task.result()) == {"text": "Hi\n"}


async def test_cancelling_hangs_up(tmp_path: Path) -> None:
    async def play(exchange: Exchange) -> None:
        await exchange.start()
        await exchange.chunk("Hel\n")
        await asyncio.Event().wait()

    async with providing(play) as provider, chatting(tmp_path, provider.base_url) as kind:
        listener = Listener()
        task = asyncio.ensure_future(kind.perform(asking(kind), listener))
        await listener.heard("Hel")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(provider.hung_up.wait(), REAL_LIMIT_S)


async def test_nobody_there_may_be_there_later(tmp_path: Path) -> None:
    async with refusing() as port, chatting(tmp_path, f"http://127.0.0.1:{port}") as kind:
        outcome = await performed(kind, asking(kind))
    assert (outcome.reason, outcome.retryable) == (Reason.UNREACHABLE, True)
    assert f"127.0.0.1:{port} could not be reached" in (outcome.message or "")
