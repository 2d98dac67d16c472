"""Leases: the right to carry an execution out, for a while and again for as long as somebody is heard of.

Executions of this process are renewed while its runner holds them; those that were pulled, when their runner reports.
Deadlines in memory are monotonic; rows have the wall clock's moment, and after a restart whoever pulled gets a whole
lease anew. See Gray and Cheriton 1989, "Leases", and Kleppmann 2016 on fencing.
"""

from collections.abc import Sequence

from server.kinds.wording import spoken
from server.model import ExecutionState, Outcome, Reason
from server.scheduler.engine import Engine
from server.scheduler.index import Running
from server.scheduler.plan import LEASE_MS, End

ROUND_MS = 10_000
RENEW_BELOW_MS = 40_000
"""A lease with less than this left is written again, so a row is never more than LEASE_MS - RENEW_BELOW_MS behind."""


class Leases:
    """Looks at all leases every ROUND_MS, and when one that was pulled may be over."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._due = False

    def arm(self, wait_ms: int = ROUND_MS) -> None:
        """Have a round in so long, if none is due earlier."""
        self._engine.alarms.sooner(self._engine.clock.now_ms() + wait_ms, "leases", self._ask)

    def watch(self, running: Running) -> None:
        """Have a round when the lease or the time of one that was pulled is over."""
        ends_ms = min(running.lease_ms, running.timeout_ms)
        self.arm(max(0, ends_ms - self._engine.clock.monotonic_ms()))

    def renew(self, running: Running) -> int:
        """Give one that was heard of a whole lease; return the wall clock's moment of its end."""
        running.lease_ms = self._engine.clock.monotonic_ms() + LEASE_MS
        return self._engine.clock.now_ms() + LEASE_MS

    def look(self) -> tuple[list[End], list[tuple[str, int]]]:
        """Do the round that is due, if one is: the ends of those whose lease or time is over, and the rows to renew."""
        if not self._due:
            return [], []
        self._due = False
        engine = self._engine
        alive = set(engine.runner.alive())
        running = [each for each in engine.index.executions.values() if not each.reported]
        ends = [end for each in running if each.id not in alive and (end := self._over(each)) is not None]
        renewed = [each for each in running if not each.reported and self._wants_row(each, each.id in alive)]
        if running:
            self.arm()
        for each in running:
            if each.batch.pulled and not each.reported:
                self.watch(each)
        return ends, self._rows(renewed)

    def _ask(self) -> None:
        self._due = True
        self._engine.wake()

    def _over(self, running: Running) -> End | None:
        clock = self._engine.clock
        if running.batch.pulled and clock.monotonic_ms() >= running.timeout_ms:
            said = f"took longer than {spoken(running.batch.timeout_ms)}"
            outcome = Outcome(state=ExecutionState.FAILED, reason=Reason.TIMEOUT, message=said)
        elif clock.monotonic_ms() >= running.lease_ms:
            self._engine.counters.leases_lost += 1
            outcome = Outcome(state=ExecutionState.LOST, reason=Reason.LOST, message="its lease ran out")
        else:
            return None
        running.reported = True
        return End(running=running, outcome=outcome, at_ms=clock.now_ms())

    def _wants_row(self, running: Running, alive: bool) -> bool:
        """Whether its row is to be written: it is ours and its lease runs down, or it was heard of since the last time."""
        if alive:
            if running.lease_ms - self._engine.clock.monotonic_ms() >= RENEW_BELOW_MS:
                return False
            self.renew(running)
        return running.lease_ms != running.written_ms

    def _rows(self, renewed: Sequence[Running]) -> list[tuple[str, int]]:
        clock = self._engine.clock
        ahead_ms = clock.now_ms() - clock.monotonic_ms()
        for running in renewed:
            running.written_ms = running.lease_ms
        return [(running.id, running.lease_ms + ahead_ms) for running in renewed]
