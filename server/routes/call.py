"""What an endpoint is given: the request, who asks, and the parts of the house."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from starlette.datastructures import Address
from starlette.requests import Request
from starlette.responses import Response

from server.accounts.reception import Reception
from server.accounts.sessions import Sessions
from server.accounts.tokens import Tokens
from server.billing.payments import Payments
from server.clock import Clock
from server.errors import NotAuthenticatedError
from server.executions.logs import Logs
from server.kinds.contract import Kind
from server.model import Identity, Tier, View
from server.preview.cards import Cards
from server.preview.exports import Exports
from server.privacy.privacy import Privacy
from server.recording.arriving import Arrivals
from server.recording.recorder import Recorder
from server.recording.retention import Retention
from server.scheduler.loop import Scheduler
from server.settings import Settings
from server.sheets.making import Tables
from server.spectators.links import Links
from server.spectators.reach import Place
from server.store.database import Database
from server.store.ids import Ids
from server.ticker.messages import Keyframe
from server.vault.rotation import Rotation
from server.vault.vault import Vault
from server.webhooks.webhooks import Webhooks

Keyframes: TypeAlias = Callable[[str, View], Awaitable[Keyframe]]
"""The current keyframe of an office's view."""


OpenLan: TypeAlias = Callable[[], Awaitable[Place]]
"""Opens the local network's listener, if it is not open, and says where it is found; UnavailableError where it cannot."""


class Guesses(Protocol):
    """What keeps an address from trying one secret after another."""

    def guarded(self, client: Address | None) -> AbstractContextManager[None]:
        """Around one try: TooManyError where there were too many, and a NotFoundError within counts as one that failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """The parts of the house that endpoints use. `process` tells this process from those before it.

    `freed`: (account, Idempotency-Key) of requests that did nothing, but whose key the store could not free.
    """

    db: Database
    scheduler: Scheduler
    keyframe: Keyframes
    kinds: Mapping[str, Kind]
    logs: Logs
    recorder: Recorder
    exports: Exports
    arrivals: Arrivals
    tables: Tables
    retention: Retention
    settings: Settings
    clock: Clock
    ids: Ids
    tiers: Mapping[str, Tier]
    tokens: Tokens
    sessions: Sessions
    reception: Reception
    links: Links
    privacy: Privacy
    cards: Cards
    guesses: Guesses
    lan: OpenLan
    vault: Vault
    rotation: Rotation
    webhooks: Webhooks
    ready: Callable[[], Mapping[str, bool]]
    process: bytes
    payments: Payments | None = None
    freed: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request on its way through an endpoint. `identity` is None on public paths only."""

    request: Request
    parts: Parts
    identity: Identity | None

    @property
    def who(self) -> Identity:
        """Who asks.

        Raises:
            NotAuthenticatedError: nobody is known here; a path that needs this must not be public.
        """
        if self.identity is None:
            raise NotAuthenticatedError("expected a token or a session, got neither")
        return self.identity

    @property
    def office(self) -> str:
        """The office of whoever asks."""
        return self.who.office

    def path(self, name: str) -> str:
        """A parameter of the path."""
        return str(self.request.path_params[name])


Endpoint: TypeAlias = Callable[[Call], Awaitable[Response]]
