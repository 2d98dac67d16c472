"""Lines of results in a nameless file: of a hundred thousand rows memory holds the places alone."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import IO, Self

from server.cli.api import Api
from server.cli.exits import NoServerError

TRIES = 3


class Lines:
    """Lines as they came, read again from the first one any number of times."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="results-")  # noqa: SIM115 - closed by __exit__
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def file(self) -> IO[bytes]:
        """The file itself, at its start."""
        self._file.flush()
        self._file.seek(0)
        return self._file

    def add(self, line: bytes) -> tuple[int, int]:
        """Keep one more; returns where it is."""
        self._file.seek(self._end)
        place = self._end, len(line)
        self._end += self._file.write(line + b"\n")
        return place

    def at(self, place: tuple[int, int]) -> bytes:
        """The line at a place that `add` gave."""
        self._file.seek(place[0])
        return self._file.read(place[1])

    def __iter__(self) -> Iterator[bytes]:
        """All lines in order; others may be read at their places meanwhile."""
        place = 0
        while place < self._end:
            self._file.seek(place)
            line = self._file.readline()
            place += len(line)
            yield line.rstrip(b"\n")


class Finished:
    """By a row's key, the line of the result that a former run has for it."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._places: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.__exit__()

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def add(self, key: str, line: bytes) -> None:
        """Keep the line of a row, unless there is one already."""
        if key not in self._places:
            self._places[key] = self._lines.add(line)

    def line(self, key: str) -> bytes:
        """The line of a row that is in it."""
        return self._lines.at(self._places[key])


async def result_lines(api: Api, batch: str, state: str | None = None) -> AsyncIterator[bytes]:
    """A batch's results as lines of NDJSON, in the order of its list; a lost connection is taken up where it broke.

    Raises:
        NoServerError: it broke off again and again.
    """
    given = 0
    for tried in range(1, TRIES + 1):
        seen = 0
        try:
            async for line in _once(api, batch, state):
                seen += 1
                if seen > given:
                    given = seen
                    yield line
        except NoServerError:
            if tried == TRIES:
                raise
        else:
            return


async def _once(api: Api, batch: str, state: str | None) -> AsyncIterator[bytes]:
    rest = b""
    async with api.download(f"/batches/{batch}/results", format="ndjson", state=state) as chunks:
        async for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line
