"""Answers: JSON without nulls, never cached by anyone but who asked."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

NO_STORE = {"cache-control": "no-store"}
VARY = "Authorization, Cookie, Accept-Encoding"
"""Of what a browser may keep: never for the next person at the same machine, who may see less."""


class JsonAnswer(Response):
    """A value as JSON."""

    media_type = "application/json"

    def __init__(self, value: Any, status: int = 200, headers: Mapping[str, str] = NO_STORE) -> None:
        super().__init__(orjson.dumps(value), status_code=status, headers=dict(headers))


def nothing(headers: Mapping[str, str] = NO_STORE) -> Response:
    """204."""
    return Response(status_code=204, headers=dict(headers))


def present(**members: Any) -> dict[str, Any]:
    """An object without those members that are None: what is absent means none."""
    return {name: value for name, value in members.items() if value is not None}
