"""Small JSON bodies, read whole and checked member by member."""

from collections.abc import Mapping
from typing import Any

from server.errors import InvalidInputError
from server.intake.jsonbody import parse
from server.kinds.wording import one_line
from server.routes.call import Call
from server.routes.upload import BODY_BYTES_MAX, Upload


async def members_of(call: Call, *known: str) -> dict[str, Any]:
    """Read a body that is an object with some of these members.

    Raises:
        InvalidInputError: it is none, or has a member that nobody knows.
        LimitExceededError: it is larger than 1 MiB.
    """
    upload = Upload(call.request, call.parts.clock, bytes_max=BODY_BYTES_MAX, limit="body_bytes_max")
    members = parse(await upload.whole())
    for name in members:
        if name not in known:
            raise InvalidInputError(f"unknown member {name[:40]!r}: expected {', '.join(known)}")
    return members


def text_of(members: Mapping[str, Any], name: str, *, chars_max: int) -> str | None:
    """Read a text on one line; None where nothing was said."""
    value = members.get(name)
    if value is None:
        return None
    text = one_line(value, chars_max) if isinstance(value, str) and len(value) <= chars_max else ""
    if not text:
        raise InvalidInputError(f"{name}: expected a text of 1 to {chars_max} characters")
    return text
