"""What a kind may know of own keys: which one there is for whom, and nothing of how they are kept."""

from dataclasses import dataclass, field
from typing import Protocol

from server.errors import InvalidInputError
from server.kinds.ends import failed
from server.model import Outcome, Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnKey:
    """A user's own key, opened for one request: hold it no longer. `version` tells it from the one before and after."""

    account: str
    provider: str
    base: str
    version: str
    secret: str = field(repr=False)

    @property
    def name(self) -> str:
        """What its limits are kept under. Another secret of the same provider has limits of its own."""
        return f"own:{self.provider}:{self.version}"


class OwnKeyError(InvalidInputError):
    """There is an own key to be used, and it cannot be: no task of the batch can be carried out before that is mended."""

    def outcome(self) -> Outcome:
        """The end of an execution that needed it: its task goes back, and the batch pauses and says why."""
        return failed(Reason.INVALID, self.detail, retryable=False, halts=True)


class OwnKeys(Protocol):
    """The own keys of all users."""

    @property
    def some(self) -> bool:
        """Whether anybody may have one."""

    async def find(self, account: str, provider: str | None) -> OwnKey | None:
        """Return the account's key of this provider, of its only one where none is named; None: it has none.

        Asked before each request, and never remembered: so a key that is deleted is used no more.

        Raises:
            OwnKeyError: one is meant that cannot be used, or several could be.
        """

    async def accepted(self, key: OwnKey) -> None:
        """Its provider has answered a request with it."""

    async def rejected(self, key: OwnKey) -> None:
        """Its provider does not accept it: it is used no more until it is replaced."""
