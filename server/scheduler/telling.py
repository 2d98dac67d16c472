"""Ends of batches are written down for those who want to hear of them, in the transaction that the ends are committed in."""

from collections.abc import Iterable

from server.scheduler.figures import Figures
from server.scheduler.index import Batch, Office
from server.scheduler.plan import Plan
from server.store.batches import BatchRow
from server.store.statements import Statement
from server.webhooks.contract import Herald

Change = tuple[Office, Batch, Figures]
"""A batch, and the figures that it is about to have."""


def batch_row_of(office: Office, batch: Batch, figures: Figures) -> BatchRow:
    """A batch with these figures, as other parts read it."""
    return BatchRow(
        id=batch.id, office=office.id, name=batch.name, kind=batch.kind, params=batch.params,
        state=figures.state, blocked=figures.blocked, until_ms=figures.until_ms, reason=figures.reason,
        cancelling=figures.cancelling,
        priority=batch.priority, slots=batch.slots, attempts=batch.attempts, timeout_ms=batch.timeout_ms,
        order=batch.order, total=figures.total, waiting=figures.waiting, running=figures.running,
        done=figures.done, failed=figures.failed, cancelled=figures.cancelled, created_ms=batch.created_ms,
        started_ms=figures.started_ms, ended_ms=figures.ended_ms,
        eta_ms=None if figures.ended else batch.eta_ms,
    )  # fmt: skip


def told_of(plan: Plan, herald: Herald) -> list[Statement]:
    """What a cycle writes of the batches that end in it: one statement, or none."""
    return told(((office, batch, batch.plan) for office, batch in plan.batches.values()), herald)


def told(changes: Iterable[Change], herald: Herald) -> list[Statement]:
    """What is written of those changes that are the end of a batch: one statement, or none."""
    ends = [
        (office.account, batch_row_of(office, batch, figures))
        for office, batch, figures in changes
        if figures.ended and not batch.figures.ended and herald.hears(office.account, office.tier)
    ]
    return [herald.announce(ends)] if ends else []
