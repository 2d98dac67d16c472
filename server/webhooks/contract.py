"""What the scheduler asks when a batch ends."""

from collections.abc import Sequence
from typing import Protocol

from server.model import Tier
from server.store.batches import BatchRow
from server.store.statements import Statement


class Herald(Protocol):
    """Knows who wants to hear of ended batches, and how that is written down in the transaction of the end itself."""

    def hears(self, account: str, tier: Tier) -> bool:
        """Whether this account wants to. Asked with every end: from memory, within a write transaction."""

    def announce(self, ends: Sequence[tuple[str, BatchRow]]) -> Statement:
        """The statement that writes these ends down; each with its account, the batch as it is at its end."""

    def wake(self) -> None:
        """Ends were committed, or a plan has changed. Returns at once."""


class Silence:
    """Satisfies Herald: nobody wants to hear anything."""

    def hears(self, account: str, tier: Tier) -> bool:  # noqa: ARG002
        """See Herald."""
        return False

    def announce(self, ends: Sequence[tuple[str, BatchRow]]) -> Statement:
        """See Herald."""
        raise AssertionError(f"expected ends that somebody wants to hear of, got {len(ends)}")

    def wake(self) -> None:
        """See Herald."""


SILENCE = Silence()
