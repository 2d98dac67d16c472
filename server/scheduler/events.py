"""The index in the words of the bus: what to tell, and whether it moved enough to be told again."""

from collections.abc import Iterable
from typing import cast

from server.model import Blocked
from server.scheduler.forecast import has_moved
from server.scheduler.index import Batch, Index, Office, Running
from server.scheduler.plan import Judged
from server.scheduler.slots import free_slots
from server.store.usage import resets_ms
from simulation.inputs import (
    BatchChanged,
    Ended,
    EndState,
    Input,
    OfficeChanged,
    Progressed,
    QueueChanged,
    QuotaChanged,
    SlotsChanged,
    Started,
    Waiting,
)

SPEED_EVERY_MS = 10_000
SPEED_PART = 0.05


def started(running: Running) -> Started:
    """Tell of an execution that runs."""
    return Started(
        execution=running.id, task=running.task, batch=running.batch.id, title=running.title,
        attempt=running.attempt, attempts=running.batch.attempts, at_ms=running.started_ms,
        estimate_ms=running.estimate_ms,
    )  # fmt: skip


def ended(judged: Judged) -> Ended:
    """Tell of an end, with the moment of the next attempt if there is one."""
    end = judged.end
    return Ended(
        execution=end.running.id, at_ms=end.at_ms, state=cast("EndState", end.outcome.state.value),
        reason=None if end.outcome.reason is None else end.outcome.reason.value, retry_ms=judged.verdict.ready_ms,
    )  # fmt: skip


def batch_changed(batch: Batch) -> BatchChanged:
    """Tell all of a batch's figures."""
    figures = batch.figures
    return BatchChanged(
        batch=batch.id, name=batch.name, state=figures.state.value, total=figures.total, done=figures.done,
        failed=figures.failed, running=figures.running, order=batch.order,
        eta_ms=None if figures.ended else batch.eta_ms, ended_ms=figures.ended_ms,
    )  # fmt: skip


def quota_changed(office: Office) -> QuotaChanged:
    """Tell the month's usage."""
    ledger = office.ledger
    return QuotaChanged(used=ledger.used, limit=office.quota, resets_ms=resets_ms(ledger.month))


def blocked_by(index: Index, office: Office, trouble: Blocked | None) -> tuple[Blocked | None, int | None]:
    """Say why nothing starts although work waits, and until when if that is known; (None, None): it goes on.

    `trouble` is what holds the whole process back (it drains, the disk is full).
    """
    if office.waiting == 0:
        return None, None
    if trouble is not None:
        return trouble, None
    if office.suspended or office.held == office.waiting:
        return Blocked.SUSPENDED if office.suspended else Blocked.PAUSED, None
    if office.quota_out:
        return Blocked.QUOTA, resets_ms(office.ledger.month)
    until_ms = _limited_until(office)
    if until_ms is not None:
        return Blocked.RATELIMIT, until_ms
    lacking = _crowded_out(index, office) or _unasked_for(office)
    return (Blocked.CAPACITY if lacking else None), None


def _crowded_out(index: Index, office: Office) -> bool:
    """Whether only the machine's limit keeps this office from starting more."""
    free = free_slots(office.slots, office.ledger.running)
    return bool(free and office.ring) and index.running >= index.running_max


def _unasked_for(office: Office) -> bool:
    """Whether nothing runs, and all that could is pulled by nobody."""
    if office.executions or office.ring:
        return False
    pulled = sum(batch.figures.waiting for batch in office.batches.values() if batch.pulled)
    return pulled > 0 and pulled + office.held >= office.waiting


def _limited_until(office: Office) -> int | None:
    """Return when the first of the providers' limits is over, if they hold back all that could go on."""
    if not office.shut:
        return None
    limited = [batch for batch in office.batches.values() if batch.figures.blocked is Blocked.RATELIMIT]
    if not limited or sum(batch.figures.waiting for batch in limited) + office.held < office.waiting:
        return None
    return min(batch.figures.until_ms or 0 for batch in limited)


def queue_changed(index: Index, office: Office, trouble: Blocked | None, now_ms: int) -> QueueChanged:
    """Tell the queue's figures; speed and promise stay as they were told until they have moved enough."""
    blocked, until_ms = blocked_by(index, office, trouble)
    told = office.told
    eta_ms = office.eta_ms if office.waiting or office.executions else None
    if told is not None and not has_moved(told.eta_ms, eta_ms, now_ms):
        eta_ms = told.eta_ms
    return QueueChanged(
        waiting=office.waiting, perhour=_speed(office, now_ms), eta_ms=eta_ms,
        blocked=None if blocked is None else blocked.value, until_ms=until_ms,
        pace=office.throughput.pace(now_ms) if office.waiting or office.executions else (),
    )  # fmt: skip


def news(
    index: Index, office: Office, batches: Iterable[Batch], trouble: Blocked | None, now_ms: int
) -> list[Input]:
    """Return what is not as it was told last: of these batches, the quota and the queue."""
    facts: list[Input] = []
    for batch in batches:
        changed = batch_changed(batch)
        if changed != batch.told:
            batch.told = changed
            facts.append(changed)
    quota = quota_changed(office)
    if quota != office.told_quota:
        office.told_quota = quota
        facts.append(quota)
    queue = queue_changed(index, office, trouble, now_ms)
    if queue != office.told:
        if office.told is None or queue.perhour != office.told.perhour:
            office.sped_ms = now_ms
        office.told = queue
        facts.append(queue)
    return facts


def all_facts(office: Office) -> list[Input]:
    """Return what brings a freshly begun world to now: all that was told, as it was told last."""
    facts: list[Input] = [
        OfficeChanged(name=office.name, tier=office.tier.name),
        SlotsChanged(slots=office.slots),
        *(fact for fact in (office.told_quota, office.told) if fact is not None),
        *(batch.told for batch in office.batches.values() if batch.told is not None),
    ]
    for running in office.executions.values():
        facts.append(started(running))
        if running.heard_ms:
            facts.append(
                Progressed(
                    execution=running.id, at_ms=running.heard_ms, permille=running.permille,
                    remaining_ms=running.remaining_ms, note=running.note,
                )
            )  # fmt: skip
        if running.until_ms is not None:
            facts.append(Waiting(execution=running.id, until_ms=running.until_ms))
    return facts


def _speed(office: Office, now_ms: int) -> int | None:
    """Return ends an hour, as told last unless that is 10 s ago and 5 % off."""
    perhour = office.throughput.perhour(now_ms) if office.executions or office.waiting else None
    told = None if office.told is None else office.told.perhour
    if perhour is None or told is None:
        return perhour
    recent = office.sped_ms is not None and 0 <= now_ms - office.sped_ms < SPEED_EVERY_MS
    return told if recent or abs(perhour - told) < SPEED_PART * told else perhour
