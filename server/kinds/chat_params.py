"""The params of the kind `chat`, checked before anything is stored; and the request that is made of them. Pure.

`{"prompt": "Summarise {text}", "model": "gpt-5-mini", "system"?: "Be brief, {name}.", "schema"?: {JSON Schema}, "provider"?: "openai"}`.
`provider` names an own key; it is needed only where there are several.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from server.errors import InvalidInputError
from server.kinds import chat_schema, templates

TEXT_CHARACTERS_MAX = 100_000
MODEL_CHARACTERS_MAX = 200
CHARACTERS_A_TOKEN = 4
"""Of English, and near enough to reserve a request's place."""
PROVIDER_CHARACTERS_MAX = 32
_KNOWN = ("prompt", "model", "system", "schema", "provider")


def checked(params: Mapping[str, Any], fields: Sequence[str], *, hosted: bool) -> dict[str, Any]:
    """Return the params as they are stored: those that were given.

    Raises:
        InvalidInputError: which of them is wrong, what was expected and what came.
    """
    if unknown := params.keys() - set(_KNOWN):
        raise _wrong(", ".join(_KNOWN), ", ".join(sorted(unknown))[:200])
    result: dict[str, Any] = {"prompt": _template(params, "prompt", fields), "model": _model(params)}
    if params.get("system") is not None:
        result["system"] = _template(params, "system", fields)
    if params.get("schema") is not None:
        result["schema"] = chat_schema.check(params["schema"], hosted=hosted)
    if params.get("provider") is not None:
        result["provider"] = _provider(params["provider"])
    return result


def messages_of(params: Mapping[str, Any], values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the messages of one task.

    Raises:
        InvalidInputError: this task's input lacks a field.
    """
    roles = (("system", "system"), ("user", "prompt"))
    return [
        {"role": role, "content": templates.fill(params[name], values)}
        for role, name in roles
        if name in params
    ]


def body_of(params: Mapping[str, Any], messages: Sequence[Mapping[str, str]]) -> bytes:
    """Return the body of the request: streamed, with the usage in the last chunk."""
    body = {
        "model": params["model"],
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if "schema" in params:
        schema = params["schema"]
        described = {"name": "answer", "schema": schema, "strict": chat_schema.is_strict(schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": described}
    return orjson.dumps(body)


def tokens_of(messages: Sequence[Mapping[str, str]]) -> int:
    """About how many tokens these messages are."""
    return sum(len(message["content"]) for message in messages) // CHARACTERS_A_TOKEN


def _template(params: Mapping[str, Any], name: str, fields: Sequence[str]) -> str:
    text = params.get(name)
    if not isinstance(text, str) or not text.strip():
        raise _wrong(f"{name} as a text", "none" if text is None or text == "" else type(text).__name__)
    if len(text) > TEXT_CHARACTERS_MAX:
        raise _wrong(
            f"{name} of at most {TEXT_CHARACTERS_MAX:,} characters (text_characters_max)", f"{len(text):,}"
        )
    templates.check(text, fields)
    return text


def _model(params: Mapping[str, Any]) -> str:
    model = params.get("model")
    if not isinstance(model, str) or not model or not model.isprintable():
        raise _wrong("model as the name of a model", repr(model)[:100])
    if len(model) > MODEL_CHARACTERS_MAX:
        raise _wrong(
            f"model of at most {MODEL_CHARACTERS_MAX} characters (model_characters_max)", f"{len(model):,}"
        )
    return model


def _provider(name: Any) -> str:
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= PROVIDER_CHARACTERS_MAX:
        raise _wrong(
            f"provider as the name of an own key, of at most {PROVIDER_CHARACTERS_MAX} characters (provider_characters_max)",
            repr(name)[:100],
        )
    return name


def _wrong(expected: str, got: str) -> InvalidInputError:
    return InvalidInputError(f"chat: expected {expected}, got {got}")
