"""Runners of the users' own, on machines of their own: they ask for work, report, fall silent, come late and say things twice."""

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial

from server.errors import NotFoundError, StaleTokenError, TenDesksError
from server.model import ExecutionState, Outcome, Reason, Work
from server.scheduler.loop import Scheduler
from tests.seeded.bodies import done
from tests.seeded.faults import MARK
from tests.seeded.truth import require


class Outside:
    """All of them. They outlive the server; a call that is under way when it dies is never answered.

    What calls were told is held against rows in rest. `calls` are those under way.
    """

    def __init__(self, chance: random.Random, rows: sqlite3.Connection, note: Callable[[str], None]) -> None:
        self.held: list[Work] = []
        self.calls: set[asyncio.Task[None]] = set()
        self._chance = chance
        self._rows = rows
        self._note = note
        self._fences: dict[str, int] = {}
        self._answers: dict[str, list[tuple[Outcome, bool]]] = {}

    def act(self, scheduler: Scheduler, offices: int) -> None:
        """Have one of them do something."""
        draw = self._chance.random()
        if not self.held or draw < 0.3:
            office, wait_ms = (
                f"o{self._chance.randint(1, offices)}",
                self._chance.choice((0, 0, 3_000, 30_000)),
            )
            self._begin(
                f"ask in {office}",
                partial(self._ask, scheduler, office, self._chance.choice((1, 1, 3)), wait_ms),
            )
            return
        if draw < 0.34 and self.calls:
            self._note("somebody who called hangs up")
            self._chance.choice(sorted(self.calls, key=lambda call: call.get_name())).cancel()
            return
        work = self._chance.choice(self.held[-8:])
        if draw < 0.5:
            self._begin(f"alive {work.token}", partial(self._is_alive, scheduler, work))
            return
        if draw < 0.6:
            self.held.remove(work)  # it falls silent for ever
            return
        for outcome in self._chance.choice(((done(work),), (done(work),), (done(work),) * 2, (done(work), FAILED),
                                            (FAILED,), (FAILED,) * 2, (PUT_BACK,), (FINAL,))):  # fmt: skip
            self._begin(f"{outcome.state} {work.token}", partial(self._says, scheduler, work, outcome))

    def serve(self, scheduler: Scheduler, offices: int) -> None:
        """All work that there is gets done."""
        for number in range(1, offices + 1):
            self._begin(f"serve o{number}", partial(self._serve, scheduler, f"o{number}"))

    def heard(self) -> None:
        """Look at the calls that are over. Raises what was wrong about them."""
        for call in [call for call in self.calls if call.done()]:
            self.calls.discard(call)
            if not call.cancelled():
                call.result()
        for execution, answers in self._answers.items():
            for outcome, taken in answers:
                self._check(execution, outcome, taken=taken)

    def died(self) -> None:
        """Nobody answers any more."""
        self.calls.clear()

    def _begin(self, name: str, call: Callable[[], Awaitable[None]]) -> None:
        self.calls.add(asyncio.ensure_future(self._try(name, call)))

    async def _try(self, name: str, call: Callable[[], Awaitable[None]]) -> None:
        try:
            await call()
        except TenDesksError as error:
            self._note(f"{name}: {error.code}")
            require(not isinstance(error, NotFoundError), name, repr(error))
        except asyncio.CancelledError:
            self._note(f"{name}: hung up")
            raise
        except AssertionError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever was injected comes through somehow
            gone = "process is dead" in str(error) or "no active connection" in str(error)
            require(gone or MARK in str(error), name, repr(error))
            self._note(f"{name}: {type(error).__name__}")
        else:
            self._note(f"{name}: ok")

    async def _ask(self, scheduler: Scheduler, office: str, most: int, wait_ms: int) -> None:
        leases = await scheduler.lease(office, None, most, wait_ms)
        require(len(leases) <= most, "asked for", most, "got", leases)
        for lease in leases:
            work = lease.work
            require(work.execution not in self._answers, work.token, "was handed out twice")
            require(
                work.fence > self._fences.get(work.task, 0), work.token, "after", self._fences.get(work.task)
            )
            self._answers[work.execution] = []
            self._fences[work.task] = work.fence
            self.held.append(work)

    async def _is_alive(self, scheduler: Scheduler, work: Work) -> None:
        await scheduler.renew(work.office, work.execution, work.fence)

    async def _says(self, scheduler: Scheduler, work: Work, outcome: Outcome) -> None:
        try:
            await scheduler.finish(work.office, work.execution, work.fence, outcome)
        except StaleTokenError:
            self._answers[work.execution].append((outcome, False))
            raise
        self._answers[work.execution].append((outcome, True))

    async def _serve(self, scheduler: Scheduler, office: str) -> None:
        before = set(self._answers)
        await self._ask(scheduler, office, 50, 0)
        for work in [work for work in self.held if work.office == office and work.execution not in before]:
            await self._says(scheduler, work, done(work))

    def _check(self, execution: str, outcome: Outcome, *, taken: bool) -> None:
        """An end that was confirmed is in the rows, and one that was refused is not, nor does it run."""
        found = self._rows.execute("SELECT state FROM executions WHERE id = ?", (execution,)).fetchone()
        require(found is not None, execution, "was handed out, and there is none")
        same = found[0] == outcome.state or (found[0], outcome.state) == ("cancelled", "failed")
        said = "confirmed" if taken else "refused"
        require(same == taken and found[0] != "running", execution, said, outcome.state, "rows say", found[0])


FAILED = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="no answer")
FINAL = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="no such page", retryable=False)
PUT_BACK = Outcome(state=ExecutionState.CANCELLED, put_back=True)
