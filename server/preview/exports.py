"""The room where moving pictures are ordered: who waits, which is being made, what is kept and for how long.

Each is made in a process of its own, one after the other, so that neither what somebody recorded nor a library for
pictures can hurt the server. What is made is a copy, so nothing of it outlives the server: its folder is emptied at
every start.
"""

import asyncio
import os
import shutil
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import orjson
import structlog

from server.clock import Clock, Timer
from server.errors import DiskFullError, NotFoundError, TenDesksError, TooManyError, UnavailableError
from server.kinds.marks import FOLDER, folder_mark
from server.kinds.program import Launch, Program
from server.preview.export import Export, ExportState
from server.preview.hearing import Hearing
from server.preview.movie import Movie
from server.recording.contents import Header
from server.recording.copying import bodies_of, copied
from server.store.database import Database
from server.store.ids import Ids
from server.store.recordings import RecordingRow, SegmentRow
from server.store.room import has_room

log = structlog.get_logger(__name__)

exports_running_max = 1
"""How many are made at once: a picture takes a core, and the queue needs the others."""
exports_waiting_max = 20
"""How many wait for that, of all accounts together."""
exports_active_max = 2
"""How many one account has that are not done yet."""
exports_kept_max = 8
"""How many one account has that are done; the oldest goes when there is another."""
exports_bytes_max = 2 * 1024 * 1024 * 1024
"""How large all that are kept are together."""
export_ms_max = 900_000
"""How long one may take to be made."""
kept_ms = 86_400_000
"""How long it is kept."""
PROGRAM = (sys.executable, "-P", "-m", "server.preview.animation_child")
PASSED = frozenset(
    {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "IMAGEIO_FFMPEG_EXE", "SYSTEMROOT"}
)
"""What of the server's environment the process gets: no secret is in it."""


