import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from server.errors import InvalidInputError, RateLimitedError
from server.kinds.chat import REFUSALS_MAX, ChatKind
from server.kinds.chat_asking import SILENCE_MS
from server.model import ExecutionState, Outcome, RateFacts, Reason, Work
from server.settings import Settings
from tests.fakes.clock import FakeClock
from tests.fakes.house import reached
from tests.fakes.listening import refusing
from tests.fakes.provider import KEY, MODEL, USAGE, Exchange, Play, Provider, answer, error, providing
from tests.kinds.bodies import REAL_LIMIT_S, Listener, work

FAILED = ExecutionState.FAILED
PROMPT = {"prompt": "Say hello to {name}.", "model": MODEL}
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
    "required": ["city", "people"],
    "additionalProperties": False,
}


@asynccontextmanager
async def chatting(
    folder: Path, base_url: str, key: str | None = KEY, **settings: Any
) -> AsyncIterator[ChatKind]:
    kind = ChatKind(Settings(data=folder, chat_base_url=base_url, chat_api_key=key, **settings))
    try:
        yield kind
    finally:
        await kind.aclose()


def asking(kind: ChatKind, params: dict[str, Any] | None = None, **changes: Any) -> Work:
    checked = kind.check({**PROMPT, **(params or {})}, ["name"])
    made = work(fields={"name": "Ada"}, kind="chat", **changes)
    object.__setattr__(made, "params", checked)
    return made


async def performed(kind: ChatKind, the_work: Work, listener: Listener | None = None) -> Outcome:
    return await asyncio.wait_for(kind.perform(the_work, listener or Listener()), REAL_LIMIT_S)


async def asked_once(
    folder: Path, play: Play, params: dict[str, Any] | None = None, **settings: Any
) -> tuple[Outcome, Provider, Listener]:
    """What becomes of one task when the provider plays so."""
    listener = Listener()
    async with providing(play) as provider, chatting(folder, provider.base_url, **settings) as kind:
        return await performed(kind, asking(kind, params), listener), provider, listener


def result_of(outcome: Outcome) -> Any:
    assert outcome.state is ExecutionState.DONE, outcome
    assert outcome.result is not None
    return orjson.loads(outcome.result)


async def test_a_task_from_its_prompt_to_its_result(tmp_path: Path) -> None:
    play = answer(["Hello,\n", "Ada", "."], usage=USAGE)
    outcome, provider, listener = await asked_once(tmp_path, play, {"system": "Be brief, {name}."})
    assert result_of(outcome) == {"text": "Hello,\nAda.", "input_tokens": 12, "output_tokens": 4}
    (asked,) = provider.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == {
        "model": MODEL,
        "messages": [
            {"role": "system", "content": "Be brief, Ada."},
            {"role": "user", "content": "Say hello to Ada."},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert "Hello,\nAda." in listener.text
    assert ("note", "4 tokens") in listener.told
    assert not [told for told in listener.told if told[0] == "progress"], (
        "of the first answers nothing is known"
    )
    kinds = [what for what, _ in listener.told]
    assert kinds[:2] == ["turn", "learned"]
    key, tokens = listener.told[0][1]
    assert (key, tokens) == (f"platform:127.0.0.1:{provider.port}", 7)
    assert listener.told[1][1] == (key, RateFacts())


async def test_progress_is_told_once_lengths_are_known(tmp_path: Path) -> None:
    async with providing() as provider, chatting(tmp_path, provider.base_url) as kind:
        provider.usual = answer(["word "] * 10)
        for _ in range(3):
            first = Listener()
            await performed(kind, asking(kind), first)
            assert not [told for told in first.told if told[0] == "progress"]
        provider.usual = answer(["word "] * 20)
        listener = Listener()
        await performed(kind, asking(kind), listener)
    permille = [value for what, value in listener.told if what == "progress"]
    assert permille == sorted(permille)
    assert permille[:2] == [153, 230]  # of 13 tokens by their characters, the mean of those before
    assert permille[-1] == 950, "longer than the others is not done for that"
    assert ("note", "about 2 tokens") in listener.told


async def test_a_schema_is_asked_for_and_kept(tmp_path: Path) -> None:
    play = answer(['{"city": "Paris",', ' "people": 2}'], usage=USAGE)
    outcome, provider, _ = await asked_once(tmp_path, play, {"schema": SCHEMA})
    assert result_of(outcome) == {"city": "Paris", "people": 2, "input_tokens": 12, "output_tokens": 4}
    assert provider.asked[0].body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True},
    }


@pytest.mark.parametrize(
    ("pieces", "finish", "words"),
    [
        (['{"city": "Paris"}'], "stop", "does not fit the schema: 'people' is a required property"),
        (['{"city": "Paris", "people": "2"}'], "stop", "people: '2' is not of type 'integer'"),
        (['{"city": '], "length", "expected JSON as the answer, but it was cut before its end"),
        (["Sure! Here it is"], "stop", "expected JSON as the answer, but it was something else: Sure!"),
    ],
)
async def test_an_answer_that_does_not_fit_may_be_tried_again(
    tmp_path: Path, pieces: list[str], finish: str, words: str
) -> None:
    outcome, *_ = await asked_once(tmp_path, answer(pieces, finish=finish), {"schema": SCHEMA})
    assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.INVALID, True)
    assert words in (outcome.message or "")


