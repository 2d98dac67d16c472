"""Tasks: listed, looked at, cancelled, tried again."""

from starlette.responses import Response

from server.model import TaskState
from server.routes.answers import JsonAnswer
from server.routes.call import Call
from server.routes.figures import why_of
from server.routes.paging import cursor_of, limit_of, page, word
from server.routes.shapes import task_shape
from server.store.batches import batch_row
from server.store.pages import TaskFilter, task_record, tasks_page


async def listed(call: Call) -> Response:
    """Tasks of the office, or of the batch that the query names."""
    return await _listed(call, call.request.query_params.get("batch") or None)


async def listed_of_batch(call: Call) -> Response:
    """Tasks of one batch, in the order of its list."""
    return await _listed(call, call.path("id"))


async def shown(call: Call) -> Response:
    """One task with its executions."""
    async with call.parts.db.read() as conn:
        return JsonAnswer(task_shape(await task_record(conn, call.office, call.path("id"))))


async def cancel(call: Call) -> Response:
    """Cancel it if it waits; if it runs, ask it to end: it is cancelled once its body has ended."""
    await call.parts.scheduler.cancel_task(call.office, call.path("id"))
    return await shown(call)


async def retry(call: Call) -> Response:
    """Put a failed or cancelled task back to waiting."""
    await call.parts.scheduler.retry_task(call.office, call.path("id"))
    return await shown(call)


async def _listed(call: Call, batch: str | None) -> Response:
    query = call.request.query_params
    limit = limit_of(query)
    after = cursor_of(query, str, int)
    wanted = TaskFilter(
        batch=batch,
        state=word("state", query.get("state"), TaskState),
        words=query.get("q") or None,
        why=why_of(query),
    )
    async with call.parts.db.read() as conn:
        if batch is not None:
            await batch_row(conn, call.office, batch)
        found = await tasks_page(conn, call.office, wanted, limit=limit, after=after)
        more = found and await tasks_page(
            conn, call.office, wanted, limit=1, after=(found[-1].batch, found[-1].position)
        )
    last = (found[-1].batch, found[-1].position) if more else None
    return page([task_shape(task) for task in found], after=last)
