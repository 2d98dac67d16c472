"""The messages of the live socket, subprotocol tendesks.v1 (p): a strict reader of what clients send, and what is not a stream's."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

import orjson

from server.errors import InvalidInputError
from server.model import View

SUBPROTOCOL = "tendesks.v1"

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")


class Level(StrEnum):
    """How much of a stream a viewer wants: every frame, or a keyframe now and then while nobody looks."""

    FULL = "full"
    HIDDEN = "hidden"


class BadMessageError(InvalidInputError):
    """The message is none that a client may send: mend it as `detail` says. The socket is closed with 4400."""

    code = "bad_message"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hello:
    """Who the client is, which office it means, and what it holds. Its repr shows no token."""

    token: str | None
    office: str | None
    epoch: int | None
    view: View | None
    seq: int | None

    def __repr__(self) -> str:
        return f"Hello(office={self.office!r}, epoch={self.epoch}, view={self.view}, seq={self.seq})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ack:
    """The newest frame that the client has applied; a sign of life."""

    seq: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelChange:
    """The client shows its page, or hides it."""

    value: Level


ClientMessage: TypeAlias = Hello | Ack | LevelChange


def parse(data: str | bytes, bytes_max: int) -> ClientMessage:
    """One message of a client; fields that are not known are passed over, null is an absent field.

    Raises:
        BadMessageError: too long, binary, no JSON object, of no known type, or a field is missing or of the wrong kind.
    """
    fields = _object(data, bytes_max)
    kind = fields.get("type")
    if kind == "hello":
        return _hello(fields)
    if kind == "ack":
        return Ack(seq=_required(fields, "seq", _count(fields, "seq")))
    if kind == "level":
        return LevelChange(value=_required(fields, "value", _one_of(fields, "value", Level)))
    raise BadMessageError(f"type: expected hello, ack or level, got {_shown(kind)}")


def encode_viewers(count: int) -> bytes:
    """How many look at the office."""
    return orjson.dumps({"type": "viewers", "count": count})


def encode_restart(retry_ms: int) -> bytes:
    """The server is about to stop: come back after `retry_ms`."""
    return orjson.dumps({"type": "restart", "retry": retry_ms})


def _object(data: str | bytes, bytes_max: int) -> Mapping[str, Any]:
    if isinstance(data, bytes):
        raise BadMessageError(f"expected a text message, got a binary one of {len(data)} bytes")
    size = len(data) if len(data) > bytes_max else len(data.encode("utf-8", "replace"))
    if size > bytes_max:
        raise BadMessageError(f"expected at most {bytes_max} bytes, got {size} or more")
    try:
        fields = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadMessageError(f"expected JSON, got something else at character {error.pos}") from error
    if not isinstance(fields, dict):
        raise BadMessageError(f"expected an object, got {_shown(fields)}")
    return fields


def _hello(fields: Mapping[str, Any]) -> Hello:
    return Hello(
        token=_text(fields, "token"),
        office=_text(fields, "office"),
        epoch=_count(fields, "epoch"),
        view=_one_of(fields, "view", View),
        seq=_count(fields, "seq"),
    )


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value
    raise BadMessageError(f"{name}: expected a text, got {_shown(value)}")


def _count(fields: Mapping[str, Any], name: str) -> int | None:
    value = fields.get(name)
    if value is None or (type(value) is int and value >= 0):
        return value
    raise BadMessageError(f"{name}: expected a whole number from 0, got {_shown(value)}")


def _one_of(fields: Mapping[str, Any], name: str, allowed: type[Word]) -> Word | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value in allowed.__members__.values():
        return allowed(value)
    raise BadMessageError(f"{name}: expected one of {', '.join(allowed)}, got {_shown(value)}")


def _required(fields: Mapping[str, Any], name: str, value: Value | None) -> Value:
    if value is None:
        raise BadMessageError(f"{fields['type']}: expected a field {name}, got none")
    return value


def _shown(value: object) -> str:
    """Enough of a value to find the mistake, and never a whole one: it may be secret, or long."""
    return repr(value)[:20] if isinstance(value, int | float) else type(value).__name__
