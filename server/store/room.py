"""Room on the disk: whether a write failed for want of it, and whether there is enough for new work."""

import errno
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from server.store.database import Database
from server.store.statements import fetch

ROOM_BYTES_MIN = 16 * 1024 * 1024
"""What new batches leave alone: the ends of what runs, and the withdrawal of a list that does not fit, need room too.

SQLite's log keeps up to 4 MiB that the file has not got yet, and grows by all that one transaction changes.
"""

_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
FREE_PAGES = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"


def is_full(error: BaseException | None) -> bool:
    """Whether this error, or one that it came from, says that the disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_SPACE:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in _FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


async def has_room(db: Database) -> bool:
    """Whether the disk and the free pages of the file have ROOM_BYTES_MIN together; a store elsewhere says so itself."""
    path = _file_of(db.url)
    if path is None:
        return True
    with suppress(OSError):
        disk = os.statvfs(path.parent)
        free = disk.f_bavail * disk.f_frsize
        if free >= ROOM_BYTES_MIN:
            return True
        async with db.read() as conn:
            return free + int((await fetch(conn, FREE_PAGES))[0][0]) >= ROOM_BYTES_MIN
    return True


def _file_of(url: str) -> Path | None:
    parts = make_url(url)
    file = parts.database if parts.get_backend_name() == "sqlite" else None
    return Path(file) if file and file != ":memory:" else None
