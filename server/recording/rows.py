"""Entries as statements: read through for what is to be marked, packed, and counted."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import orjson

from server.recording.entries import Closed, Ended, Entry, Recording
from server.recording.frame import moment_ms, read_diff, read_keyframe
from server.recording.markers import Noted
from server.recording.segment import pack
from server.store import recordings
from server.store.recordings import SegmentRow
from server.store.statements import Statement
from simulation.frames import Keyframe

GiveWay: TypeAlias = Callable[[], Awaitable[None]]
"""Awaited between steps of about a millisecond, so that whoever is more urgent goes first."""

STEP = 32
"""So many diffs are read in one go."""
aside_bytes = 64 * 1024
"""What is larger is packed in a thread of its own: it takes milliseconds."""


async def written(entry: Entry, give_way: GiveWay) -> list[Statement]:
    """The statements that write an entry. To be asked once for each, in their order: figures and markers grow by it."""
    if isinstance(entry, Ended):
        entry.recording.last_ms = max(entry.recording.last_ms, entry.at_ms)
        return [*_begun(entry.recording), recordings.end(entry.recording.id, entry.recording.last_ms)]
    if isinstance(entry, Closed):
        return [*_begun(entry.recording), *await _closed(entry, give_way)]
    if entry.void:
        return []
    body = await packed(entry.lines)
    return [*_begun(entry.recording), recordings.add_part(entry.recording.id, entry.n, entry.number, body)]


async def packed(lines: Sequence[bytes]) -> bytes:
    """Pack lines, large ones beside the event loop."""
    if sum(map(len, lines)) > aside_bytes:
        return await asyncio.to_thread(pack, lines)
    return pack(lines)


def _begun(recording: Recording) -> list[Statement]:
    if recording.begun:
        return []
    recording.begun = True
    return [
        recordings.begin(
            recording=recording.id,
            office=recording.office,
            hz=recording.hz,
            started_ms=recording.started_ms,
        )
    ]


async def _closed(entry: Closed, give_way: GiveWay) -> list[Statement]:
    keyframe, said_ms, noted = await _read(entry, give_way)
    body = await packed(entry.lines)
    row = SegmentRow(
        n=entry.n,
        start_ms=keyframe.now_ms,
        end_ms=max(said_ms, entry.end_ms or 0),
        first=keyframe.seq,
        last=keyframe.seq + len(entry.lines) - 1,
        frames=len(entry.lines),
        bytes=len(body),
        markers=orjson.dumps(noted.markers).decode(),
        idle=orjson.dumps(noted.idle).decode(),
    )
    recording = entry.recording
    recording.segments = entry.n + 1
    recording.frames += row.frames
    recording.bytes += row.bytes
    recording.last_ms = max(recording.last_ms, row.end_ms)
    return [*recordings.close_segment(recording.id, row, body), _grown(recording)]


def _grown(recording: Recording) -> Statement:
    return recordings.grow(
        recording.id,
        last_ms=recording.last_ms,
        segments=recording.segments,
        frames=recording.frames,
        bytes_=recording.bytes,
    )


async def _read(entry: Closed, give_way: GiveWay) -> tuple[Keyframe, int, Noted]:
    """Read a segment through; its keyframe, the moment of the last thing said, and what is to be marked."""
    markers, hz = entry.recording.markers, entry.recording.hz
    keyframe = read_keyframe(entry.lines[0])
    if entry.gap:
        markers.gap(min(entry.recording.last_ms, keyframe.now_ms), keyframe.now_ms)
    markers.keyframe(keyframe.now_ms, keyframe.state)
    said_ms = keyframe.now_ms
    for number, line in enumerate(entry.lines[1:], 1):
        diff = read_diff(line)
        said_ms = moment_ms(keyframe, diff.tick, hz)
        markers.diff(said_ms, diff.patch)
        if number % STEP == 0:
            await give_way()
    if entry.over:
        markers.end(max(said_ms, entry.end_ms or 0))
    return keyframe, said_ms, markers.take()
