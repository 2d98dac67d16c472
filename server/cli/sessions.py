"""Recordings as the command line speaks of them: which one is meant, when it was, and a file that is sent."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

from server.cli import words
from server.cli.api import Api
from server.cli.exits import RefusedError, UsageError

LAST = "last"
MEDIA = "application/vnd.tendesks.recording"
CHUNK_BYTES = 256 * 1024
NAMED_MAX = 5


async def find_recording(api: Api, wanted: str) -> dict[str, Any]:
    """The recording with this id or this beginning of one; `last` is the newest.

    Raises:
        RefusedError: there is none, or more than one: the message names them.
    """
    begins: list[dict[str, Any]] = []
    async for item in api.pages("/recordings"):
        if wanted in (item["id"], LAST):
            return item
        if item["id"].startswith(wanted):
            begins.append(item)
    if len(begins) == 1:
        return begins[0]
    if not begins:
        raise RefusedError(
            f"no recording's id begins with {wanted!r}; `tendesks replay list` lists them",
            problem={"code": "not_found"},
            status=404,
        )
    some = ", ".join(item["id"] for item in begins[:NAMED_MAX])
    raise RefusedError(
        f"{wanted!r} could be {some}; give more of the id", problem={"code": "ambiguous"}, status=409
    )


async def sent(api: Api, file: Path) -> dict[str, Any]:
    """Send a file, and return what the server made of it.

    Raises:
        UsageError: it cannot be read.
        RefusedError, NoServerError: as `Api.upload`.
    """
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    return dict(await api.upload("/recordings", lambda: _chunks(file), MEDIA, {}))


def state_of(item: dict[str, Any], now_ms: int) -> tuple[str, str]:
    """When a recording started, by the reader's clock, and how large it is."""
    return words.moment(moment_ms(item["started"]), now_ms), size(item["bytes"])


def moment_ms(text: str) -> int:
    """A moment that HTTP told, in milliseconds."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def size(count: int) -> str:
    """Bytes as people read them: "0.3 MB"."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1_000:.0f} kB"


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while chunk := await asyncio.to_thread(source.read, CHUNK_BYTES):
            yield chunk
