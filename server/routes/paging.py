"""Lists: how many, from where on, and a cursor that means nothing to whoever carries it."""

import base64
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import orjson
from starlette.responses import Response

from server.errors import InvalidInputError
from server.routes.answers import JsonAnswer

Word = TypeVar("Word", bound=StrEnum)

LIMIT = 50
LIMIT_MAX = 500


def limit_of(query: Mapping[str, str]) -> int:
    """How many items are wanted, 50 unless said.

    Raises:
        InvalidInputError: it is no whole number from 1 to 500.
    """
    return whole("limit", query.get("limit"), low=1, high=LIMIT_MAX, default=LIMIT)


def whole(name: str, text: str | None, *, low: int, high: int, default: int | None = None) -> int:
    """Read a whole number of a query; `default` None: it must be there."""
    if text is None and default is not None:
        return default
    if text is None or not text.isascii() or not text.isdigit() or not low <= int(text[:20]) <= high:
        raise InvalidInputError(
            f"{name}: expected a whole number, {low} to {high}, got {(text or 'nothing')[:40]!r}"
        )
    return int(text)


def cursor_of(query: Mapping[str, str], *kinds: type) -> tuple[Any, ...] | None:
    """Open the cursor of a query: the keys of the last item of the page before.

    Raises:
        InvalidInputError: it is none of ours.
    """
    text = query.get("cursor")
    if not text:
        return None
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        keys = orjson.loads(base64.b64decode(padded, b"-_", validate=True))
    except ValueError:
        keys = None
    fits = isinstance(keys, list) and len(keys) == len(kinds)
    if not fits or not all(type(key) is kind for key, kind in zip(keys, kinds, strict=True)):
        raise InvalidInputError(f"cursor: expected the `next` of a page of this list, got {text[:40]!r}")
    return tuple(keys)


def page(items: Sequence[Any], *, after: Sequence[Any] | None) -> Response:
    """A page: its items, and with `after` (the keys of the last one) the cursor of the next."""
    body: dict[str, Any] = {"items": list(items)}
    if after is not None:
        body["next"] = base64.urlsafe_b64encode(orjson.dumps(list(after))).rstrip(b"=").decode()
    return JsonAnswer(body)


def word(name: str, text: str | None, known: type[Word]) -> Word | None:
    """Read one of an enum's words; None where nothing was said.

    Raises:
        InvalidInputError: it is none of them.
    """
    if not text:
        return None
    try:
        return known(text)
    except ValueError:
        raise InvalidInputError(f"{name}: expected one of {', '.join(known)}, got {text[:40]!r}") from None
