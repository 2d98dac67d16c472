"""The office as it is: the current keyframe of the caller's view."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from server.routes.answers import VARY, JsonAnswer
from server.routes.call import Call


def canonical(state: Mapping[str, Any]) -> bytes:
    """The state as RFC 8785 text.

    For what a state holds (objects with ASCII names, arrays, integers within 2^53, texts) sorted keys and orjson's
    compact form are that text; a test holds the two against each other.
    """
    return orjson.dumps(state, option=orjson.OPT_SORT_KEYS)


def etag_of(state: Mapping[str, Any]) -> str:
    """The entity tag: SHA-256 of the state's RFC 8785 text."""
    return f'"{hashlib.sha256(canonical(state)).hexdigest()}"'


async def shown(call: Call) -> Response:
    """What the live socket's keyframe would say now; 304 if the state is the one that the client has."""
    frame = await call.parts.keyframe(call.office, call.who.view)
    headers = {"etag": etag_of(frame.state), "cache-control": "private, no-cache", "vary": VARY}
    if headers["etag"] in _held(call.request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    body = {
        "epoch": frame.epoch,
        "view": frame.view,
        "seq": frame.seq,
        "tick": frame.tick,
        "now": frame.now,
        "state": frame.state,
    }
    return JsonAnswer(body, headers=headers)


def _held(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
