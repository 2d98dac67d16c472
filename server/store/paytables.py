"""The tables of who pays by Stripe; see `server/store/tables.py` for all others."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, text

from server.store.schema import metadata

customers = Table(  # accounts that Stripe knows; also the queue of those to be looked at: see `server/billing/clerk.py`
    "customers",
    metadata,
    Column("account", ForeignKey("accounts.id"), primary_key=True),
    Column("customer", Text, nullable=False, unique=True),  # Stripe's id
    Column("applied", Text),  # the tier that a subscription last gave; null: none
    Column("session", Text),  # the checkout that was begun last, and for which tier
    Column("session_tier", Text),
    Column("due_ms", BigInteger, index=True),  # when to look at it; null: when something is heard
    Column("asked", BigInteger, nullable=False, server_default=text("0")),  # how often a look was asked for
    Column("tries", Integer, nullable=False, server_default=text("0")),  # looks that failed in a row
    Column("looked_ms", BigInteger),
    Column("spared_ms", BigInteger),  # until then a lower tier deletes no recordings
    Column("created_ms", BigInteger, nullable=False),
)

subscriptions = Table(  # as Stripe had them when they were looked at
    "subscriptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("price", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("period_end_ms", BigInteger, nullable=False),
    Column("cancel_ms", BigInteger),  # when it ends, if that is settled
    Column("behind_ms", BigInteger),  # since when it is not paid
    Column("seen_ms", BigInteger, nullable=False),
)

stripe_events = Table(  # what was heard, by Stripe's ids: each is heeded once
    "stripe_events",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("customer", Text),
    Column("asked", BigInteger),  # the look that it asked for
    Column("received_ms", BigInteger, nullable=False, index=True),
    Column("done_ms", BigInteger),
)
