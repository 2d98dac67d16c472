"""What runners tell: satisfies server.executions.contract.Report. A report under an old fence changes nothing."""

from structlog import get_logger

from server.model import Outcome, RateFacts
from server.scheduler.engine import Engine
from server.scheduler.index import Running
from server.scheduler.limits import Limits
from server.scheduler.plan import End
from simulation.inputs import Progressed, Waiting

log = get_logger(__name__)


class Reports:
    """Ends are kept for the next cycle; all else is told at once and written nowhere."""

    def __init__(self, engine: Engine, limits: Limits) -> None:
        self._engine = engine
        self._limits = limits

    def progressed(
        self, execution: str, fence: int, permille: int | None, remaining_ms: int | None, note: str | None
    ) -> None:
        """See Report."""
        running = self._running(execution, fence)
        if running is None:
            return
        running.heard_ms = self._engine.clock.now_ms()
        if permille is not None:
            running.permille, running.remaining_ms = permille, remaining_ms
        if note is not None:
            running.note = note
        fact = Progressed(
            execution=execution, at_ms=running.heard_ms, permille=permille, remaining_ms=remaining_ms, note=note
        )  # fmt: skip
        self._engine.bus.publish(running.office, [fact])

    def waiting(self, execution: str, fence: int, until_ms: int | None) -> None:
        """See Report."""
        running = self._running(execution, fence)
        if running is not None and running.until_ms != until_ms:
            running.until_ms = until_ms
            self._engine.bus.publish(running.office, [Waiting(execution=execution, until_ms=until_ms)])

    def reserve(self, execution: str, fence: int, key: str, tokens: int) -> int | None:
        """See Report."""
        running = self._running(execution, fence)
        return 0 if running is None else self._limits.reserve(running, key, tokens)

    def learned(self, execution: str, fence: int, key: str, facts: RateFacts) -> None:
        """See Report."""
        running = self._running(execution, fence)
        if running is not None:
            self._limits.learn(running, key, facts)

    def ended(self, execution: str, fence: int, outcome: Outcome) -> None:
        """See Report."""
        running = self._running(execution, fence)
        if running is None:
            return
        running.reported = True
        engine = self._engine
        at_ms = engine.clock.now_ms()
        engine.ends.append(End(running=running, outcome=outcome, at_ms=at_ms, blameless=engine.draining))
        engine.end_came(at_ms - running.started_ms)

    def _running(self, execution: str, fence: int) -> Running | None:
        running = self._engine.index.executions.get(execution)
        if running is None or running.fence != fence or running.reported:
            log.info("report.stale", execution=execution, fence=fence)
            return None
        return running
