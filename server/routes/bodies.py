"""Small JSON bodies, read whole and checked member by member."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from server.errors import InvalidInputError
from server.intake.jsonbody import parse
from server.kinds.wording import one_line
from server.routes.call import Call
from server.routes.idempotency import digest_of, once
from server.routes.upload import BODY_BYTES_MAX, Upload


async def members_of(call: Call, *known: str, may_be_empty: bool = False) -> dict[str, Any]:
    """Read a body that is an object with some of these members; `may_be_empty`: none at all is one without members.

    Raises:
        InvalidInputError: it is none, or has a member that nobody knows.
        LimitExceededError: it is larger than 1 MiB.
    """
    upload = Upload(call.request, call.parts.clock, bytes_max=BODY_BYTES_MAX, limit="body_bytes_max")
    body = await upload.whole()
    return {} if may_be_empty and not body else _checked(parse(body), known)


def _checked(members: dict[str, Any], known: Sequence[str]) -> dict[str, Any]:
    for name in members:
        if name not in known:
            raise InvalidInputError(f"unknown member {name[:40]!r}: expected {', '.join(known)}")
    return members


async def once_by_members(
    call: Call, known: Sequence[str], act: Callable[[Mapping[str, Any]], Awaitable[Response]]
) -> Response:
    """Answer a POST with such a body, once for each Idempotency-Key. Raises as `members_of` and `once`."""
    upload = Upload(call.request, call.parts.clock, bytes_max=BODY_BYTES_MAX, limit="body_bytes_max")
    members = _checked(parse(await upload.whole()), known)
    return await once(call, digest_of(call, upload.digest), lambda: act(members))


def text_of(members: Mapping[str, Any], name: str, *, chars_max: int) -> str | None:
    """Read a text on one line; None where nothing was said."""
    value = members.get(name)
    if value is None:
        return None
    text = one_line(value, chars_max) if isinstance(value, str) and len(value) <= chars_max else ""
    if not text:
        raise InvalidInputError(f"{name}: expected a text of 1 to {chars_max} characters")
    return text


def number_of(
    members: Mapping[str, Any], name: str, *, low: float, high: float, whole: bool = False
) -> float | None:
    """Read a number between two others; None where nothing was said."""
    value = members.get(name)
    if value is None:
        return None
    fits = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    if not fits or (whole and value != int(value)):
        raise InvalidInputError(
            f"{name}: expected a {'whole ' if whole else ''}number from {low:g} to {high:g}"
        )
    return float(value)


def flag_of(members: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """Read true or false."""
    value = members.get(name, default)
    if not isinstance(value, bool):
        raise InvalidInputError(f"{name}: expected true or false")
    return value
