"""The tables of webhooks: addresses, the secrets that they are signed with, and what is to be delivered to them."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from server.store.schema import metadata

hooks = Table(  # addresses that an account wants to have its ended batches told to
    "hooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("label", Text),
    Column("enabled", Boolean, nullable=False),
    Column("edition", Integer, nullable=False, server_default=text("0")),  # grows with url and enabled
    Column("off_reason", Text),  # why it is not enabled
    Column("off_ms", BigInteger),
    Column("failing_ms", BigInteger),  # since when no delivery succeeded any more
    Column("resume_ms", BigInteger),  # it asked to hear nothing before then
    Column("delivered_ms", BigInteger),  # when one succeeded last
    Column("created_ms", BigInteger, nullable=False),
)

hook_secrets = Table(  # sealed as own keys are: see `server/vault/envelope.py`
    "hook_secrets",
    metadata,
    Column("hook", ForeignKey("hooks.id"), primary_key=True),
    Column("version", Text, primary_key=True),  # made anew with each secret
    Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("master", Text, nullable=False),  # the name of the master key around its data key
    Column("wrapped", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger),  # a former one: signed with as well until then
    Index("ix_hook_secrets_master", "master"),
)

hook_deliveries = (
    Table(  # the outbox: a row for each address and event, written in the event's own transaction
        "hook_deliveries",
        metadata,
        Column("id", Text, primary_key=True),  # of the event, then of the hook
        Column("hook", ForeignKey("hooks.id"), nullable=False),
        Column("account", ForeignKey("accounts.id"), nullable=False, index=True),
        Column("batch", Text),
        Column("kind", Text, nullable=False),
        Column("body", Text, nullable=False),  # as it was when it happened
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("step", Integer, nullable=False, server_default=text("0")),  # how far in the schedule
        Column("due_ms", BigInteger),  # the next attempt, while it waits
        Column("status", Integer),  # of the last answer
        Column("reason", Text),  # why the last attempt failed
        Column("created_ms", BigInteger, nullable=False),
        Column("ended_ms", BigInteger),
        Index("ix_hook_deliveries_hook_id", "hook", "id", unique=True),
        Index(
            "ix_hook_deliveries_hook_due",
            "hook",
            "due_ms",
            sqlite_where=text("due_ms IS NOT NULL"),
            postgresql_where=text("due_ms IS NOT NULL"),
        ),
        Index(
            "ix_hook_deliveries_due",
            "due_ms",
            sqlite_where=text("due_ms IS NOT NULL"),
            postgresql_where=text("due_ms IS NOT NULL"),
        ),
    )
)
