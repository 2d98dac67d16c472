"""Moving pictures of recordings: ordered, looked at, fetched, deleted. They are those of the account that ordered them."""

import math
from collections.abc import Mapping
from typing import Any

from starlette.responses import FileResponse, Response

from server.errors import ConflictError, ForbiddenError, InvalidInputError
from server.model import View
from server.preview.export import Export, ExportState
from server.preview.film import film_of
from server.preview.movie import Format, Movie, movie, size_of, zone_min_max
from server.recording.copying import noted
from server.routes.answers import NO_STORE, JsonAnswer, nothing, present
from server.routes.bodies import flag_of, number_of, once_by_members, text_of
from server.routes.call import Call
from server.routes.paging import word
from server.routes.results import disposition
from server.routes.times import moment_of
from server.store.recordings import recording_row, segment_rows

KNOWN = ("format", "from", "to", "speed", "size", "fps", "night", "view", "skip_idle", "zone")
MEDIA: Mapping[Format, str] = {Format.GIF: "image/gif", Format.MP4: "video/mp4"}


async def create(call: Call) -> Response:
    """Order a moving picture of a recording, as far as its closed segments go."""
    return await once_by_members(call, KNOWN, lambda members: _create(call, members))


async def shown(call: Call) -> Response:
    """How far one is."""
    return JsonAnswer(_shape(_export(call)))


async def file(call: Call) -> Response:
    """A picture that is done."""
    export = _export(call)
    if export.state is not ExportState.DONE:
        raise ConflictError(f"export: expected one that is done, got one that is {export.state}")
    name = f"{export.name} {export.recording}.{export.order.format}"
    headers = {**NO_STORE, "vary": "Authorization, Cookie", "content-disposition": disposition(name)}
    return FileResponse(export.file, headers=headers, media_type=MEDIA[export.order.format])


async def delete(call: Call) -> Response:
    """Delete one; if it is being made, that ends."""
    await call.parts.exports.drop(call.who.account, call.path("id"))
    return nothing()


async def _create(call: Call, members: Mapping[str, Any]) -> Response:
    wanted = wanted_of(members, call.who.view)
    async with call.parts.db.read() as conn:
        row = await recording_row(conn, call.office, call.path("id"))
        rows = await segment_rows(conn, row.id)
    _, idle = noted(rows, wanted.view)
    whole = wanted.with_idle(tuple(idle))
    film_of(whole, rows)
    name = row.name or (await call.parts.scheduler.account(call.office)).name
    export = await call.parts.exports.put(call.who.account, name, whole, row, rows)
    return JsonAnswer(_shape(export), 202)


def wanted_of(members: Mapping[str, Any], allowed: View) -> Movie:
    """The order in a body. Without a view it is `batches`, or less if that is all one may see: pictures are passed on.

    Raises:
        InvalidInputError: a member is not what it should be.
        ForbiddenError: the view shows more than the caller may see.
    """
    asked = word("view", text_of(members, "view", chars_max=20), View)
    if asked is not None and asked.narrower(allowed) is not asked:
        raise ForbiddenError(f"view: expected {allowed} or one that shows less, got {asked}")
    shape = word("format", text_of(members, "format", chars_max=20), Format)
    if shape is None:
        raise InvalidInputError(f"format: expected one of {', '.join(Format)}, got nothing")
    size, fps = text_of(members, "size", chars_max=20), number_of(members, "fps", low=1, high=60, whole=True)
    return movie(
        format=shape,
        view=asked or View.BATCHES.narrower(allowed),
        from_ms=moment_of(members, "from"),
        to_ms=moment_of(members, "to"),
        speed=number_of(members, "speed", low=0, high=math.inf),
        size=None if size is None else size_of(size),
        fps=None if fps is None else int(fps),
        night=flag_of(members, "night", default=False),
        zone_min=int(number_of(members, "zone", low=-zone_min_max, high=zone_min_max, whole=True) or 0),
        skip_idle=flag_of(members, "skip_idle", default=shape is Format.MP4),
    )


def _export(call: Call) -> Export:
    return call.parts.exports.found(call.who.account, call.path("id"))


def _shape(export: Export) -> dict[str, Any]:
    return present(
        id=export.id,
        recording=export.recording,
        format=export.order.format,
        view=export.order.view,
        state=export.state,
        permille=export.permille,
        bytes=export.bytes,
        size=None if export.size is None else f"{export.size[0]}x{export.size[1]}",
        reason=export.reason,
    )
