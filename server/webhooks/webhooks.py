"""All of webhooks, put together."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.accounts.postroom import PostRoom
from server.clock import Clock
from server.settings import Settings
from server.store.database import Database
from server.store.hooks import SwitchedOff
from server.store.ids import Ids
from server.vault.vault import Vault
from server.webhooks.books import Books
from server.webhooks.courier import Courier
from server.webhooks.figures import WebhookFigures
from server.webhooks.herald import HookHerald
from server.webhooks.hooks import Hooks
from server.webhooks.letters import Letters
from server.webhooks.sending import ANSWER_MS, Sender

if TYPE_CHECKING:
    import httpcore2


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhooks:
    """Its rooms."""

    hooks: Hooks
    courier: Courier
    herald: HookHerald
    _telling: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self) -> None:
        """Deliver from now on."""
        self.courier.begin()

    async def settled(self) -> None:
        """Return when nothing is due and nothing on its way."""
        await self.courier.settled()
        await asyncio.gather(*self._telling)

    async def stop(self) -> None:
        """End; what is due is delivered after the next start."""
        await self.courier.stop()
        await asyncio.gather(*self._telling, return_exceptions=True)

    def figures(self) -> WebhookFigures:
        """What was done so far."""
        return self.courier.figures()

    def tell(self, letters: Letters, off: SwitchedOff) -> None:
        """Have the owners told, without waiting for it."""
        task = asyncio.create_task(letters.tell(off), name="webhook letter")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)


def open_webhooks(  # noqa: PLR0913 -- its parts, each by name
    *,
    settings: Settings,
    db: Database,
    clock: Clock,
    ids: Ids,
    vault: Vault,
    post: PostRoom,
    herald: HookHerald,
    chance: Callable[[], float] = random.random,
    backend: "Callable[[], httpcore2.AsyncNetworkBackend] | None" = None,
    answer_ms: int = ANSWER_MS,
) -> Webhooks:
    """Put it together; nothing is sent before `begin`. `chance` gives numbers from 0 to 1."""
    books = Books(db=db, clock=clock, ids=ids, chance=chance)
    courier = Courier(
        db=db, clock=clock, vault=vault, sender=Sender(settings, clock, backend, answer_ms), books=books, herald=herald,
    )  # fmt: skip
    webhooks = Webhooks(
        hooks=Hooks(db=db, clock=clock, ids=ids, vault=vault, herald=herald, wake=courier.wake),
        courier=courier, herald=herald,
    )  # fmt: skip
    letters, count = Letters(db, settings, post), books.off

    def off(gone: SwitchedOff) -> None:
        count(gone)
        webhooks.tell(letters, gone)

    books.off = off
    return webhooks
