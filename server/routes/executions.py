"""Executions: their logs."""

from starlette.responses import Response

from server.errors import NotFoundError
from server.routes.answers import JsonAnswer
from server.routes.call import Call
from server.routes.paging import whole
from server.routes.times import rfc3339
from server.store.pages import execution_exists

POSITION_MAX = 2**53


async def log(call: Call) -> Response:
    """Whole lines of a log from a position on; `next` is where to go on, `ended` that nothing more will come."""
    execution = call.path("id")
    after = whole("after", call.request.query_params.get("after"), low=0, high=POSITION_MAX, default=0)
    async with call.parts.db.read() as conn:
        if not await execution_exists(conn, call.office, execution):
            raise NotFoundError(f"execution: there is no {execution!r} in this office")
    # Asked first: what a lease's runner says before its end is in the log by then.
    leased = call.parts.scheduler.leased(call.office, execution)
    tail = await call.parts.logs.tail(execution, after)
    lines = [{"at": rfc3339(at_ms), "text": text} for at_ms, text in tail.lines]
    return JsonAnswer({"lines": lines, "next": tail.next, "ended": tail.ended and not leased})
