import asyncio
import logging
from pathlib import Path

import orjson
import pytest

from server.errors import InvalidInputError
from server.kinds.chat import ChatKind
from server.model import RateFacts, Reason
from server.settings import Settings
from tests.fakes.provider import (
    KEY,
    MODEL,
    USAGE,
    Exchange,
    answer,
    cut,
    error,
    garbles,
    providing,
)
from tests.kinds.bodies import Listener, performed, result_of, work
from tests.kinds.chatting import FAILED, PROMPT, SCHEMA, asked_once, asking, chatting


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
