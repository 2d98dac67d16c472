"""What a link's card shows of what it shares: the office now, or a recording somewhat before its middle."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from server.errors import NotFoundError
from server.model import Shared, View
from server.preview.cards import Moment
from server.recording.playback import at_moment
from server.recording.segment import state_at, unpack
from server.spectators.standing import LinkShown
from server.store.database import Database
from server.store.recordings import RecordingRow, recording_row, segment_body, segment_rows
from simulation.fields import State
from simulation.views import project


class Frame(Protocol):
    """What an office shows now, in some view."""

    @property
    def now(self) -> int:
        """When that was."""

    @property
    def state(self) -> State:
        """Its state."""


Keyframes: TypeAlias = Callable[[str, View], Awaitable[Frame]]
_INTO = 2, 5
"""So far into a recording its card looks: early enough that everybody works, late enough that something is done."""


class Moments:
    """Finds what is to be painted. `keyframe` gives an office as it is now, in a view."""

    def __init__(self, db: Database, keyframe: Keyframes) -> None:
        self._db = db
        self._keyframe = keyframe

    async def of(self, shown: LinkShown) -> Moment | None:
        """The moment a link's card is painted from; None where nothing is to be seen of what it shares."""
        if shown.shared is Shared.OFFICE:
            frame = await self._keyframe(shown.office, shown.view)
            return Moment(frame.state, frame.now)
        if shown.shared is Shared.RECORDING:
            try:
                return await self._recorded(shown)
            except NotFoundError:
                return None
        return None

    async def _recorded(self, shown: LinkShown) -> Moment | None:
        async with self._db.read() as conn:
            row = await recording_row(conn, shown.office, shown.resource)
            rows = await segment_rows(conn, row.id)
            now_ms = moment_in(row, shown)
            n = at_moment(rows, now_ms)
            if n is None:
                return None
            body = await segment_body(conn, shown.office, row.id, rows[n].n)
        state = await asyncio.to_thread(lambda: state_at(unpack(body), now_ms, row.hz))
        return None if state is None else Moment(project(state, shown.view), now_ms)


def moment_in(row: RecordingRow, shown: LinkShown) -> int:
    """The moment of a recording that its card shows, within the stretch that the link is locked to."""
    start_ms, end_ms = row.started_ms, row.last_ms
    if shown.stretch is not None:
        start_ms = max(start_ms, shown.stretch.from_ms or start_ms)
        end_ms = max(start_ms, min(end_ms, shown.stretch.to_ms or end_ms))
    part, whole = _INTO
    return start_ms + (end_ms - start_ms) * part // whole
