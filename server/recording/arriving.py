"""A recording that comes in as a file: every frame of it is read, and it is there as a whole or not at all.

While it arrives its row counts as dropped: nobody sees it, and what a crash leaves is deleted like any other. Its last
write makes it a recording. Markers are made from its frames anew, so that nobody can put others beside them.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from server.clock import Clock
from server.errors import DiskFullError, InvalidInputError, LimitExceededError, TooManyError
from server.recording.entries import Closed, Recording
from server.recording.file import RecordingFile
from server.recording.frame import DamagedError
from server.recording.rows import written
from server.store import arrivals, recordings
from server.store.database import Database
from server.store.ids import Ids
from server.store.room import has_room
from server.store.statements import Statement, carry_out
from simulation.text import cut

recording_file_bytes_max = 64 * 1024 * 1024
"""How large a file may be: two months of days like the busiest that were measured."""
arriving_max = 2
"""How many come in at once, of all offices together."""
imports_max = 100
"""How many recordings an office has that came in as files."""
span_ms_max = 8 * 86_400_000
"""From a recording's first moment to its last: a file has the segments of a week at most."""
moment_ms_max = 253_402_300_799_999
"""The last moment that has a date: the end of the year 9999."""
NAME_BYTES_MAX = 480
transaction_segments_max = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """What came in. `whole`: its file was not cut, and nothing of it is damaged."""

    id: str
    whole: bool


class Arrivals:
    """Takes files in, a few at a time. `now` are the ids of those that are not there yet."""

    def __init__(self, *, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._now: set[str] = set()

    def now(self) -> Sequence[str]:
        """The recordings that are arriving: dropped, and yet not to be deleted."""
        return [*self._now]

    async def take(self, office: str, source: BinaryIO) -> Arrived:
        """Read a file to its end, and keep what is in it as a recording of an office.

        Raises:
            InvalidInputError: it is no recording, or damaged where it says that it is whole.
            LimitExceededError, TooManyError, DiskFullError: there is too much of it, or no room.
        """
        await self._check(office)
        try:
            file = await asyncio.to_thread(RecordingFile, source)
        except DamagedError as error:
            raise InvalidInputError(f"expected a recording: {error.detail}") from error
        _check_span(file)
        number = self._ids.new()
        self._now.add(number)
        try:
            await self._keep(number, office, file)
        finally:
            self._now.discard(number)
        return Arrived(id=number, whole=file.indexed)

    async def _check(self, office: str) -> None:
        if len(self._now) >= arriving_max:
            raise TooManyError(f"arriving_max: expected up to {arriving_max} files at once, got one more")
        async with self._db.read() as conn:
            count = await arrivals.imported_count(conn, office)
        if count >= imports_max:
            raise LimitExceededError(
                f"imports_max: expected up to {imports_max} recordings from files, got one more; delete some first"
            )
        if not await has_room(self._db):
            raise DiskFullError("what is left of the disk is for the queue: make room, then send it again")

    async def _keep(self, number: str, office: str, file: RecordingFile) -> None:
        recording = Recording(
            id=number, office=office, hz=file.header.hz, started_ms=file.segments[0].start_ms,
            last_ms=file.segments[0].start_ms, begun=True,
        )  # fmt: skip
        arriving = arrivals.begin_arriving(
            recording=number, office=office, hz=recording.hz, started_ms=recording.started_ms,
            name=cut(file.header.office, NAME_BYTES_MAX), now_ms=self._clock.now_ms(),
        )  # fmt: skip
        await self._write([arriving])
        async for statements in self._segments(recording, file):
            await self._write(statements)
        await self._write([recordings.end(number, recording.last_ms), arrivals.arrive(number)])

    async def _segments(self, recording: Recording, file: RecordingFile) -> AsyncIterator[list[Statement]]:
        """The statements of some segments at a time."""
        waiting: list[Statement] = []
        last_ms = file.segments[0].start_ms
        for n, place in enumerate(file.segments):
            try:
                lines = await asyncio.to_thread(file.lines, n)
            except DamagedError as error:
                raise InvalidInputError(f"segment {n}: {error.detail}") from error
            final = n == len(file.segments) - 1
            gap = place.start_ms > last_ms
            closed = Closed(recording=recording, n=n, lines=lines, end_ms=place.end_ms, gap=gap, over=final)
            waiting += await written(closed, self._db.give_way)
            last_ms = max(last_ms, place.end_ms)
            if final or (n + 1) % transaction_segments_max == 0:
                yield waiting
                waiting = []

    async def _write(self, statements: Sequence[Statement]) -> None:
        async with self._db.write() as tx:
            await carry_out(tx.conn, statements)


def _check_span(file: RecordingFile) -> None:
    places = file.segments
    if not places:
        raise InvalidInputError("expected a recording with something in it, got none of its segments whole")
    first_ms, last_ms = places[0].start_ms, max(place.end_ms for place in places)
    if last_ms > moment_ms_max:
        raise InvalidInputError("expected moments up to the year 9999, got a later one")
    if last_ms - first_ms > span_ms_max:
        raise LimitExceededError(
            f"span_ms_max: expected a recording of up to {span_ms_max // 86_400_000} days, got one that lasts longer"
        )
