from typing import Any

import orjson
import pytest

from server.errors import LimitExceededError
from server.kinds.chat_result import Usage, result_of, text_fields, usage_of, value_fields, value_of, words_of
from server.settings import Price
from server.sheets.columns import Columns

SAID = {"prompt_tokens": 1000, "completion_tokens": 200, "prompt_tokens_details": {"cached_tokens": 400}}


def made(fields: dict[str, Any], usage: Usage, *, cut: bool = False) -> Any:
    return orjson.loads(result_of(fields, usage, cut=cut, bytes_max=1000))


@pytest.mark.parametrize(
    ("said", "price", "usage"),
    [
        ({}, None, Usage()),
        ({}, Price(input=1, output=1), Usage()),
        (SAID, None, Usage(input=1000, output=200)),
        (SAID, Price(input=2, output=10), Usage(input=1000, output=200, cost=0.004)),
        (SAID, Price(input=2, output=10, cached=0.5), Usage(input=1000, output=200, cost=0.0034)),
        ({**SAID, "cost": 0.1}, Price(input=2, output=10), Usage(input=1000, output=200, cost=0.1)),
        ({"prompt_tokens": 5, "cost": True}, Price(input=2, output=10), Usage(input=5)),
        ({"prompt_tokens": -1, "completion_tokens": "x", "cost": "1"}, None, Usage()),
        ({"prompt_tokens": 2.5, "cost": float("nan"), "prompt_tokens_details": 3}, None, Usage()),
    ],
)
def test_usage_is_what_is_known(said: dict[str, Any], price: Price | None, usage: Usage) -> None:
    assert usage_of(said, price) == usage


def test_a_text_and_what_it_took() -> None:
    assert made(text_fields("a\x00b\ud800"), Usage(input=1, output=2, cost=0.5)) == {
        "text": "ab", "input_tokens": 1, "output_tokens": 2, "cost": 0.5,
    }  # fmt: skip
    assert made(text_fields("a"), Usage(), cut=True) == {"text": "a", "cut": True}


def test_an_answers_own_fields_keep_their_names() -> None:
    assert made(value_fields({"cost": "high", "usage_cost": 1}), Usage(cost=0.5)) == {
        "cost": "high", "usage_cost": 1, "usage_usage_cost": 0.5,
    }  # fmt: skip
    assert made(value_fields([1, 2]), Usage(input=1)) == {"answer": [1, 2], "input_tokens": 1}
    assert made(value_fields(None), Usage()) == {"answer": None}


def test_each_of_it_is_a_column() -> None:
    columns = Columns()
    result = made(value_fields({"city": "Paris"}), Usage(input=1, output=2, cost=0.5))
    columns.see(None, {"name": "x"}, result)
    assert columns.names()[-4:] == ["city", "input_tokens", "output_tokens", "cost"]
    assert columns.row(["t", "done", 1, None], None, {"name": "x"}, result)[-4:] == ["Paris", "1", "2", "0.5"]


def test_a_result_that_is_too_large_is_a_limit() -> None:
    with pytest.raises(LimitExceededError, match="result_bytes_max"):
        made(text_fields("\x01" * 200), Usage())


@pytest.mark.parametrize(
    ("text", "value"),
    [('{"a": 1}', {"a": 1}), (" [1]\n", [1]), ('```json\n{"a": 1}\n```', {"a": 1}), ("```\n1\n```\n", 1)],
)
def test_json_is_read_in_a_fence_or_without(text: str, value: Any) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text", ["", "Sure!", '{"a": 1} and more', "```json\n```", '{"a": NaN}', "'a'", "\ud800"]
)
def test_all_else_is_no_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        value_of(text)


def test_usage_in_words() -> None:
    assert words_of(Usage(input=1200, output=3, cost=0.00012)) == "1,200 tokens in, 3 tokens out, $0.00012"
    assert words_of(Usage()) == ""
