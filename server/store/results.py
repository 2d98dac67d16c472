"""A batch's results for an export: all its tasks, page by page, each page a short read of its own."""

from collections.abc import AsyncIterator, Sequence

from server.store.database import Database
from server.store.pages import TaskFilter, TaskRecord, task_records

PAGE, PAGE_LEAST = 200, 10
PAGE_BYTES = 1024 * 1024
"""Rows that are heavy come fewer at a time: so many that they weigh about this, as the page before tells."""


async def exported(db: Database, office: str, wanted: TaskFilter) -> AsyncIterator[list[TaskRecord]]:
    """Yield the tasks that are wanted, in the order of their list, without executions.

    No transaction stays open between two pages: a slow reader never holds back the write-ahead log. Tasks that move
    on in the meantime are told as they are when their page is read.
    """
    after: tuple[str, int] | None = None
    limit = PAGE
    while True:
        async with db.read() as conn:
            page = await task_records(conn, office, wanted, limit=limit, after=after)
        if page:
            yield page
        if len(page) < limit:
            return
        after, limit = (page[-1].batch, page[-1].position), _next(page)


def _next(page: Sequence[TaskRecord]) -> int:
    weight = sum(len(task.input) + len(task.result or b"") for task in page)
    return max(PAGE_LEAST, min(PAGE, PAGE_BYTES * len(page) // max(1, weight)))
