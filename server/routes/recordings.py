"""Recordings: listed, looked at, played segment by segment, taken home as a file, deleted.

What is sent is projected to the view that is asked for, which may show no more than the caller's. A closed segment never
changes; but only an address that names its view is the same for everybody, so only there an answer may be kept for good.
Whoever came by a link that is locked to a stretch gets what is in it; for them nothing else was ever recorded.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response, StreamingResponse

from server.errors import ConflictError, ForbiddenError, NotFoundError
from server.model import Stretch, View
from server.recording.contents import Header
from server.recording.copying import copied
from server.recording.excerpt import Excerpt
from server.recording.lately import lately
from server.recording.markers import Marker, projected_markers
from server.recording.segment import pack, projected, unpack
from server.routes.answers import NO_STORE, VARY, JsonAnswer, nothing, present
from server.routes.call import Call
from server.routes.paging import cursor_of, limit_of, page, word
from server.routes.results import disposition
from server.routes.times import maybe_rfc3339, rfc3339
from server.store.recordings import (
    RecordingRow,
    SegmentRow,
    drop,
    recording_row,
    recordings_page,
    segment_body,
    segment_row,
    segment_rows,
)

NDJSON = "application/x-ndjson"
FILE = "application/vnd.tendesks.recording"
KEPT = "private, max-age=31536000, immutable"
ASKED_AGAIN = "private, no-cache"
N_MAX = 2**31 - 1


async def listed(call: Call) -> Response:
    """All recordings of the office, newest first."""
    limit = limit_of(call.request.query_params)
    cursor = cursor_of(call.request.query_params, str)
    async with call.parts.db.read() as conn:
        rows = await recordings_page(conn, call.office, limit=limit + 1, after=cursor[0] if cursor else None)
    after = (rows[limit - 1].id,) if len(rows) > limit else None
    return page([shape_of(row) for row in rows[:limit]], after=after)


async def shown(call: Call) -> Response:
    """One recording with its closed segments and its markers, as the view shows them."""
    view = view_of(call)
    found, stretch = await _found(call), _stretch(call)
    markers, idle = noted(found, view)
    of = stretch or Stretch()
    bounds = present(**{"from": maybe_rfc3339(of.from_ms)}, to=maybe_rfc3339(of.to_ms))
    segments = [_segment(each) for each in found.rows]
    lines = None if stretch is not None else call.parts.recorder.open_lines(call.office, found.row.id)
    if lines:
        news = await asyncio.to_thread(lately, lines, found.row.hz)
        markers += projected_markers(news, view)
    shape = {**shape_of(found.row), **bounds, "view": view, "open": bool(lines)}
    return JsonAnswer({**shape, "markers": markers, "idle": idle, "segments": segments})


async def segment(call: Call) -> Response:
    """A closed segment, whose messages are those of the live socket in this view."""
    view, recording, n = view_of(call), call.path("id"), call.path("n")
    if not (n.isascii() and n.isdigit() and int(n[:20]) <= N_MAX):
        raise NotFoundError(f"segment: there is no {n[:40]!r} of recording {recording!r} in this office")
    stretch = _stretch(call)
    body = await (_body(call, int(n)) if stretch is None else _cut_body(call, int(n), stretch))
    deflated = deflates(call.request.headers.get("accept-encoding", ""))
    of = "" if stretch is None else f"-{stretch.from_ms}-{stretch.to_ms}"
    etag = f'"{recording}-{int(n)}-{view}{of}{"-deflate" if deflated else ""}"'
    named = "view" in call.request.query_params and stretch is None
    headers = {"etag": etag, "cache-control": KEPT if named else ASKED_AGAIN, "vary": VARY}
    if etag in [tag.strip() for tag in call.request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if deflated:
        headers["content-encoding"] = "deflate"
    return Response(await _sent(body, view, deflated=deflated), 200, headers, NDJSON)


async def open_segment(call: Call) -> Response:
    """The segment that is not closed yet, as far as it goes."""
    view, recording = view_of(call), call.path("id")
    lines = call.parts.recorder.open_lines(call.office, recording)
    if lines is None or _stretch(call) is not None:
        raise NotFoundError(f"segment: none is open of recording {recording!r} in this office")
    text = await asyncio.to_thread(lambda: _text(projected(lines, view)))
    return Response(text, 200, {**NO_STORE, "vary": VARY}, NDJSON)


async def file(call: Call) -> Response:
    """A whole recording as one file, as far as its closed segments go."""
    view = view_of(call)
    found = await _found(call)
    row = found.row
    name = row.name or (await call.parts.scheduler.account(call.office)).name
    header = Header(office=name, view=view, hz=row.hz, start_ms=row.started_ms)
    headers = {**NO_STORE, "vary": VARY}
    headers["content-disposition"] = disposition(f"{name} {rfc3339(row.started_ms)[:10]} {row.id}.tendesks")
    pieces = copied(header, found.rows, lambda each: _excerpt_body(call, found, each.n), *noted(found, view))
    return StreamingResponse(pieces, 200, headers, FILE)


async def delete(call: Call) -> Response:
    """Delete a recording that is over."""
    recording = call.path("id")
    async with call.parts.db.write() as tx:
        row = await recording_row(tx.conn, call.office, recording)
        if call.parts.recorder.holds(row.id):
            raise ConflictError("recording: expected one that is over, got one that is still being made")
        await drop(tx.conn, call.office, recording)
    call.parts.retention.hurry()
    return nothing()


def view_of(call: Call) -> View:
    """The view that is asked for: the caller's, unless one is named that shows less.

    Raises:
        InvalidInputError: there is no such view.
        ForbiddenError: it shows more than the caller may see.
    """
    allowed = call.who.view
    asked = word("view", call.request.query_params.get("view"), View) or allowed
    if asked.narrower(allowed) is not asked:
        raise ForbiddenError(f"view: expected {allowed} or one that shows less, got {asked}")
    return asked


def noted(found: "Found", view: View) -> tuple[list[Any], list[Any]]:
    """The markers of a recording as a view may see them, and its idle stretches."""
    markers = projected_markers(found.markers, view)
    return sorted(markers, key=lambda marker: int(marker["at"])), [*found.idle]


def deflates(accepted: str) -> bool:
    """Whether an Accept-Encoding names `deflate` and does not refuse it."""
    for choice in accepted.lower().split(","):
        coding, *params = (part.strip() for part in choice.split(";"))
        if coding == "deflate":
            return not any(map(_is_none, params))
    return False


def _is_none(param: str) -> bool:
    """Whether a param is a quality of nothing."""
    name, _, value = param.partition("=")
    return name.strip() == "q" and not value.strip().strip("0.")


def _stretch(call: Call) -> Stretch | None:
    """What whoever asks is locked to."""
    return None if call.who.link is None else call.who.link.stretch


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A recording, its closed segments and what is noted in them, as far as whoever asks may see them."""

    row: RecordingRow
    rows: Sequence[SegmentRow]
    markers: Sequence[Marker]
    idle: Sequence[Sequence[int]]
    excerpt: Excerpt


