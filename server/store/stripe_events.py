"""Events of Stripe as rows: by their ids each is heeded once, however often it comes."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch

ADD = """
INSERT INTO stripe_events (id, kind, customer, asked, received_ms, done_ms)
VALUES (:id, :kind, :customer, :asked, :received_ms, :done_ms)
"""
SEEN = "SELECT EXISTS (SELECT 1 FROM stripe_events WHERE id = :id)"
DONE = """
UPDATE stripe_events SET done_ms = :done_ms WHERE customer = :customer AND asked <= :asked AND done_ms IS NULL
"""
FORGET = "DELETE FROM stripe_events WHERE customer = :customer"
DROP = "DELETE FROM stripe_events WHERE received_ms < :before_ms AND done_ms IS NOT NULL"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    """What was heard. `asked`: the look that it asked for; None: it asked for none, and is done."""

    id: str
    kind: str
    customer: str | None
    asked: int | None
    received_ms: int


async def was_heard(conn: AsyncConnection, event: str) -> bool:
    """Whether an event of this id has come before."""
    ((heard,),) = await fetch(conn, SEEN, id=event)
    return bool(heard)


async def add_event(conn: AsyncConnection, event: EventRow) -> None:
    """Write down what was heard."""
    done_ms = event.received_ms if event.asked is None else None
    await fetch(
        conn, ADD, id=event.id, kind=event.kind, customer=event.customer, asked=event.asked,
        received_ms=event.received_ms, done_ms=done_ms,
    )  # fmt: skip


async def events_done(conn: AsyncConnection, customer: str, asked: int, now_ms: int) -> None:
    """A look that was asked for by then is done."""
    await fetch(conn, DONE, customer=customer, asked=asked, done_ms=now_ms)


async def drop_old_events(conn: AsyncConnection, before_ms: int) -> None:
    """Forget what was heard before then and is done; Stripe sends an event again for some days only."""
    await fetch(conn, DROP, before_ms=before_ms)


async def forget_events(conn: AsyncConnection, customer: str) -> None:
    """Delete what was heard of a customer."""
    await fetch(conn, FORGET, customer=customer)
