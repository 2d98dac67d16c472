"""Rows become the index: at the start, for an office that someone looks at, and after a commit that failed."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection
from structlog import get_logger

from server.billing.tiers import tier_named
from server.model import Blocked, ExecutionState, Outcome, Tier
from server.scheduler.figures import Figures
from server.scheduler.index import Batch, Ledger, Office, Running
from server.scheduler.plan import LEASE_MS, End
from server.store import executions, tasks
from server.store.batches import shown_batches
from server.store.executions import ExecutionRow
from server.store.offices import OfficeRow, office_rows
from server.store.usage import month_of
from simulation.inputs import Ended, EndState

SHOWN_MS = 3_600_000  # batches that ended within the hour are shown
log = get_logger(__name__)


async def load_offices(
    conn: AsyncConnection, ids: Sequence[str], tiers: Mapping[str, Tier], now_ms: int, elapsed_ms: int = 0
) -> list[Office]:
    """Read offices with their batches and backoffs, and as running what rows say is running.

    `now_ms` is the wall clock's moment, `elapsed_ms` the monotonic one: leases are of the latter.
    Windows are read when they are needed, so the time this takes does not grow with the tasks that wait.
    """
    names, month = list(ids), month_of(now_ms)
    offices = {row.id: _office(row, tiers) for row in await office_rows(conn, names, month)}
    for row, pace in await shown_batches(conn, names, now_ms - SHOWN_MS):
        offices[row.office].add(Batch.of(row, Figures.of(row, pace)))
    owners = {batch: office for office in offices.values() for batch in office.batches}
    for batch, position, task, ready_ms in await tasks.backoffs(conn, list(owners)):
        owners[batch].backoffs.append((ready_ms, position, batch, task))
    for execution in await executions.running(conn, names):
        _add_running(offices[execution.office], execution, now_ms, elapsed_ms)
    for office in offices.values():
        office.ledger.turn = max([office.ledger.turn, *(b.figures.turn for b in office.batches.values())])
        office.backoffs.sort()  # a sorted list is a heap
        office.plan.running = office.ledger.running = len(office.executions)
        office.quota_out = any(batch.figures.blocked is Blocked.QUOTA for batch in office.batches.values())
        _compare(office)
    return list(offices.values())


def orphans(office: Office, now_ms: int, *, blameless: bool) -> list[End]:
    """Return the ends of all that rows say is running, though nobody here carries it out; each is returned once."""
    lost = Outcome(state=ExecutionState.LOST)
    found = [running for running in office.executions.values() if not running.held and not running.reported]
    for running in found:
        running.reported = True
    return [End(running=running, outcome=lost, at_ms=now_ms, blameless=blameless) for running in found]


async def carry_over(conn: AsyncConnection, old: Office, new: Office) -> list[Ended]:
    """Hand what is known in memory alone to an office that was read again.

    Returns the ends of executions that ran in `old` and do so no longer: their commit succeeded, its answer was lost.
    """
    new.lap, new.throughput, new.reckoned_ms, new.eta_ms = (
        old.lap,
        old.throughput,
        old.reckoned_ms,
        old.eta_ms,
    )
    new.told, new.told_quota, new.sped_ms, new.recheck = old.told, old.told_quota, old.sped_ms, True
    new.rates, new.shut, new.pulls = old.rates, old.shut, old.pulls
    for name, batch in new.batches.items():
        if name in old.batches:
            before = old.batches[name]
            batch.told, batch.eta_ms, batch.rate_key = before.told, before.eta_ms, before.rate_key
            batch.streak = before.streak
    for name, running in new.executions.items():
        known = old.executions.get(name)
        if known is None:
            running.held = False  # admitted by a commit whose answer was lost: nobody was given it
        elif known.fence == running.fence:
            known.batch = running.batch
            known.cancelling = running.cancelling  # asked for by a commit whose answer was lost
            new.executions[name] = known
    gone = [name for name in old.executions if name not in new.executions]
    return [
        Ended(
            execution=row.id,
            at_ms=row.ended_ms or 0,
            state=cast("EndState", row.state),
            reason=row.reason,
            retry_ms=row.ready_ms,
        )
        for row in await executions.ended(conn, gone)
    ]


def _office(row: OfficeRow, tiers: Mapping[str, Tier]) -> Office:
    ledger = Ledger(turn=row.turn, running=0, month=row.month, used=row.used)
    return Office(
        id=row.id, account=row.account, name=row.name, tier=tier_named(row.tier, tiers), own_slots=row.slots,
        suspended=row.suspended, own_quota=row.quota, keyed=row.keyed, ledger=ledger, plan=ledger,
    )  # fmt: skip


def _add_running(office: Office, row: ExecutionRow, now_ms: int, elapsed_ms: int) -> None:
    """Take in what rows say is running. What was pulled still is, somewhere: it gets a whole lease anew."""
    batch = office.batches[row.batch]
    office.executions[row.id] = Running(
        id=row.id, fence=row.fence, task=row.task, office=row.office, batch=batch,
        title=row.title, attempt=row.attempt, losses=row.losses, position=row.position,
        started_ms=row.started_ms, estimate_ms=None, cancelling=bool(row.cancelling), held=batch.pulled,
        lease_ms=elapsed_ms + LEASE_MS,
        timeout_ms=elapsed_ms + batch.timeout_ms - max(0, now_ms - row.started_ms),
    )  # fmt: skip


def _compare(office: Office) -> None:
    """Slots in use are counted from rows, never from a lone counter; a difference is a defect worth a line."""
    counted = sum(batch.figures.running for batch in office.batches.values())
    if counted != office.ledger.running:
        log.error("running.differs", office=office.id, batches=counted, executions=office.ledger.running)
