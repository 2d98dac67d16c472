"""Every session of an office is recorded while work runs: the very bytes that viewers of the `full` view get.

A session begins when something begins to run, and ends after an hour in which nothing ran. Until then the office is held
awake. Frames are kept in memory as they pass, which costs the ticker a look into a dictionary and an append; what came
to an open segment is given to the writer at the office's beats, so a crash loses what came since the last one. At its own
beat of each thirty seconds the segment is closed, and the next one begins with the keyframe that the stream has anyway.

What all offices together hold in memory has a limit. Whoever meets it, because the writer falls behind or the disk is
full, sheds what it is told until there is room again: then it goes on with a keyframe, and the gap is marked.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from server.clock import Clock
from server.recording.beats import Beats
from server.recording.contract import Hold, Release, Source
from server.recording.entries import Ended, Recording
from server.recording.figures import RecorderFigures
from server.recording.former import former_of
from server.recording.take import Take, open_bytes_max, quiet_ms_max, recording_ms_max
from server.recording.wheel import beat_ms, beats_per_segment, next_beat, phase_of
from server.recording.writer import Writer
from server.store.database import Database
from server.store.ids import Ids

log = structlog.get_logger(__name__)

held_bytes_max = 128 * 1024 * 1024
"""What open segments and those that wait for the writer have together; beyond it diffs are shed."""


class Recorder:
    """Satisfies server.ticker.contract.Sink. `worked` and the sink's calls return at once and never raise."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, hz: int, bytes_max: int = held_bytes_max
    ) -> None:
        self.writer = Writer(db, clock)
        self._db = db
        self._clock = clock
        self._ids = ids
        self._hz = hz
        self._bytes_max = bytes_max
        self._takes: dict[str, Take] = {}
        self._waking: dict[str, asyncio.Task[None]] = {}
        self._beats = Beats(clock, self._look_at)
        self._hold: Hold | None = None
        self._release: Release = lambda _office: None
        self._shedding = False

    def begin(self, hold: Hold, release: Release) -> None:
        """Record from now on; before this, and after `stop`, nothing is."""
        self._hold, self._release = hold, release
        self._beats.begin()

    def worked(self, office: str, working: bool) -> None:
        """Something begins to run in an office in which nothing ran, or nothing runs there any more."""
        take = self._takes.get(office)
        if self._hold is None or (take is None and not working):
            return
        if take is None:
            take = self._takes[office] = Take(office=office, phase=phase_of(office))
            self._wake(take)
        take.quiet_ms = None if working else self._clock.monotonic_ms()
        self._watch(take)

    def deliver(self, stream: Source, diff: bytes) -> None:
        """See Sink."""
        take = self._takes.get(stream.office)
        if take is None or take.source is not stream or not take.lines:
            return
        take.add(diff)
        self.writer.held_bytes += len(diff)
        if self.writer.held_bytes > self._bytes_max:
            self._guarded(take, self._shed)
        elif take.size > open_bytes_max:
            self._beats.put(take.office, self._beats.now() + 1)
        elif not take.due:
            self._put_next(take)

    def tell(self, stream: Source, message: bytes) -> None:
        """See Sink: what is no frame is not recorded."""

    def renew(self, stream: Source) -> None:
        """See Sink."""
        take = self._takes.get(stream.office)
        if take is not None and take.source is not None and take.source.view == stream.view:
            self._guarded(take, partial(self._go_over, source=stream))

    def holds(self, recording: str) -> bool:
        """Whether this recording is still being made or written."""
        made = any(
            take.recording is not None and take.recording.id == recording for take in self._takes.values()
        )
        return made or self.writer.holds(recording)

    def made(self) -> list[str]:
        """The recordings that are being made."""
        return [take.recording.id for take in self._takes.values() if take.recording is not None]

    def figures(self) -> RecorderFigures:
        """What was done so far, and what is held now, in all offices."""
        writer, counters = self.writer, self.writer.counters
        return RecorderFigures(
            recordings=len(self.made()),
            held_bytes=writer.held_bytes,
            waiting=writer.waiting,
            shedding=self._shedding,
            segments_total=counters.segments,
            bytes_total=counters.bytes,
            gaps_total=counters.gaps,
            failures_total=counters.failures,
        )

    def open_lines(self, office: str, recording: str) -> list[bytes] | None:
        """The open segment of a recording as it is now; None if it has none."""
        take = self._takes.get(office)
        if take is None or take.recording is None or take.recording.id != recording or not take.lines:
            return None
        return [*take.lines]

    def leave(self, office: str) -> None:
        """Record no more of an office, in which nothing runs; its recording ends now. Harmless when there is none."""
        take = self._takes.get(office)
        if take is not None:
            self._guarded(take, self._end)

    async def settled(self) -> None:
        """Return when no office is being woken and nothing is being written."""
        while self._waking:
            await asyncio.wait([*self._waking.values()])
        await self.writer.settled()

    async def stop(self) -> None:
        """Close all open segments and write them. Their recordings go on if the next start is soon enough."""
        self._hold = None
        waking = [*self._waking.values()]
        for task in waking:
            task.cancel()
        await asyncio.gather(*waking, return_exceptions=True)
        self._beats.stop()
        for take in self._takes.values():
            self._close(take, end_ms=self._clock.now_ms(), over=True)
        self._takes.clear()
        await self.writer.stop()

    # Beginning and going on

    def _wake(self, take: Take) -> None:
        task = asyncio.create_task(self._begin(take), name=f"recording {take.office}")
        self._waking[take.office] = task

    async def _begin(self, take: Take) -> None:
        try:
            former = await former_of(self._db, take.office, now_ms=self._clock.now_ms(), hz=self._hz)
            if former is not None and self.holds(former.id):
                former = None
            if self._hold is not None:
                source = await self._hold(take.office)
                self._start(take, source, former)  # in the step in which the office is awake
        except Exception as error:  # noqa: BLE001 - whatever it is, work goes on without a recording for now
            if not take.failed:
                log.warning("recording.not_begun", office=take.office, reason=str(error))
            take.failed = True
            self._put_next(take)
        finally:
            del self._waking[take.office]

    def _start(self, take: Take, source: Source, former: Recording | None) -> None:
        if self._takes.get(take.office) is not take:
            self._release(take.office)
            return
        take.failed = False
        take.recording = former or self._new(take.office, source.current().now)
        take.gap = former is not None
        self._open(take, source, take.recording.segments)
        self._keep(take, take.recording)  # so that it can be looked at from its first moment on

    def _new(self, office: str, now_ms: int) -> Recording:
        return Recording(id=self._ids.new(), office=office, hz=self._hz, started_ms=now_ms, last_ms=now_ms)

    def _open(self, take: Take, source: Source, n: int) -> None:
        self.writer.held_bytes += len(take.open(source, n))
        take.offset_ms = self._offset_ms()
        self._put_next(take)

    def _offset_ms(self) -> int:
        return self._clock.now_ms() - self._clock.monotonic_ms()

    # What happens to an open segment

    def _cut(self, take: Take, recording: Recording, source: Source) -> None:
        """Close the segment, and begin the next one at the same moment with the keyframe of what is true now."""
        now_ms = source.current().now
        if now_ms - recording.started_ms < recording_ms_max:
            self._close(take, end_ms=now_ms, over=False)
            self._open(take, source, take.n + 1)
        else:
            self._close(take, end_ms=now_ms, over=True)
            self.writer.put(Ended(recording=recording, at_ms=now_ms))
            take.recording = self._new(take.office, now_ms)
            self._open(take, source, 0)

    def _go_over(self, take: Take, source: Source) -> None:
        """Go on with another epoch, over a gap. One that was away for an hour begins another recording."""
        if take.recording is None:
            return
        n = take.n + 1
        self._close(take, end_ms=None, over=True)
        away_ms = self._offset_ms() - take.offset_ms
        take.source, take.gap = source, True
        if away_ms >= quiet_ms_max:
            self.writer.put(Ended(recording=take.recording, at_ms=take.recording.last_ms))
            take.recording, take.gap, n = self._new(take.office, source.current().now), False, 0
        take.n = n - 1
        self._reopen(take)

    def _shed(self, take: Take) -> None:
        """Keep nothing more until there is room again."""
        if not self._shedding:
            log.warning("recording.sheds", held_bytes=self.writer.held_bytes, held_bytes_max=self._bytes_max)
        self._shedding = True
        self._close(take, end_ms=None, over=True)
        take.gap = True
        self._put_next(take)

    def _reopen(self, take: Take) -> None:
        """Begin the next segment, if there is room for one."""
        room = self.writer.held_bytes <= (self._bytes_max // 2 if self._shedding else self._bytes_max)
        if room and take.source is not None:
            self._shedding = False
            self._open(take, take.source, take.n + 1)
        else:
            take.lines, take.size = [], 0
            self._put_next(take)

    def _keep(self, take: Take, recording: Recording) -> None:
        """Have what came since the last time written."""
        part = take.part(recording)
        if part is not None:
            self.writer.put(part)

    def _close(self, take: Take, *, end_ms: int | None, over: bool) -> None:
        if take.recording is not None and take.lines:
            self.writer.put(take.close(take.recording, end_ms=end_ms, over=over))

    def _end(self, take: Take) -> None:
        """Nothing ran for an hour."""
        now_ms = self._clock.now_ms()
        del self._takes[take.office]
        self._close(take, end_ms=now_ms, over=True)
        if take.recording is not None:
            self.writer.put(Ended(recording=take.recording, at_ms=now_ms))
        self._release(take.office)

    # When it happens

    def _look_at(self, office: str, beat: int) -> None:
        take = self._takes.get(office)
        if take is not None:
            self._guarded(take, partial(self._look, beat=beat))

    def _look(self, take: Take, beat: int) -> None:
        """Do what is due for an office at a beat."""
        take.due = False
        if take.quiet_beat is not None and take.quiet_beat <= beat:
            take.quiet_beat = None
            self._watch(take)
        if take.quiet_ms is not None and self._clock.monotonic_ms() - take.quiet_ms >= quiet_ms_max:
            self._end(take)
        elif take.recording is None or take.source is None:
            if take.office not in self._waking:
                self._wake(take)
        elif not take.lines:
            self._reopen(take)
        elif take.size > open_bytes_max or (take.worth and (beat - take.phase) % beats_per_segment == 0):
            self._cut(take, take.recording, take.source)
        else:
            self._keep(take, take.recording)
            if take.worth:
                self._put_next(take)

    def _watch(self, take: Take) -> None:
        """Look at a quiet office when its hour may be over; once for however often it was quiet before."""
        if take.quiet_ms is not None and take.quiet_beat is None:
            take.quiet_beat = -(-(take.quiet_ms + quiet_ms_max) // beat_ms)
            self._beats.put(take.office, take.quiet_beat)

    def _guarded(self, take: Take, change: Callable[[Take], None]) -> None:
        """A failure here is a defect of the recorder, and nobody else's affair."""
        try:
            change(take)
        except Exception:
            log.exception("recording.defect", office=take.office)
            self.writer.held_bytes -= take.size
            take.lines, take.size, take.gap = [], 0, True

    def _put_next(self, take: Take) -> None:
        take.due = True
        self._beats.put(take.office, next_beat(take.phase, self._beats.now()))
