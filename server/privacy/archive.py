"""A ZIP file that is written as it is read (p): nothing of it is kept but the list of its members, which comes at its end.

A file that broke off has no such list, so no program takes it for a whole one.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo


class _Outlet:
    """What a ZipFile writes to: it can neither go back nor tell where it is, so sizes follow their members."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """There is nothing behind it."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Archive:
    """Members one after another; `taken` is what has come of them since it was last asked."""

    def __init__(self, now_ms: int) -> None:
        self._outlet = _Outlet()
        self._zip = ZipFile(cast("IO[bytes]", self._outlet), "w")  # it needs no more of a file than this
        self._member: IO[bytes] | None = None
        moment = datetime.fromtimestamp(now_ms / 1000, UTC)
        self._moment = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        self.taken: Callable[[], bytes] = self._outlet.taken

    def begin(self, name: str, *, packed: bool = False) -> None:
        """Begin a member. `packed`: what it holds is compressed already."""
        self.end()
        info = ZipInfo(name, self._moment)
        info.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        self._member = self._zip.open(info, "w", force_zip64=True)

    def add(self, data: bytes) -> None:
        """Write more of the member that was begun last."""
        if self._member is None:
            raise AssertionError("expected a member to be begun first, got none")
        self._member.write(data)

    def end(self) -> None:
        """End the member that was begun last; harmless when there is none."""
        if self._member is not None:
            self._member.close()
            self._member = None

    def finish(self) -> None:
        """Write the list of members: from now on it is a whole file."""
        self.end()
        self._zip.close()

    def give_up(self) -> None:
        """Nobody reads it any more. Harmless after `finish`."""
        with suppress(ValueError):
            self.finish()
