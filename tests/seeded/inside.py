"""The one room that looks inside: what memory holds, and whether it has caught up with what was committed."""

from server.scheduler.index import Office
from server.scheduler.loop import Scheduler
from server.ticker.loop import Ticker


def in_step(scheduler: Scheduler, office: str) -> bool:
    """Whether the store answered all that was asked of it for this office, so that memory knows what rows say."""
    engine, cycles = scheduler._engine, scheduler._cycles
    return office not in engine.stale and not engine.ends and not cycles._held


def known_office(scheduler: Scheduler, office: str) -> Office | None:
    """The office as the index has it."""
    return scheduler._index.offices.get(office)


def quota_is_out(scheduler: Scheduler, office: Office) -> bool:
    """Whether the month's quota holds this office back."""
    return scheduler._index.left(office) == 0


def inbox_is_empty(ticker: Ticker, office: str) -> bool:
    """Whether the office's world has been given all that the bus said."""
    known = ticker._offices.get(office)
    return (
        known is not None and not known.inbox and known.rebuild_ms is None and office not in ticker._beginning
    )
