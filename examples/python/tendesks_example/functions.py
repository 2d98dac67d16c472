"""Three functions: a sync one and an async one for processes of their own, and an async one that is inline.

None of them imports anything of Ten Desks. The first argument is the task's input; who takes a second one gets the context.
"""

import asyncio
import hashlib
import re
import socket
import time
import unicodedata
from pathlib import Path
from typing import Any, Protocol

PIECE_BYTES = 1024 * 1024
TIMES = 5


class Context(Protocol):
    """What the second argument is, for who likes types."""

    task: str
    attempt: int
    execution: str

    @property
    def cancelled(self) -> bool: ...
    def progress(self, share: float, note: str | None = None) -> None: ...
    def note(self, text: str) -> None: ...
    def log(self, text: str) -> None: ...


class NoSuchHost(Exception):  # noqa: N818  named for who reads it on a desk
    """Trying again would not help."""

    retryable = False


def digest(row: dict[str, Any], context: Context) -> dict[str, Any] | None:
    """The SHA-256 of a file, whose path is the input's `line`."""
    path = Path(row["line"])
    size, done, sha = path.stat().st_size, 0, hashlib.sha256()
    print(f"{path} has {size:,} bytes")  # goes to the task's log, like all that is printed
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            if context.cancelled:
                return None
            sha.update(piece)
            done += len(piece)
            context.progress(done / size, f"{done // PIECE_BYTES} MiB read")
    return {"bytes": size, "sha256": sha.hexdigest()}


async def reach(row: dict[str, Any], context: Context) -> dict[str, Any]:
    """How long it takes to open a connection to `host` and `port`, in milliseconds. Cancelling it needs no care."""
    host, port = row["host"], int(row["port"])
    taken = []
    for number in range(TIMES):
        context.progress(number / TIMES, f"{host}:{port}, {number + 1} of {TIMES}")
        begun = time.perf_counter()
        try:
            _, writer = await asyncio.open_connection(host, port)
        except socket.gaierror as error:
            raise NoSuchHost(host) from error
        taken.append(1000 * (time.perf_counter() - begun))
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.2)
    return {"least_ms": round(min(taken), 3), "most_ms": round(max(taken), 3)}


async def slug(row: dict[str, Any]) -> dict[str, str]:
    """A name as it may stand in a URL: 10,000 of them take a second or two."""
    plain = unicodedata.normalize("NFKD", row["line"]).encode("ascii", "ignore").decode()
    return {"slug": re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")}
