"""Ten equal failures in a row pause a batch (pure): a wrong key must not burn a list.

After Nygard's circuit breaker ("Release It!", 2007), except that a person closes it again: what is wrong is seldom mended
by waiting.
"""

import re

from server.model import ExecutionState, Outcome, Reason

STREAK_MAX = 10
_COMPARED_CHARACTERS = 300
_VARYING = re.compile(
    r"\S*\d\S*"
)  # request ids, line numbers, moments: what differs although the failure is the same


class Streak:
    """How often the executions of one batch have failed alike, one after another; a success ends it."""

    __slots__ = ("_count", "_likeness")

    def __init__(self) -> None:
        self._count = 0
        self._likeness: tuple[Reason | None, str] | None = None

    def copied(self) -> "Streak":
        """Return a copy to plan with: what a failed commit has heard is heard again."""
        copy = Streak()
        copy._count, copy._likeness = self._count, self._likeness
        return copy

    def hear(self, outcome: Outcome) -> str | None:
        """Count an end; return the sentence with which the batch is to be paused, once the streak is long enough.

        What was cancelled, lost or put back says nothing about the list.
        """
        if outcome.state is ExecutionState.DONE:
            self._count = 0
        if outcome.state is not ExecutionState.FAILED:
            return None
        likeness = likeness_of(outcome)
        self._count = self._count + 1 if likeness == self._likeness else 1
        self._likeness = likeness
        return None if self._count < STREAK_MAX else sentence(self._count, outcome)


def likeness_of(outcome: Outcome) -> tuple[Reason | None, str]:
    """Return what equal failures have in common: the reason, and the message without words that hold digits."""
    return outcome.reason, _VARYING.sub("#", (outcome.message or "")[:_COMPARED_CHARACTERS]).casefold()


def sentence(count: int, outcome: Outcome) -> str:
    """Say why the batch is paused."""
    said = outcome.message or (outcome.reason.value if outcome.reason else "no reason was given")
    return f"{count} equal failures in a row: {said}"