async def test_costs_are_told_where_prices_are_known(tmp_path: Path) -> None:
    prices = {MODEL: {"input": 2.0, "output": 10.0}}
    outcome, *_ = await asked_once(tmp_path, answer(usage=USAGE), chat_prices=prices)
    assert result_of(outcome)["cost"] == 0.000064
    outcome, *_ = await asked_once(tmp_path, answer(usage={**USAGE, "cost": 0.5}), chat_prices=prices)
    assert result_of(outcome)["cost"] == 0.5, "the provider knows best"


async def test_an_answer_that_is_cut_says_so(tmp_path: Path) -> None:
    outcome, *_ = await asked_once(tmp_path, answer(["Once upon"], finish="length"))
    assert result_of(outcome) == {"text": "Once upon", "cut": True}


async def test_thoughts_are_noted_and_are_no_text(tmp_path: Path) -> None:
    async def play(exchange: Exchange) -> None:
        await exchange.start()
        await exchange.chunk(reasoning_content="Let me think about it.")
        await exchange.chunk("Yes", finish="stop")
        await exchange.end()

    outcome, _, listener = await asked_once(tmp_path, play)
    assert result_of(outcome) == {"text": "Yes"}
    assert ("note", "thinking, about 6 tokens") in listener.told


@pytest.mark.parametrize("finish", ["stop", None])
async def test_done_or_a_reason_to_end_is_end_enough(tmp_path: Path, finish: str | None) -> None:
    outcome, *_ = await asked_once(tmp_path, answer(["Hi"], finish=finish, done=finish is None))
    assert result_of(outcome) == {"text": "Hi"}


async def test_a_provider_that_does_not_stream_is_understood(tmp_path: Path) -> None:
    async def play(exchange: Exchange) -> None:
        await exchange.start(200, "application/json; charset=utf-8")
        choice = {"message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
        await exchange.data(orjson.dumps({"choices": [choice], "usage": USAGE}), more=False)

    outcome, *_ = await asked_once(tmp_path, play)
    assert result_of(outcome) == {"text": "Hi", "input_tokens": 12, "output_tokens": 4}


async def test_refusals_and_filters_are_not_tried_again(tmp_path: Path) -> None:
    async def refuses(exchange: Exchange) -> None:
        await exchange.start()
        await exchange.chunk(refusal="I cannot do that.", finish="stop")
        await exchange.end()

    for play, words in ((refuses, "I cannot do that."), (answer(["So"], finish="content_filter"), "filter")):
        outcome, *_ = await asked_once(tmp_path, play)
        assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.INVALID, False)
        assert words in (outcome.message or "")


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


async def cut(exchange: Exchange) -> None:
    await exchange.start()
    await exchange.chunk("Hel")


async def says_nothing(exchange: Exchange) -> None:
    await exchange.start()
    await exchange.event(b"[DONE]")
    await exchange.end()


async def garbles(exchange: Exchange) -> None:
    await exchange.start()
    await exchange.event(b"{garbage")
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


async def test_an_answer_that_is_too_large_is_a_limit(tmp_path: Path) -> None:
    outcome, *_ = await asked_once(tmp_path, answer(["x" * 1000] * 100))
    assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.LIMIT, False)
    assert "result_bytes_max" in (outcome.message or "")


async def test_many_at_once_share_one_client(tmp_path: Path) -> None:
    count = 60
    together = asyncio.Event()

    async def play(exchange: Exchange) -> None:
        if exchange.provider.under_way == count:
            together.set()
        await together.wait()
        await answer(["Hi"])(exchange)

    async with providing() as provider, chatting(tmp_path, provider.base_url) as kind:
        provider.usual = play
        outcomes = await asyncio.gather(*(performed(kind, asking(kind)) for _ in range(count)))
    assert {result_of(outcome)["text"] for outcome in outcomes} == {"Hi"}
    assert provider.most == count


async def test_no_cookie_is_kept(tmp_path: Path) -> None:
    async with providing() as provider, chatting(tmp_path, provider.base_url) as kind:
        for _ in range(2):
            await performed(kind, asking(kind))
    assert [asked.headers.get("cookie") for asked in provider.asked] == [None, None]


async def test_the_key_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """All the ways in which it ends, with every logger at its most talkative."""
    caplog.set_level(logging.DEBUG)
    plays = (
        answer(usage=USAGE),
        error(400, KEY),
        error(500, KEY),
        cut,
        garbles,
        error(429, KEY, retry_after="1"),
    )
    async with providing(*plays) as provider, chatting(tmp_path, provider.base_url) as kind:
        listener = Listener()
        outcomes = [await performed(kind, asking(kind), listener) for _ in plays]
        params = asking(kind).params
        held = repr(vars(kind))
    assert [asked.headers["authorization"] for asked in provider.asked] == [f"Bearer {KEY}"] * len(
        provider.asked
    )
    for told in (outcomes, params, listener.told, listener.text, held, caplog.text):
        assert KEY not in str(told)


async def test_without_a_provider_nothing_is_taken_and_what_waits_goes_back(tmp_path: Path) -> None:
    kind = ChatKind(Settings(data=tmp_path))
    with pytest.raises(InvalidInputError, match="TENDESKS_CHAT_BASE_URL"):
        kind.check(PROMPT, ["name"])
    outcome = await performed(kind, work(params=PROMPT))
    assert (outcome.state, outcome.halts, outcome.retryable) == (FAILED, True, False)
    assert "TENDESKS_CHAT_BASE_URL" in (outcome.message or "")
