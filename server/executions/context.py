"""What a body says while it runs, brought to whoever listens: checked, made fit for a desk, and not too often."""

from server.clock import Clock, Timer
from server.errors import RateLimitedError
from server.executions.contract import Report
from server.executions.log import Log
from server.kinds.wording import one_line
from server.model import RateFacts, Work
from server.vault.redaction import redacted

NOTE_CHARACTERS_MAX = 120
NOTE_READ_MAX = 8 * NOTE_CHARACTERS_MAX
"""Of a longer note no more is looked at."""
REPORT_EVERY_MS = 100


class ReportingContext:
    """Satisfies server.kinds.contract.Context for one execution.

    What comes within REPORT_EVERY_MS of the last report waits and becomes one report, the newest of each kind; the
    last one is told before the end. After `close` nothing is told any more.
    """

    def __init__(self, work: Work, report: Report, log: Log, clock: Clock) -> None:
        self.clock = clock
        self._execution = work.execution
        self._fence = work.fence
        self._report = report
        self._log = log
        self._closed = False
        self._permille = -1
        self._note = ""
        self._owed_progress: tuple[int, int | None] | None = None
        self._owed_note: str | None = None
        self._told_ms = clock.monotonic_ms() - REPORT_EVERY_MS
        self._due: Timer | None = None

    def progress(self, permille: int, remaining_ms: int | None = None) -> None:
        """See Context."""
        permille = min(max(permille, 0), 1000)
        if self._closed or permille < self._permille:
            return
        self._permille = permille
        self._owed_progress = (permille, remaining_ms)
        self._tell_soon()

    def note(self, text: str) -> None:
        """See Context."""
        text = one_line(redacted(text[:NOTE_READ_MAX]), NOTE_CHARACTERS_MAX)
        if self._closed or text == self._note:
            return
        self._note = self._owed_note = text
        self._tell_soon()

    def waiting(self, until_ms: int | None) -> None:
        """See Context."""
        if not self._closed:
            self._report.waiting(self._execution, self._fence, until_ms)

    def log(self, text: str) -> None:
        """See Context."""
        if not self._closed:
            self._log.write(text)

    async def turn(self, key: str, tokens: int = 0) -> None:
        """See Context."""
        wait_ms = self._report.reserve(self._execution, self._fence, key, tokens)
        if wait_ms is None:
            raise RateLimitedError("waits for the provider's limit")
        if wait_ms > 0:
            self.waiting(self.clock.now_ms() + wait_ms)
            await self.clock.sleep(wait_ms)
            self.waiting(None)

    def learned(self, key: str, facts: RateFacts) -> None:
        """See Context."""
        if not self._closed:
            self._report.learned(self._execution, self._fence, key, facts)

    def close(self) -> None:
        """Tell what is still owed, then nothing any more."""
        self._tell()
        self._closed = True

    def _tell_soon(self) -> None:
        if self._due is not None:
            return
        wait_ms = self._told_ms + REPORT_EVERY_MS - self.clock.monotonic_ms()
        if wait_ms <= 0:
            self._tell()
        else:
            self._due = self.clock.call_later(wait_ms, self._tell)

    def _tell(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if self._owed_progress is None and self._owed_note is None:
            return
        permille, remaining_ms = self._owed_progress or (None, None)
        note, self._owed_progress, self._owed_note = self._owed_note, None, None
        self._told_ms = self.clock.monotonic_ms()
        self._report.progressed(self._execution, self._fence, permille, remaining_ms, note)
