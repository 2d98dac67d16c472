"""What a task may take of the platform's key, as a kind is told it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from server.kinds.ends import failed
from server.model import Outcome, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceiling:
    """`task`: tokens that one answer may take with its prompt; `month`: tokens of the month, of which `left` are left.

    None: no limit. `resets_ms`: when the month begins anew. `tier` is the plan's name as customers read it.
    """

    tier: str = ""
    task: int | None = None
    month: int | None = None
    left: int | None = None
    resets_ms: int = 0

    def refusal(self, tokens: int) -> Outcome | None:
        """How a request of about so many tokens ends before it is sent; None: it may be."""
        if self.task is not None and tokens > self.task:
            words = f"about {tokens:,} tokens are asked for; {self.tier} has {self.task:,} for each task with this server's key"
            return failed(Reason.LIMIT, f"{words}, and no limit with a key of your own", retryable=False)
        if self.left is not None and tokens > self.left:
            until = datetime.fromtimestamp(self.resets_ms / 1000, UTC)
            words = f"the month's {self.month:,} tokens of {self.tier} with this server's key are used up"
            message = f"{words}; they begin anew on {until:%-d %B}, and a key of your own has no limit"
            return failed(Reason.LIMIT, message, retryable=False, halts=True)
        return None


UNLIMITED = Ceiling()


class Ceilings(Protocol):
    """The ceilings of all users."""

    async def reserve(self, account: str, tokens: int) -> Ceiling:
        """Ask for about so many tokens of the platform's key, and say what there is; what is refused is not reserved."""

    async def spent(self, account: str, reserved: int, tokens: int) -> None:
        """A request that had reserved so many tokens has taken so many; returns once that is stored."""


class NoCeilings:
    """Nobody counts: one's own machine, one's own bill."""

    async def reserve(self, account: str, tokens: int) -> Ceiling:  # noqa: ARG002
        """See Ceilings."""
        return UNLIMITED

    async def spent(self, account: str, reserved: int, tokens: int) -> None:
        """See Ceilings."""