class Exports:
    """Takes orders, and has them carried out one after the other. `program` makes one picture."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, data: Path, program: Sequence[str] = PROGRAM
    ) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._folder = data / "exports"
        self._mark = folder_mark(data)
        self._program = program
        self._all: dict[str, Export] = {}
        self._queue: deque[tuple[Export, Header, Sequence[SegmentRow]]] = deque()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._timers: dict[str, Timer] = {}
        self._open = True

    def begin(self) -> None:
        """Delete what a server before this one left."""
        shutil.rmtree(self._folder, ignore_errors=True)

    async def stop(self) -> None:
        """Make no more pictures, and leave nothing behind."""
        self._open = False
        for timer in self._timers.values():
            timer.cancel()
        for export in list(self._all.values()):
            await self._forget(export)
        self.begin()

    async def put(
        self, account: str, name: str, order: Movie, recording: RecordingRow, rows: Sequence[SegmentRow]
    ) -> Export:
        """Order a picture of a recording whose segments these are, for a film that is known to be possible.

        Raises:
            TooManyError: the account, or all together, have as many as there may be.
            DiskFullError: the rest of the disk is for the queue.
            UnavailableError: the server is about to end.
        """
        if not self._open:
            raise UnavailableError("the server is about to stop: order the picture again in a moment")
        self._check(account)
        if not await has_room(self._db):
            raise DiskFullError("what is left of the disk is for the queue: make room, then order it again")
        number = self._ids.new()
        export = Export(
            id=number, account=account, office=recording.office, recording=recording.id, name=name,
            order=order, folder=self._folder / number,
        )  # fmt: skip
        header = Header(office=name, view=order.view, hz=recording.hz, start_ms=recording.started_ms)
        self._all[number] = export
        self._queue.append((export, header, _needed(rows, order)))
        self._timers[number] = self._clock.call_later(kept_ms, lambda: self._expire(number))
        self._go_on()
        return export

    def found(self, account: str, number: str) -> Export:
        """The export of this id. Raises NotFoundError when there is none, or it is another account's."""
        export = self._all.get(number)
        if export is None or export.account != account:
            raise NotFoundError(f"export: there is no {number[:40]!r} of this account")
        return export

    async def drop(self, account: str, number: str) -> None:
        """Delete an export; if it is being made, end that first. Raises as `found`."""
        await self._forget(self.found(account, number))
        self._go_on()

    async def drop_all(self, account: str) -> None:
        """Delete all exports of an account."""
        for export in [export for export in self._all.values() if export.account == account]:
            await self._forget(export)
        self._go_on()

    async def settled(self) -> None:
        """Return when nothing is being made and nothing waits."""
        while self._running:
            await asyncio.wait(self._running.values())

    def _check(self, account: str) -> None:
        """Raise TooManyError where there is no room for another one."""
        own = [export for export in self._all.values() if export.account == account]
        active = sum(export.active for export in own)
        if active >= exports_active_max:
            raise TooManyError(
                f"exports_active_max: expected up to {exports_active_max} pictures at once, got one more"
            )
        if len(self._queue) >= exports_waiting_max:
            raise TooManyError(
                f"exports_waiting_max: expected up to {exports_waiting_max} waiting pictures, got one more"
            )
        size = sum(export.bytes or 0 for export in self._all.values())
        if size >= exports_bytes_max:
            raise TooManyError(
                f"exports_bytes_max: expected pictures of up to {exports_bytes_max:,} bytes, got {size:,}; "
                "delete some first"
            )

    def _go_on(self) -> None:
        while self._open and self._queue and len(self._running) < exports_running_max:
            export, header, rows = self._queue.popleft()
            export.state = ExportState.RUNNING
            task = asyncio.create_task(self._carry_out(export, header, rows), name="export")
            self._running[export.id] = task

    async def _carry_out(self, export: Export, header: Header, rows: Sequence[SegmentRow]) -> None:
        try:
            await self._make(export, header, rows)
        except asyncio.CancelledError:
            raise
        except TenDesksError as error:
            self._fail(export, error.detail)
        except Exception:
            log.exception("export.defect", export=export.id)
            self._fail(export, "The picture could not be made")
        finally:
            self._tidy(export)
            self._running.pop(export.id, None)
            self._go_on()
        await self._make_room(export.account)

    async def _make(self, export: Export, header: Header, rows: Sequence[SegmentRow]) -> None:
        export.folder.mkdir(mode=0o700, parents=True)
        with export.source.open("wb") as source:
            bodies = bodies_of(self._db, export.office, export.recording)
            async for piece in copied(header, rows, bodies, (), ()):
                source.write(piece)
        hearing = Hearing(export)
        program = await self._started(export, hearing)
        late = self._clock.call_later(export_ms_max, lambda: hearing.late(export_ms_max, program))
        try:
            code = await program.ended()
        finally:
            late.cancel()
            await program.end()
        hearing.ended(code)

    async def _started(self, export: Export, hearing: Hearing) -> Program:
        environment = {name: value for name, value in os.environ.items() if name in PASSED}
        asked = {
            "order": export.order.fields(),
            "file": str(export.source),
            "to": str(export.file),
            "parent": os.getpid(),
        }
        launch = Launch(
            argv=self._program,
            cwd=str(export.folder),
            environment={**environment, FOLDER: self._mark, "PYTHONUNBUFFERED": "1"},
            stdin=orjson.dumps(asked),
        )
        starting = asyncio.ensure_future(Program.start(launch, self._clock, hearing.out, hearing.err))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            with suppress(OSError):
                await (await starting).end()
            raise

    def _fail(self, export: Export, reason: str) -> None:
        export.state, export.reason = ExportState.FAILED, reason

    def _tidy(self, export: Export) -> None:
        """Of what was made on the way nothing is kept, and of a failure nothing at all."""
        export.source.unlink(missing_ok=True)
        if export.state is ExportState.FAILED:
            shutil.rmtree(export.folder, ignore_errors=True)

    async def _make_room(self, account: str) -> None:
        own = [export for export in self._all.values() if export.account == account and not export.active]
        for export in own[:-exports_kept_max]:
            await self._forget(export)

    def _expire(self, number: str) -> None:
        export = self._all.get(number)
        if export is not None and not export.active:
            self._all.pop(number)
            self._timers.pop(number)
            shutil.rmtree(export.folder, ignore_errors=True)

    async def _forget(self, export: Export) -> None:
        self._all.pop(export.id, None)
        if (timer := self._timers.pop(export.id, None)) is not None:
            timer.cancel()
        self._queue = deque(waiting for waiting in self._queue if waiting[0] is not export)
        task = self._running.get(export.id)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        await asyncio.to_thread(shutil.rmtree, export.folder, ignore_errors=True)

    def figures(self) -> Mapping[str, int]:
        """How many there are, by state."""
        states = [export.state for export in self._all.values()]
        return {state.value: states.count(state) for state in ExportState}


def _needed(rows: Sequence[SegmentRow], order: Movie) -> Sequence[SegmentRow]:
    """The segments that an order shows anything of."""
    return [
        row
        for row in rows
        if (order.to_ms is None or row.start_ms <= order.to_ms)
        and (order.from_ms is None or row.end_ms >= order.from_ms)
    ]
