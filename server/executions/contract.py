"""Between the scheduler and whatever carries executions out: work goes down, reports come up."""

from collections.abc import Collection
from typing import Protocol

from server.model import Outcome, RateFacts, Work


class Report(Protocol):
    """Where a runner tells what happens to an execution. All calls return at once, on the event loop.

    Every call carries the fence under which the execution was admitted; a smaller one than the owner knows changes
    nothing.
    """

    def progressed(
        self, execution: str, fence: int, permille: int | None, remaining_ms: int | None, note: str | None
    ) -> None:
        """The body said how far it is, what it does, or both."""

    def waiting(self, execution: str, fence: int, until_ms: int | None) -> None:
        """The body waits until then and keeps its slot; None: it goes on."""

    def reserve(self, execution: str, fence: int, key: str, tokens: int) -> int | None:
        """Give a request its turn at a provider's key: the milliseconds to wait for it, or None.

        None: there is no turn within the time that a slot is held, nothing was reserved, and nothing that needs this
        key starts until there is room again.
        """

    def learned(self, execution: str, fence: int, key: str, facts: RateFacts) -> None:
        """An answer of the provider said so much of the key's limits."""

    def ended(self, execution: str, fence: int, outcome: Outcome) -> None:
        """The body has ended and left nothing behind. Said exactly once for each execution that began."""


class Runner(Protocol):
    """Carries executions out: in this process, or on other machines."""

    def begin(self, work: Work, report: Report) -> None:
        """Start the body. Returns at once; an end is always reported, also when the start itself fails."""

    def alive(self) -> Collection[str]:
        """The executions it carries out now: their leases go on."""

    def cancel(self, execution: str) -> None:
        """Ask the body to end (SIGTERM, 5 s, SIGKILL); its end is reported as CANCELLED. Unknown ones are ignored."""

    async def stop(self, grace_ms: int) -> None:
        """Give what runs the grace period, then end it; those are reported as LOST. Returns when nothing runs."""
