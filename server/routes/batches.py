"""Batches: listed, looked at, controlled."""

from starlette.responses import Response

from server.errors import InvalidInputError
from server.intake.submission import NAME_CHARS_MAX, SLOTS_MAX
from server.model import PRIORITIES, BatchState
from server.routes.answers import JsonAnswer
from server.routes.bodies import members_of, text_of
from server.routes.call import Call
from server.routes.figures import why_of
from server.routes.formats import formats_of
from server.routes.paging import cursor_of, limit_of, page, word
from server.routes.shapes import batch_shape
from server.store.batches import BatchRow, batch_row
from server.store.pages import batches_page


async def listed(call: Call) -> Response:
    """All batches of the office, newest first."""
    query = call.request.query_params
    limit = limit_of(query)
    cursor = cursor_of(query, str)
    state = word("state", query.get("state"), BatchState)
    async with call.parts.db.read() as conn:
        rows = await batches_page(
            conn,
            call.office,
            limit=limit + 1,
            after=cursor[0] if cursor else None,
            states=[state] if state else (),
            words=query.get("q"),
        )
    after = (rows[limit - 1].id,) if len(rows) > limit else None
    return page([batch_shape(call, row) for row in rows[:limit]], after=after)


async def shown(call: Call) -> Response:
    """One batch."""
    async with call.parts.db.read() as conn:
        row = await batch_row(conn, call.office, call.path("id"))
    return JsonAnswer({**batch_shape(call, row), "formats": await formats_of(call)})


async def pause(call: Call) -> Response:
    """Start nothing more of it; what runs goes on to its end."""
    return _answer(call, await call.parts.scheduler.pause(call.office, call.path("id")))


async def resume(call: Call) -> Response:
    """Go on with a paused batch."""
    return _answer(call, await call.parts.scheduler.resume(call.office, call.path("id")))


async def cancel(call: Call) -> Response:
    """Cancel what waits, ask what runs to end."""
    return _answer(call, await call.parts.scheduler.cancel(call.office, call.path("id")))


async def retry(call: Call) -> Response:
    """Put the failed tasks back to waiting; with `why` those that failed for it."""
    why = why_of(call.request.query_params)
    return _answer(call, await call.parts.scheduler.retry(call.office, call.path("id"), why))


async def patch(call: Call) -> Response:
    """Change name, priority or cap. `slots` null takes the batch's own cap away."""
    members = await members_of(call, "name", "priority", "slots")
    if not members:
        raise InvalidInputError("expected one or more of name, priority, slots, got none")
    priority = members.get("priority")
    if priority is not None and (isinstance(priority, bool) or priority not in PRIORITIES):
        raise InvalidInputError(
            f"priority: expected one of {', '.join(map(str, PRIORITIES))}, got {priority!r}"
        )
    row = await call.parts.scheduler.patch(
        call.office,
        call.path("id"),
        name=text_of(members, "name", chars_max=NAME_CHARS_MAX),
        priority=None if priority is None else int(priority),
        slots=_slots(members["slots"]) if "slots" in members else None,
    )
    return _answer(call, row)


def _slots(value: object) -> int:
    """The cap as the scheduler takes it: 0 for none."""
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= SLOTS_MAX:
        raise InvalidInputError(f"slots: expected a whole number, 1 to {SLOTS_MAX}, or null, got {value!r}")
    return value


def _answer(call: Call, row: BatchRow) -> Response:
    return JsonAnswer(batch_shape(call, row))
