import subprocess
import sys
import warnings
from typing import Any

import pytest

from server.errors import InvalidInputError, LimitExceededError
from server.kinds.chat_schema import (
    REFERENCES_MAX,
    SCHEMA_BYTES_MAX,
    SCHEMA_DEPTH_MAX,
    check,
    is_strict,
    problem,
)

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
}
STRICT = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "in full"},
        "born": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "friends": {"type": "array", "items": {"$ref": "#/$defs/friend"}},
    },
    "required": ["name", "born", "friends"],
    "additionalProperties": False,
    "$defs": {
        "friend": {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
            "additionalProperties": False,
        }
    },
}


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"not": schema}
    return schema


@pytest.mark.parametrize(
    "schema",
    [PERSON, STRICT, {}, {"type": ["string", "null"]}, {"properties": {"pattern": {"type": "string"}}},
     {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}, "$ref": "#/definitions/a"},
     {"properties": {"next": {"$ref": "#"}}}, nested(SCHEMA_DEPTH_MAX - 1)],
)  # fmt: skip
def test_sound_schemas_are_kept_as_they_are(schema: dict[str, Any]) -> None:
    assert check(schema, hosted=True) == schema


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ([], "a JSON Schema as an object, got list"),
        ("x", "a JSON Schema as an object, got str"),
        ({"type": "strin"}, "a valid JSON Schema, got $.type"),
        ({"properties": []}, "a valid JSON Schema"),
        ({"pattern": "("}, "a valid JSON Schema, got $.pattern"),
        ({"description": "x" * SCHEMA_BYTES_MAX}, "schema_bytes_max"),
        (nested(SCHEMA_DEPTH_MAX + 1), "schema_depth_max"),
        ({"$ref": "https://example.com/schema.json"}, "$ref to a place within the schema"),
        ({"items": {"$ref": "file:///etc/passwd"}}, "$ref to a place within the schema"),
        ({"$ref": "#/$defs/none"}, "references to what is there"),
        ({"properties": {"a": {"$ref": "#/nope"}}}, "references to what is there, got '#/nope'"),
    ],
)
def test_what_is_wrong_is_told(schema: Any, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check(schema, hosted=False)
    assert words in caught.value.detail


@pytest.mark.parametrize("schema", [{"pattern": "^(a+)+$"}, {"items": {"patternProperties": {"a": {}}}}])
def test_regular_expressions_are_not_for_servers_with_guests(schema: dict[str, Any]) -> None:
    assert check(schema, hosted=False) == schema
    with pytest.raises(InvalidInputError, match="without regular expressions"):
        check(schema, hosted=True)


def doubling(depth: int) -> dict[str, Any]:
    """Small, and yet each further definition doubles the work."""
    parts = {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(depth)}
    return {"$defs": {**parts, f"d{depth}": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/d0"}}}


def test_schemas_that_would_take_for_ever_are_given_up() -> None:
    schema = check(doubling(40), hosted=True)  # nothing of it shows before an answer has the field
    with pytest.raises(LimitExceededError, match="references_max"):
        problem(schema, {"a": 1})
    with pytest.raises(LimitExceededError, match="references_max"):
        check({"$ref": "#"}, hosted=True)
    many = {"type": "array", "items": {"$ref": "#/$defs/n"}, "$defs": {"n": {"type": "integer"}}}
    assert problem(many, list(range(REFERENCES_MAX))) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"name": "Ada"}, None),
        ({"name": "Ada", "age": 36, "more": 1}, None),
        ({"age": 36}, "'name' is a required property"),
        ({"name": "Ada", "age": -1}, "age: -1 is less than the minimum of 0"),
        ({"name": 1}, "name: 1 is not of type 'string'"),
        ({"name": ["x" * 500]}, "name: not valid by type"),
        ([], "[] is not of type 'object'"),
    ],
)
def test_answers_are_judged_in_few_words(value: Any, words: str | None) -> None:
    assert problem(PERSON, value) == words


def test_nothing_is_fetched_whatever_a_schema_says() -> None:
    within = {"$id": "https://example.com/a", "properties": {"a": {"$ref": "#/nope"}}}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(within, hosted=True)
        with pytest.raises(InvalidInputError, match="references to what is there"):
            problem(within, {"a": 1})
        with pytest.raises(InvalidInputError):
            problem({"$ref": "http://127.0.0.1:1/schema"}, {})


def test_a_provider_is_bound_strictly_only_where_all_is_named() -> None:
    assert is_strict(STRICT)
    assert not is_strict(PERSON)
    assert not is_strict({**STRICT, "required": ["name"]})
    assert not is_strict({**STRICT, "minProperties": 1})
    assert not is_strict({"type": "array", "items": STRICT})
    loose = {**STRICT["properties"], "name": {"type": "object"}}  # type: ignore[dict-item]
    assert not is_strict({**STRICT, "properties": loose})


def test_a_server_that_asks_nobody_starts_without_libraries_for_it() -> None:
    code = "import server.app, sys; print([m for m in ('httpx2', 'jsonschema', 'ssl') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "httpx2" not in said
    assert "jsonschema" not in said
