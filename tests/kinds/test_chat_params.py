from typing import Any

import orjson
import pytest

from server.errors import InvalidInputError
from server.kinds.chat_params import TEXT_CHARACTERS_MAX, body_of, checked, messages_of, tokens_of

PARAMS = {"prompt": "Say {word} in {{JSON}}.", "model": "small"}


def test_the_normal_form_has_what_was_given() -> None:
    assert checked(PARAMS, ["word"], hosted=False) == PARAMS
    full = {**PARAMS, "system": "You are {word}.", "schema": {"type": "object"}}
    assert checked(full, ["word"], hosted=True) == full
    assert checked(checked(full, ["word"], hosted=True), ["word"], hosted=True) == full
    assert checked({**PARAMS, "system": None, "schema": None}, ["word"], hosted=True) == PARAMS


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "prompt as a text, got none"),
        ({"prompt": "  ", "model": "m"}, "prompt as a text"),
        ({"prompt": ["x"], "model": "m"}, "prompt as a text, got list"),
        ({"prompt": "x" * (TEXT_CHARACTERS_MAX + 1), "model": "m"}, "text_characters_max"),
        ({"prompt": "{wrod}", "model": "m"}, "unknown field {wrod}"),
        ({"prompt": "{", "model": "m"}, "single {"),
        ({"prompt": "x"}, "model as the name of a model, got None"),
        ({"prompt": "x", "model": 3}, "model as the name of a model, got 3"),
        ({"prompt": "x", "model": "a\nb"}, "model as the name of a model"),
        ({"prompt": "x", "model": "m" * 201}, "model_characters_max"),
        ({"prompt": "x", "model": "m", "system": 1}, "system as a text, got int"),
        ({"prompt": "x", "model": "m", "system": "{wrod}"}, "unknown field {wrod}"),
        ({"prompt": "x", "model": "m", "schema": "x"}, "schema as a JSON Schema"),
        (
            {"prompt": "x", "model": "m", "temperature": 0},
            "prompt, model, system, schema, provider, got temperature",
        ),
    ],
)
def test_what_is_wrong_is_told(params: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        checked(params, ["word"], hosted=False)
    assert words in caught.value.detail


def test_a_request_is_made_of_params_and_fields() -> None:
    messages = messages_of({**PARAMS, "system": "{n}"}, {"word": "{hi}", "n": [1]})
    assert messages == [
        {"role": "system", "content": "[1]"},
        {"role": "user", "content": "Say {hi} in {JSON}."},
    ]
    assert tokens_of(messages) == 5
    body = orjson.loads(body_of(PARAMS, messages))
    assert body["messages"] == messages
    assert (body["stream"], "response_format" in body) == (True, False)
    schema = {"type": "object"}
    described = orjson.loads(body_of({**PARAMS, "schema": schema}, messages))["response_format"]
    assert described["json_schema"] == {"name": "answer", "schema": schema, "strict": False}


def test_a_field_that_is_missing_is_named() -> None:
    with pytest.raises(InvalidInputError, match=r"unknown field \{word\}"):
        messages_of(PARAMS, {})
