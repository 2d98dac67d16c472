"""JSON Schema for the answers of the kind `chat`: checked when a batch comes, used on every answer.

jsonschema is imported late: it takes 0.1 s, and few servers need it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from server.errors import InvalidInputError, LimitExceededError

SCHEMA_BYTES_MAX = 32 * 1024
SCHEMA_DEPTH_MAX = 64
REFERENCES_MAX = 10_000
"""So many references are followed for one answer: schemas can be small and yet take for ever."""

_WORDS_CHARACTERS_MAX = 200
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
# What OpenAI's `strict` is known to take; with anything else a provider is asked without it.
_STRICT = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf"}
    | {"title", "description", "$defs", "$ref", "$schema"}
)


def check(schema: Any, *, hosted: bool) -> dict[str, Any]:
    """Return the schema, if answers can be validated by it.

    Raises:
        InvalidInputError: it is no JSON Schema, is too large, or leads elsewhere; in hosted mode also if it has regular
            expressions, which could keep the server busy for ever.
    """
    if not isinstance(schema, dict):
        raise _wrong("a JSON Schema as an object", type(schema).__name__)
    size = len(json.dumps(schema))
    if size > SCHEMA_BYTES_MAX:
        raise _wrong(f"at most {SCHEMA_BYTES_MAX:,} bytes (schema_bytes_max)", f"{size:,}")
    for part in _objects(schema):
        for name in _REFERENCES:
            reference = part.get(name)
            if isinstance(reference, str) and not reference.startswith("#"):
                raise _wrong(f"{name} to a place within the schema, #/…", repr(reference[:100]))
        if hosted and (isinstance(part.get("pattern"), str) or "patternProperties" in part):
            raise _wrong("one without regular expressions, on this server", "pattern or patternProperties")
    _check_by_its_own(schema)
    return schema


def problem(schema: Mapping[str, Any], value: Any) -> str | None:
    """Return what is wrong with an answer by this schema, in a few words; None: nothing.

    Raises:
        InvalidInputError: the schema refers to what it does not have.
        LimitExceededError: it has too many references to follow.
    """
    from jsonschema.exceptions import best_match  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    validator = _counting(schema)(schema, registry=Registry())
    try:
        error = best_match(validator.iter_errors(value))
    except RecursionError:
        raise _too_many() from None
    except Unresolvable as missing:
        raise _nothing_there(missing.ref) from None
    if error is None:
        return None
    where = error.json_path.removeprefix("$").removeprefix(".")
    words = (
        error.message if len(error.message) <= _WORDS_CHARACTERS_MAX else f"not valid by {error.validator}"
    )
    return f"{where}: {words}" if where else words


def is_strict(schema: Mapping[str, Any]) -> bool:
    """Whether a provider may be asked to keep to it strictly: all fields are named and required, and nothing fancy."""
    if schema.get("type") != "object":
        return False
    return all(_is_strict_part(part) for part in _schemas(schema))


def _is_strict_part(part: Mapping[str, Any]) -> bool:
    if not part.keys() <= _STRICT:
        return False
    if part.get("type") != "object":
        return "properties" not in part
    named = part.get("properties", {})
    return part.get("additionalProperties") is False and set(part.get("required", ())) == set(named)


def _schemas(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schema and those within it, by the words that `strict` knows."""
    yield schema
    inner = [
        *schema.get("properties", {}).values(),
        *schema.get("$defs", {}).values(),
        *schema.get("anyOf", ()),
    ]
    inner.append(schema.get("items"))
    for part in inner:
        if isinstance(part, dict):
            yield from _schemas(part)


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > SCHEMA_DEPTH_MAX:
        raise _wrong(f"a depth of at most {SCHEMA_DEPTH_MAX} (schema_depth_max)", "more")
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _objects(part, depth + 1)


def _check_by_its_own(schema: dict[str, Any]) -> None:
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415
    from jsonschema.validators import Draft202012Validator, validator_for  # noqa: PLC0415

    try:
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        raise _wrong(
            "a valid JSON Schema", f"{error.json_path}: {error.message}"[:_WORDS_CHARACTERS_MAX]
        ) from None
    _check_references(schema)
    problem(schema, {})


def _check_references(schema: Mapping[str, Any]) -> None:
    """Refuse a reference to nothing now; within parts that have an address of their own it is found out later."""
    from referencing import Registry, Resource  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    parts = list(_objects(schema))
    if any("$id" in part for part in parts):
        return
    resource = Resource.from_contents(schema, default_specification=DRAFT202012)
    resolver = Registry().with_resource("", resource).resolver()
    for part in parts:
        reference = part.get("$ref")
        if not isinstance(reference, str):
            continue
        try:
            resolver.lookup(reference)
        except Unresolvable:
            raise _nothing_there(reference) from None


def _counting(schema: Mapping[str, Any]) -> Any:
    """The class that validates by this schema, made to give up after so many references."""
    from jsonschema import validators  # noqa: PLC0415

    plain = validators.validator_for(schema, default=validators.Draft202012Validator)
    left = REFERENCES_MAX

    def counted(follow: Any) -> Any:
        def follow_counted(validator: Any, reference: Any, value: Any, part: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise _too_many()
            return follow(validator, reference, value, part)

        return follow_counted

    own = {name: counted(plain.VALIDATORS[name]) for name in _REFERENCES if name in plain.VALIDATORS}
    return validators.extend(plain, own)  # type: ignore[no-untyped-call]


def _nothing_there(reference: str) -> InvalidInputError:
    return _wrong("references to what is there", repr(reference[:100]))


def _too_many() -> LimitExceededError:
    return LimitExceededError(
        f"schema: expected at most {REFERENCES_MAX:,} references to follow (references_max)"
    )


def _wrong(expected: str, got: str) -> InvalidInputError:
    return InvalidInputError(f"chat: expected schema as {expected}, got {got}")
