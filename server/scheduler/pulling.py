"""Work that is pulled: handed to whoever asks, kept alive by their reports, ended by them, each under its fence."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from server.errors import NotFoundError, StaleTokenError, TooManyError, UnavailableError
from server.executions.contract import Report
from server.model import Blocked, ExecutionState, Outcome, Work
from server.scheduler.engine import Engine
from server.scheduler.index import Office, Running
from server.scheduler.leases import Leases
from server.scheduler.plan import End
from server.scheduler.pulls import PULLS_MAX, Pull
from server.store import executions

LOST = Outcome(state=ExecutionState.LOST)
LOOK_MS_MAX = 2_000
"""Who does not want to wait still waits for one cycle to look; only a store in trouble takes as long as this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """The right to carry `work` out until `expires_ms`."""

    work: Work
    expires_ms: int


class Recording(StrEnum):
    """What became of an end that was said: it is recorded NOW, the very same was ALREADY, or it is REFUSED."""

    NOW = "now"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewed:
    """A lease that goes on until `expires_ms`; `cancelling`: its end was asked for."""

    expires_ms: int
    cancelling: bool


class Pulling:
    """The calls of the Scheduler for the user's own runners; see there for what they raise."""

    def __init__(self, engine: Engine, leases: Leases, report: Report) -> None:
        self._engine = engine
        self._leases = leases
        self._report = report

    async def lease(self, office: Office, batch: str | None, most: int, wait_ms: int) -> list[Lease]:
        """Ask for work, and wait for it so long."""
        if self._engine.trouble is Blocked.DRAINING:
            raise UnavailableError("the server is about to stop and hands out nothing more; ask again soon")
        if len(office.pulls) >= PULLS_MAX:
            raise TooManyError(
                f"waiting_leases_max: expected at most {PULLS_MAX} requests of an office that wait for work, got one more"
            )
        given = asyncio.Event()
        pull = Pull(batch=batch, left=most, patient=wait_ms > 0, given=given.set)
        office.pulls.append(pull)
        self._look_at(office)
        timer = self._engine.clock.call_later(wait_ms or LOOK_MS_MAX, pull.hurry)
        try:
            await given.wait()
        except asyncio.CancelledError:
            self._take_back(pull)
            raise
        finally:
            timer.cancel()
            self._close(office.id, pull)
        executions_ = self._engine.index.executions
        return [
            Lease(work=work, expires_ms=self._renewed(executions_[work.execution]))
            for work in pull.got
            if work.execution in executions_
        ]

    def give(self, pull: Pull, work: Work) -> None:
        """Hand on what was admitted for whoever asked; if they have left meanwhile it goes back at once."""
        pull.got.append(work)
        if pull.closed:
            self._take_back(pull)

    async def renew(self, office: str, execution: str, fence: int) -> Renewed:
        """Let a lease go on."""
        running = await self._held(office, execution, fence)
        return Renewed(expires_ms=self._renewed(running), cancelling=running.cancelling)

    async def finish(self, office: str, execution: str, fence: int, outcome: Outcome) -> None:
        """Record an end, and return once it is committed; said twice it is recorded once."""
        if await self._record(office, execution, fence, outcome) is Recording.REFUSED:
            raise await self._too_late(office, execution)

    def _renewed(self, running: Running) -> int:
        expires_ms = self._leases.renew(running)
        self._leases.watch(running)
        return expires_ms

    def leased(self, office: str, execution: str, fence: int | None) -> bool:
        """Whether it was pulled and goes on; with a fence, under this very one."""
        running = self._engine.index.executions.get(execution)
        if running is None or running.reported or running.office != office or not running.batch.pulled:
            return False
        return fence in {None, running.fence}

    async def _held(self, office: str, execution: str, fence: int) -> Running:
        """Return what goes on under this very fence; refuse all else."""
        running = self._mine(office, execution, fence)
        if running is None or running.reported:
            raise await self._too_late(office, execution)
        return running

    def _mine(self, office: str, execution: str, fence: int) -> Running | None:
        """Return what was pulled in this office and runs under this very fence."""
        running = self._engine.index.executions.get(execution)
        if running is None or running.office != office or running.fence != fence or not running.batch.pulled:
            return None
        return running

    async def _record(self, office: str, execution: str, fence: int, outcome: Outcome) -> Recording:
        """Record an end, unless one is recorded or about to be: then that one stands, once it is committed.

        Raises:
            NotFoundError: there is no such execution in this office.
            UnavailableError: nothing is committed yet.
        """
        running = self._mine(office, execution, fence)
        if running is not None:
            if self._engine.stopped:
                raise UnavailableError("the server has stopped; say it again to the next one")
            first, committed = not running.reported, self._engine.await_end(execution)
            if first:
                asked = running.cancelling and outcome.state is ExecutionState.FAILED
                said = Outcome(state=ExecutionState.CANCELLED) if asked else outcome
                self._report.ended(execution, fence, said)
            self._engine.wake()  # somebody waits for the answer: it gathers no others
            await committed
            if first:
                return Recording.NOW
        ended, state = await self._standing(office, execution)
        return Recording.ALREADY if ended == fence and _confirms(outcome, state) else Recording.REFUSED

    async def _too_late(self, office: str, execution: str) -> StaleTokenError:
        """Say how an execution stands whose token is of no use. Raises NotFoundError."""
        _, state = await self._standing(office, execution)
        return StaleTokenError(
            f"execution {execution}: expected the token of a lease that goes on; this one is {state}, its lease has passed on"
        )

    async def _standing(self, office: str, execution: str) -> tuple[int, str]:
        """Read an execution's fence and state. Raises NotFoundError."""
        async with self._engine.db.read() as conn:
            known = await executions.standing(conn, office, execution)
        if known is None:
            raise NotFoundError(f"execution: there is no {execution!r} in this office")
        return known

    def _take_back(self, pull: Pull) -> None:
        """Put what nobody took back to the head of its batch, at no cost."""
        index, now_ms = self._engine.index, self._engine.clock.now_ms()
        for work in pull.got:
            running = index.executions.get(work.execution)
            if running is not None and not running.reported:
                running.reported = True
                self._engine.ends.append(End(running=running, outcome=LOST, at_ms=now_ms, blameless=True))
        pull.got.clear()
        self._engine.wake()

    def _close(self, office_id: str, pull: Pull) -> None:
        pull.closed = True
        office = self._engine.index.offices.get(office_id)
        if office is not None and pull in office.pulls:
            office.pulls.remove(pull)
            self._engine.index.offer_all(office)

    def _look_at(self, office: Office) -> None:
        self._engine.index.offer_all(office)
        self._engine.look_at(office)


def _confirms(outcome: Outcome, state: str) -> bool:
    """Whether an end that is said now is the one that rows have: the failure of what was cancelled is a cancel."""
    asked = outcome.state is ExecutionState.FAILED and state == ExecutionState.CANCELLED
    return asked or state == outcome.state
