"""When an office's batches and its queue will be done: the estimate, applied to what the index holds."""

from collections import Counter

from server.model import BatchState
from server.scheduler.estimate import Backlog, finishes
from server.scheduler.index import Batch, Index, Office
from server.store.usage import resets_ms

EVERY_MS = 1_000
MOVED_MIN_MS = 8_000
MOVED_PART = 0.03

Eta = tuple[int, int] | None


def due(office: Office, now_ms: int) -> bool:
    """Whether a new forecast may be made: at most one each second."""
    return office.reckoned_ms is None or not 0 <= now_ms - office.reckoned_ms < EVERY_MS


def reckon(index: Index, office: Office, now_ms: int) -> list[Batch]:
    """Make a forecast of everything unfinished; return the batches whose promise moved enough to be told again.

    Paused batches have none. What the quota holds back is reckoned from the month's turn on.
    """
    office.reckoned_ms = now_ms
    elapsed: Counter[str] = Counter()
    for running in office.executions.values():
        elapsed[running.batch.id] += max(0, now_ms - running.started_ms)
    going = [batch for batch in office.batches.values() if _goes_on(batch)]
    later_ms, part = _held_back(index, office, going, now_ms)
    backlogs = [_backlog(batch, elapsed[batch.id], part) for batch in going]
    promises = dict(zip((batch.id for batch in going), finishes(backlogs, office.slots), strict=True))
    moved = [
        batch
        for batch in office.batches.values()
        if _promise(batch, _moment(promises.get(batch.id), now_ms + later_ms), now_ms)
    ]
    ends = [batch.eta_ms for batch in going if batch.eta_ms is not None]
    office.eta_ms = (max(half for half, _ in ends), max(most for _, most in ends)) if ends else None
    return moved


def mean_ms(office: Office) -> float | None:
    """Return the mean duration over the office's batches that are shown, once one was measured."""
    measured = sum(batch.figures.measured for batch in office.batches.values())
    spent_ms = sum(batch.figures.spent_ms for batch in office.batches.values())
    return spent_ms / measured if measured else None


def has_moved(before: Eta, after: Eta, now_ms: int) -> bool:
    """Whether a promise has moved by more than 8 s and 3 % of the rest."""
    if before is None or after is None:
        return before != after
    threshold = max(MOVED_MIN_MS, MOVED_PART * (after[0] - now_ms))
    return any(abs(new - old) >= threshold for old, new in zip(before, after, strict=True))


def _goes_on(batch: Batch) -> bool:
    figures = batch.figures
    return figures.waiting + figures.running > 0 and figures.state is not BatchState.PAUSED


def _held_back(index: Index, office: Office, going: list[Batch], now_ms: int) -> tuple[int, float]:
    """Return how long the quota delays the last tasks, and which part of what waits is left for then."""
    left = index.left(office)
    waiting = sum(batch.figures.waiting for batch in going) - len(office.backoffs)
    if left is None or waiting <= left:
        return 0, 1.0
    return max(0, resets_ms(office.ledger.month) - now_ms), (waiting - left) / waiting


def _backlog(batch: Batch, elapsed_ms: int, part: float) -> Backlog:
    figures = batch.figures
    return Backlog(
        weight=batch.priority, cap=batch.slots, waiting=round(figures.waiting * part),
        running=figures.running if part == 1.0 else 0, elapsed_ms=elapsed_ms if part == 1.0 else 0,
        each_ms=figures.each_ms, spread_ms=figures.spread_ms, measured=figures.measured,
    )  # fmt: skip


def _moment(promise: tuple[int, int] | None, from_ms: int) -> Eta:
    return None if promise is None else (from_ms + promise[0], from_ms + promise[1])


def _promise(batch: Batch, eta_ms: Eta, now_ms: int) -> bool:
    """Give a batch its new promise, if it moved."""
    if not has_moved(batch.eta_ms, eta_ms, now_ms):
        return False
    batch.eta_ms = eta_ms
    return True
