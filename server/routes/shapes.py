"""Batches, tasks and executions as HTTP shows them."""

from typing import Any

import orjson

from server.model import BATCH_OPEN
from server.routes.answers import present
from server.routes.call import Call
from server.routes.times import maybe_rfc3339, rfc3339
from server.store.batches import BatchRow
from server.store.pages import ExecutionRecord, TaskRecord


def eta_of(call: Call, row: BatchRow) -> tuple[int, int] | None:
    """When an unfinished batch will be done, in milliseconds, half and nine times in ten; only the scheduler knows."""
    if row.state not in BATCH_OPEN:
        return None
    return row.eta_ms or call.parts.scheduler.eta(row.office, row.id)


def batch_shape(call: Call, row: BatchRow) -> dict[str, Any]:
    """A batch with its figures: total = waiting + running + done + failed + cancelled."""
    return batch_facts(row, eta_of(call, row))


def batch_facts(row: BatchRow, eta: tuple[int, int] | None = None) -> dict[str, Any]:
    """A batch as its row has it, for whoever it is told to; `eta` is not in the row."""
    return present(
        id=row.id,
        name=row.name,
        kind=row.kind,
        state=row.state,
        blocked=row.blocked,
        until=maybe_rfc3339(row.until_ms),
        reason=row.reason,
        total=row.total,
        done=row.done,
        failed=row.failed,
        cancelled=row.cancelled,
        running=row.running,
        waiting=row.waiting,
        order=row.order,
        priority=row.priority,
        slots=row.slots,
        attempts=row.attempts,
        timeout=row.timeout_ms / 1000,
        created=rfc3339(row.created_ms),
        started=maybe_rfc3339(row.started_ms),
        ended=maybe_rfc3339(row.ended_ms),
        cleared=maybe_rfc3339(row.cleared_ms),
        eta=[rfc3339(moment_ms) for moment_ms in eta] if eta else None,
    )


def task_shape(task: TaskRecord) -> dict[str, Any]:
    """A task; its input and result are the JSON that was stored, byte for byte."""
    return present(
        id=task.id,
        batch=task.batch,
        title=task.title,
        key=task.key,
        state=task.state,
        attempts=task.attempts,
        input=orjson.Fragment(task.input),
        result=orjson.Fragment(task.result) if task.result is not None else None,
        reason=task.reason,
        message=task.message,
        ready=maybe_rfc3339(task.ready_ms),
        executions=[execution_shape(execution) for execution in task.executions],
    )


def execution_shape(execution: ExecutionRecord) -> dict[str, Any]:
    """One attempt."""
    return present(
        id=execution.id,
        attempt=execution.attempt,
        state=execution.state,
        started=rfc3339(execution.started_ms),
        ended=maybe_rfc3339(execution.ended_ms),
        reason=execution.reason,
        message=execution.message,
    )
