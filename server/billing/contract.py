"""What the rooms of billing hand to each other and to the scheduler, which alone changes plans."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from server.store.audit import Deed
from server.store.database import Transaction
from server.store.subscriptions import Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPlan:
    """Another tier for an account, and what is written down of it."""

    tier: str
    deed: Deed


Decide: TypeAlias = Callable[[Transaction], Awaitable[NewPlan | None]]
"""Decides within a transaction whether there is to be another plan, and writes with it what belongs to that."""
SettlePlan: TypeAlias = Callable[[str, Decide], Awaitable[None]]
"""Gives an account what is decided, at once while work runs, in one transaction with what the decision writes.

It raises NotFoundError where there is no such account, UnavailableError where the store does not take it.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """What an event of Stripe says happened. It is never believed: it only says at whom to look."""

    id: str
    kind: str
    customer: str | None


Verify: TypeAlias = Callable[[bytes, str | None, int], Hint]
"""Verifies (body, signature, now in ms); raises ForgedError, LateError, InvalidInputError."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """A customer as Stripe has it now. `gone`: deleted there; `live`: all subscriptions that are not over."""

    id: str
    gone: bool
    live: tuple[Subscription, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkout:
    """A checkout at Stripe: `url` while it is open."""

    id: str
    state: str
    url: str | None