async def _found(call: Call) -> Found:
    """The recording that is asked for, as far as whoever asks may see it."""
    async with call.parts.db.read() as conn:
        row = await recording_row(conn, call.office, call.path("id"))
        rows = await segment_rows(conn, row.id)
    excerpt = Excerpt(_stretch(call), row.hz)
    held = [each for each in rows if excerpt.holds(each)]
    for place, each in enumerate(held):
        if excerpt.cuts(each):
            held[place] = await asyncio.to_thread(excerpt.row, each, await _body(call, each.n))
    markers, idle = excerpt.noted(rows)
    return Found(row=excerpt.recording(row, held), rows=held, markers=markers, idle=idle, excerpt=excerpt)


async def _body(call: Call, n: int) -> bytes:
    """A closed segment as it was packed. Raises NotFoundError where there is none."""
    async with call.parts.db.read() as conn:
        return await segment_body(conn, call.office, call.path("id"), n)


async def _cut_body(call: Call, n: int, stretch: Stretch) -> bytes:
    """The same for somebody who is locked to a stretch, in which it must be in part at least."""
    async with call.parts.db.read() as conn:
        row = await recording_row(conn, call.office, call.path("id"))
        known = await segment_row(conn, row.id, n)
    excerpt = Excerpt(stretch, row.hz)
    if known is None or not excerpt.holds(known):
        raise NotFoundError(f"segment: there is no {n} of recording {row.id!r} in this office")
    return await asyncio.to_thread(excerpt.body, await _body(call, n))


async def _sent(body: bytes, view: View, *, deflated: bool) -> bytes:
    """What was packed as it is, where nothing has to be left out; else beside the event loop."""
    if view is View.FULL and deflated:
        return body
    return await asyncio.to_thread(_unpacked, body, view, deflated)


def _unpacked(body: bytes, view: View, deflated: bool) -> bytes:
    lines = projected(unpack(body), view)
    return pack(lines) if deflated else _text(lines)


def _text(lines: Sequence[bytes]) -> bytes:
    return b"\n".join((*lines, b""))


async def _excerpt_body(call: Call, found: Found, n: int) -> bytes:
    """A segment as it was packed, as far as whoever asks may see it."""
    body = await _body(call, n)
    return body if found.excerpt.whole else await asyncio.to_thread(found.excerpt.body, body)


def shape_of(row: RecordingRow) -> dict[str, Any]:
    """A recording as HTTP tells it."""
    return present(
        id=row.id,
        started=rfc3339(row.started_ms),
        ended=maybe_rfc3339(row.ended_ms),
        seconds=max(0, row.last_ms - row.started_ms) / 1000,
        hz=row.hz,
        frames=row.frames,
        bytes=row.bytes,
        name=row.name,
        imported=maybe_rfc3339(row.imported_ms),
    )


def _segment(row: SegmentRow) -> Mapping[str, Any]:
    return {
        "n": row.n,
        "start": rfc3339(row.start_ms),
        "end": rfc3339(row.end_ms),
        "first": row.first,
        "last": row.last,
        "frames": row.frames,
        "bytes": row.bytes,
    }
