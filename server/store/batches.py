"""Batches as rows: the record that other parts read, and the writes of the scheduler."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.model import BatchState, Blocked


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchRow:
    """One batch with all its figures; total = waiting + running + done + failed + cancelled.

    `order` counts the office's batches from 0. `cancelling`: cancelled, but something still runs. `eta_ms` (the
    moments by which it is done with 50 % and 90 % likelihood) is known to the scheduler only and is in no row.
    """

    id: str
    office: str
    name: str
    kind: str
    params: Mapping[str, Any]
    state: BatchState
    blocked: Blocked | None
    until_ms: int | None
    cancelling: bool
    priority: int
    slots: int | None
    attempts: int
    timeout_ms: int
    order: int
    total: int
    waiting: int
    running: int
    done: int
    failed: int
    cancelled: int
    created_ms: int
    started_ms: int | None
    ended_ms: int | None
    eta_ms: tuple[int, int] | None = None


async def batch_row(conn: AsyncConnection, office: str, batch: str) -> BatchRow:
    """Read one batch of an office.

    Raises:
        NotFoundError: there is none, it is another office's, or it is still arriving.
    """
    raise NotImplementedError
