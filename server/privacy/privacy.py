"""The rooms that deal with what is kept of an account, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from server.accounts.tokens import Tokens
from server.clock import Clock
from server.executions.logs import Logs
from server.preview.exports import Exports
from server.privacy.clearing import Clearing
from server.privacy.deletion import Deletion
from server.privacy.erasure import Erasure, Leaving
from server.privacy.sweeps import Sweeps
from server.privacy.takeout import Takeouts
from server.recording.arriving import Arrivals
from server.recording.recorder import Recorder
from server.scheduler.loop import Scheduler
from server.settings import Settings
from server.spectators.links import Links
from server.store.database import Database
from server.store.ids import Ids
from server.ticker.loop import Ticker


@dataclass(frozen=True, kw_only=True, slots=True)
class Privacy:
    """All of them."""

    deletion: Deletion
    takeouts: Takeouts
    sweeps: Sweeps


def open_privacy(  # noqa: PLR0913 -- whoever has something of an account
    *,
    settings: Settings,
    db: Database,
    clock: Clock,
    ids: Ids,
    scheduler: Scheduler,
    tokens: Tokens,
    links: Links,
    logs: Logs,
    exports: Exports,
    recorder: Recorder,
    arrivals: Arrivals,
    ticker: Ticker,
    operator: str,
    leaving: Sequence[Leaving] = (),
) -> Privacy:
    """Put it together. `operator`: the account of the server itself, which stays; `leaving`: who has something elsewhere."""
    data = Path(settings.data)
    erasure = Erasure(
        db=db,
        clock=clock,
        ids=ids,
        departures=scheduler.departures,
        tokens=tokens,
        logs=logs,
        exports=exports,
        recorder=recorder,
        arrivals=arrivals,
        ticker=ticker,
        data=data,
        operator=operator,
        leaving=leaving,
    )
    clearing = Clearing(db=db, clock=clock, logs=logs, data=data, audit_days=settings.audit_days)
    sweeps = Sweeps(clock, erasure, clearing)
    deletion = Deletion(
        db=db,
        clock=clock,
        departures=scheduler.departures,
        links=links,
        tokens=tokens,
        sweeps=sweeps,
        days=settings.deletion_days,
        operator=operator,
    )
    return Privacy(deletion=deletion, takeouts=Takeouts(db, clock, logs), sweeps=sweeps)
