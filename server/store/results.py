"""A batch's results for an export: all its tasks, page by page, each page a short read of its own."""

from collections.abc import AsyncIterator

from server.store.database import Database
from server.store.pages import TaskFilter, TaskRecord, task_records

PAGE = 200


async def exported(db: Database, office: str, wanted: TaskFilter) -> AsyncIterator[list[TaskRecord]]:
    """Yield the tasks that are wanted, in the order of their list, without executions.

    No transaction stays open between two pages: a slow reader never holds back the write-ahead log. Tasks that move
    on in the meantime are told as they are when their page is read.
    """
    after: tuple[str, int] | None = None
    while True:
        async with db.read() as conn:
            page = await task_records(conn, office, wanted, limit=PAGE, after=after)
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = (page[-1].batch, page[-1].position)
