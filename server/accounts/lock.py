"""One server per data folder: an exclusive lock that the kernel lets go of when the process ends, however it ends."""

import fcntl
import os
from pathlib import Path

from server.accounts.presence import read_presence
from server.errors import AlreadyServedError

LOCK_FILE = "lock"


class FolderLock:
    """Holds the lock from `take` on. The file stays: to delete it would let two processes lock two files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    def take(self) -> None:
        """Take the lock; the folder is made, for its owner only, where it is missing.

        Raises:
            AlreadyServedError: another process holds it; the message has its URL where it is known.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise self._served() from None
        self._file = file

    def release(self) -> None:
        """Let go; harmless when nothing is held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _served(self) -> AlreadyServedError:
        found = read_presence(self._folder)
        if found is None or found.url is None:
            return AlreadyServedError(f"{self._folder} is already served by another process")
        return AlreadyServedError(f"already served at {found.url}", url=found.url, pid=found.pid)
