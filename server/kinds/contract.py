"""What a kind promises: it checks what it is given before anything is stored, and carries out one execution."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from server.clock import Clock
from server.model import Outcome, RateFacts, Work


class Context(Protocol):
    """What a kind may do while it carries out one execution. All calls return at once."""

    clock: Clock

    def progress(self, permille: int, remaining_ms: int | None = None) -> None:
        """The body says how much is done, 0 to 1000. A smaller figure than before is ignored."""

    def note(self, text: str) -> None:
        """A few words for the desk; cut at 120 characters."""

    def waiting(self, until_ms: int | None) -> None:
        """The body waits, for a rate limit say, until then; None: it goes on."""

    def log(self, text: str) -> None:
        """Lines for the execution's log, kept up to the log's limit."""

    async def turn(self, key: str, tokens: int = 0) -> None:
        """Wait until the provider's key has room for one more request of about so many tokens; the desk says until when.

        `key` names the key without giving it away; its limits are shared by all the user's batches. Call it before
        each request, and tell `learned` of each answer.

        Raises:
            RateLimitedError: it would take longer than a slot is held. Let it through: the task goes back to the head
                of its batch, and no attempt is counted.
        """

    def learned(self, key: str, facts: RateFacts) -> None:
        """What an answer of the provider said of the key's limits."""


class Kind(Protocol):
    """One kind of task. Stateless: everything about an execution is in `work` and `context`."""

    name: str
    attempts: int
    """How many attempts a task gets unless the batch says otherwise."""

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        """Return the params in normal form.

        `fields` are the names that occur in every task's input of the batch.

        Raises:
            InvalidInputError: what was expected and what came; nothing has been stored yet.
        """

    async def perform(self, work: Work, context: Context) -> Outcome:
        """Carry out one execution and say how it ended.

        Cancelling the asyncio task asks the body to end: leave nothing behind (no process, no file handle) and
        let CancelledError through. Timeouts are the runner's affair and come as cancellation.
        """
