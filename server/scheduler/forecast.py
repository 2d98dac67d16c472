"""When an office's batches and its queue will be done: the estimate, applied to what the index holds."""

from collections.abc import Sequence
from itertools import islice

from server.model import BatchState, Blocked
from server.scheduler.curve import Measured
from server.scheduler.estimate import Backlog, finishes, tries
from server.scheduler.figures import Figures
from server.scheduler.index import Batch, Index, Office
from server.scheduler.months import Quota, by_month
from server.store.usage import resets_ms

EVERY_MS = 1_000
REFRESH_MS = 10_000
A_SECOND_MAX = 100
"""So many forecasts are made in one second: one takes a third of a millisecond, and a thousand offices may be recorded."""
MOVED_MIN_MS = 8_000
MOVED_PART = 0.03
AGAIN_MAX = 0.9
BACKOFFS_MAX = 1_000  # so many are looked at
YEAR_MAX = 9_998

Eta = tuple[int, int] | None


def every_ms(offices: int) -> int:
    """How often a forecast of each of so many offices may be made: each second where they are few, at the latest each ten."""
    return min(max(EVERY_MS, offices * 1_000 // A_SECOND_MAX), REFRESH_MS)


def due(office: Office, now_ms: int, offices: int) -> bool:
    """Whether a new forecast may be made of one of so many offices."""
    return office.reckoned_ms is None or not 0 <= now_ms - office.reckoned_ms < every_ms(offices)


def reckon(index: Index, office: Office, now_ms: int) -> list[Batch]:
    """Make a forecast of everything unfinished; return the batches whose promise moved enough to be told again.

    Paused batches have none, but hold their slots until what they run has ended. What the quota holds back is reckoned
    from the month's turn on. Nobody knows when a suspended account goes on.
    """
    office.reckoned_ms = now_ms
    office.throughput.paces.keep(office.batches)
    promises = {} if office.suspended else _promises(index, office, now_ms)
    moved = [batch for batch in office.batches.values() if _promise(batch, promises.get(batch.id), now_ms)]
    ends = [batch.eta_ms for batch in office.batches.values() if batch.eta_ms is not None]
    office.eta_ms = (max(half for half, _ in ends), max(most for _, most in ends)) if ends else None
    return moved


def mean_ms(office: Office) -> float | None:
    """Return the mean slot time of a task, further attempts included, over the office's batches that are shown.

    None: nothing is measured yet.
    """
    batches = office.batches.values()
    measured = sum(batch.figures.measured for batch in batches)
    spent_ms = sum(batch.figures.spent_ms * tries(_again(batch), batch.attempts) for batch in batches)
    return spent_ms / measured if measured else None


def has_moved(before: Eta, after: Eta, now_ms: int) -> bool:
    """Whether a promise has moved by more than 8 s and 3 % of the rest."""
    if before is None or after is None:
        return before != after
    threshold = max(MOVED_MIN_MS, MOVED_PART * (after[0] - now_ms))
    return any(abs(new - old) >= threshold for old, new in zip(before, after, strict=True))


def turn_ms(month: str, months: int) -> int:
    """Return when the quota's count starts again for the n-th time from a month (`2026-11`) on."""
    year, number = (int(part) for part in month.split("-"))
    later = year * 12 + number - 1 + months - 1
    return resets_ms(f"{min(later // 12, YEAR_MAX):04d}-{later % 12 + 1:02d}")


def _promises(index: Index, office: Office, now_ms: int) -> dict[str, Eta]:
    """Return the moments of all batches that go on, by their ids."""
    ages, ready = _ages(office, now_ms), _ready(office, now_ms)
    going = [batch for batch in office.batches.values() if _takes_part(batch.figures)]
    backlogs = [
        _backlog(office, batch, ages.get(batch.id, ()), ready.get(batch.id, ()), now_ms) for batch in going
    ]
    # Tasks in backoff are counted already.
    fresh = [
        max(0, backlog.waiting - len(ready.get(batch.id, ())))
        for batch, backlog in zip(going, backlogs, strict=True)
    ]
    slots, left = _slots(index, office), index.left(office)
    if left is None or sum(fresh) <= left:
        found = [(0, range_) for range_ in finishes(backlogs, slots)]
    else:
        found = by_month(backlogs, fresh, slots, Quota(left=left, monthly=office.quota))
    return {
        batch.id: _moment(office.ledger.month, now_ms, months, range_)
        for batch, (months, range_) in zip(going, found, strict=True)
        if batch.figures.state is not BatchState.PAUSED
    }


def _takes_part(figures: Figures) -> bool:
    """Whether a batch will hold slots as things stand."""
    return figures.running > 0 or (figures.waiting > 0 and figures.state is not BatchState.PAUSED)


def _ages(office: Office, now_ms: int) -> dict[str, list[float]]:
    """Return by batch for how long its executions run. One that waits for a rate limit is so much younger."""
    ages: dict[str, list[float]] = {}
    for running in office.executions.values():
        waits_ms = 0 if running.until_ms is None else max(0, running.until_ms - now_ms)
        ages.setdefault(running.batch.id, []).append(float(max(0, now_ms - running.started_ms - waits_ms)))
    return ages


def _ready(office: Office, now_ms: int) -> dict[str, list[int]]:
    """Return by batch in how many milliseconds its backoffs end."""
    ready: dict[str, list[int]] = {}
    for ready_ms, _, batch, _ in islice(office.backoffs, BACKOFFS_MAX):
        ready.setdefault(batch, []).append(max(0, ready_ms - now_ms))
    return ready


def _slots(index: Index, office: Office) -> int:
    """Return with how many slots to reckon: a full process gives an office no more than it holds."""
    slots = min(office.slots, index.running_max)
    if index.running < index.running_max or index.running == office.ledger.running:
        return max(1, slots)
    return max(1, min(slots, office.ledger.running))


def _backlog(
    office: Office, batch: Batch, ages_ms: Sequence[float], ready_ms: Sequence[int], now_ms: int
) -> Backlog:
    figures = batch.figures
    curve = None
    if figures.each_ms is not None:
        measured = Measured(
            count=figures.measured, mean_ms=figures.each_ms, spread_ms=figures.spread_ms,
            most_ms=batch.timeout_ms,
        )  # fmt: skip
        curve = office.throughput.paces.curve(batch.id, ages_ms, measured, now_ms)
    limited = figures.blocked is Blocked.RATELIMIT and figures.until_ms is not None
    return Backlog(
        weight=batch.priority, cap=batch.slots, turn=figures.turn,
        waiting=0 if figures.state is BatchState.PAUSED else figures.waiting, ages_ms=ages_ms, curve=curve,
        measured=figures.measured, again=_again(batch), attempts=batch.attempts,
        hold_ms=max(0, (figures.until_ms or 0) - now_ms) if limited else 0, least_ms=max(ready_ms, default=0),
    )  # fmt: skip


def _again(batch: Batch) -> float:
    """Return the part of ends after which the task was tried again."""
    figures = batch.figures
    if batch.attempts < 2 or not figures.measured:
        return 0.0
    return min(AGAIN_MAX, max(0.0, 1 - (figures.done + figures.failed) / figures.measured))


def _moment(month: str, now_ms: int, months: int, range_: tuple[int, int]) -> tuple[int, int]:
    from_ms = now_ms if months == 0 else max(now_ms, turn_ms(month, months))
    return from_ms + range_[0], from_ms + range_[1]


def _promise(batch: Batch, eta_ms: Eta, now_ms: int) -> bool:
    """Give a batch its new promise, if it moved."""
    if not has_moved(batch.eta_ms, eta_ms, now_ms):
        return False
    batch.eta_ms = eta_ms
    return True
