"""The tables. Times are milliseconds since the epoch (UTC), ids are text made by the server, states are the model's words."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

import server.store.hooktables
import server.store.paytables
import server.store.peopletables
import server.store.recordingtables  # noqa: F401 - their tables belong to the same schema
from server.store.schema import metadata as metadata  # noqa: PLC0414 - whoever makes the tables asks here

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("slots", Integer),  # an operator's number for this account, over the tier's
    Column("created_ms", BigInteger, nullable=False),
    Column("suspended_ms", BigInteger),  # since when nothing of it starts
    Column("deletes_ms", BigInteger),  # when it is deleted for good, unless that is taken back before
    Column("own_quota", Integer),  # an operator's numbers for this account, over the tier's
    Column("own_links", Integer),
    Column("own_viewers", Integer),
    Column("own_recording_days", Integer),
    Column("keep_recordings", Integer),  # its own wish: so many days, never more than it may
    Column("keep_results", Integer),  # and inputs; null: until they are deleted
)

offices = Table(
    "offices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False, server_default=text("0")),
    Column("turn", BigInteger, nullable=False, server_default=text("0")),  # the last turn given to a batch
    Column(
        "batches", Integer, nullable=False, server_default=text("0")
    ),  # how many there ever were: the next order
    Column("created_ms", BigInteger, nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("account", ForeignKey("accounts.id"), primary_key=True),
    Column("month", Text, primary_key=True),  # "2026-11", UTC
    Column("used", Integer, nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("office", ForeignKey("offices.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("blocked", Text),
    Column("until_ms", BigInteger),
    Column("reason", Text),  # why the server paused it
    Column(
        "cancelling", Boolean, nullable=False, server_default=text("false")
    ),  # cancelled, but something still runs
    Column("priority", Integer, nullable=False, server_default=text("1")),
    Column("slots", Integer),
    Column("attempts", Integer, nullable=False),
    Column("timeout_ms", BigInteger, nullable=False),
    Column("ordinal", Integer, nullable=False),  # "order" on the wire
    Column("turn", BigInteger, nullable=False),
    Column("total", Integer, nullable=False, server_default=text("0")),
    Column("waiting", Integer, nullable=False, server_default=text("0")),
    Column("running", Integer, nullable=False, server_default=text("0")),
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("failed", Integer, nullable=False, server_default=text("0")),
    Column("cancelled", Integer, nullable=False, server_default=text("0")),
    Column(
        "measured", Integer, nullable=False, server_default=text("0")
    ),  # executions with a measured duration
    Column("spent_ms", BigInteger, nullable=False, server_default=text("0")),  # the sum of those durations
    Column(
        "squares", BigInteger, nullable=False, server_default=text("0")
    ),  # the sum of their squares, in ms²
    Column("created_ms", BigInteger, nullable=False),
    Column("started_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Column("cleared_ms", BigInteger),  # since when inputs, results and titles of its tasks are gone
    Index("ix_batches_office_id", "office", "id", unique=True),  # unique, so that pages need no sorting
    Index("ix_batches_office_ended", "office", "ended_ms"),
    Index(
        "ix_batches_open",  # and not by state, which changes with nearly every start and end
        "office",
        sqlite_where=text("ended_ms IS NULL"),
        postgresql_where=text("ended_ms IS NULL"),
    ),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("batch", ForeignKey("batches.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("key", Text),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default=text("0")),  # attempts used
    Column("losses", Integer, nullable=False, server_default=text("0")),  # executions lost with their process
    Column("fence", Integer, nullable=False, server_default=text("0")),
    Column("ready_ms", BigInteger),  # a backoff's end; null: at once
    Column("cancelling", Boolean, nullable=False, server_default=text("false")),  # asked to end while it runs
    Column("counted", Boolean, nullable=False, server_default=text("false")),  # against the month's quota
    Column("reason", Text),
    Column("message", Text),
    Column("input", LargeBinary, nullable=False),
    Index("ix_tasks_batch_position", "batch", "position", unique=True),
    Index("ix_tasks_batch_state_position", "batch", "state", "position"),
    Index(
        "ix_tasks_ready",
        "batch",
        "ready_ms",
        sqlite_where=text("ready_ms IS NOT NULL"),
        postgresql_where=text("ready_ms IS NOT NULL"),
    ),
)

executions = Table(
    "executions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("task", ForeignKey("tasks.id"), nullable=False),
    Column("batch", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Column("lease_ms", BigInteger),
    Column("reason", Text),
    Column("message", Text),
    Index("ix_executions_task", "task"),
    Index(
        "ix_executions_running",
        "office",
        sqlite_where=text("state = 'running'"),
        postgresql_where=text("state = 'running'"),
    ),
)

results = Table(
    "results",
    metadata,
    Column("task", ForeignKey("tasks.id"), primary_key=True),
    Column("execution", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("kind", Text, nullable=False),  # "api" or "session"
    Column("hash", LargeBinary, nullable=False, unique=True),  # SHA-256 of the secret
    Column("label", Text),
    Column("role", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger),
    Column("person", Text),  # whose it is; null: the local owner's, or the operator's own
    Column("used_ms", BigInteger),  # written at most once a minute
    Index("ix_tokens_account", "account"),
    Index("ix_tokens_person", "person"),
)

audit = Table(  # what was changed that matters to who may do what, by whom
    "audit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("actor", Text, nullable=False),  # a person's address, or what else acted
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),  # JSON
    Index("ix_audit_account_id", "account", "id", unique=True),
)

requests = Table(  # Idempotency-Key
    "requests",
    metadata,
    Column("account", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    Column("status", Integer),  # null while it is still running
    Column("body", LargeBinary),
    Column("created_ms", BigInteger, nullable=False, index=True),
)

links = Table(
    "links",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("office", ForeignKey("offices.id"), nullable=False),
    Column("hash", LargeBinary, nullable=False),  # SHA-256 of the secret
    Column("edition", Integer, nullable=False, server_default=text("0")),  # how often it was rotated
    Column("former", LargeBinary),  # the hash before, good until `former_until_ms`
    Column("former_until_ms", BigInteger),
    Column("label", Text),
    Column("view", Text, nullable=False),
    Column(
        "recording", Text
    ),  # no foreign key, nor below: a link does not keep what it shows from being deleted
    Column("from_ms", BigInteger),  # the stretch that it is locked to
    Column("to_ms", BigInteger),
    Column("batch", Text),
    Column("origins", Text, nullable=False),  # where it may be embedded, as a JSON array
    Column("card", Boolean, nullable=False),  # whether its picture is the live one
    Column("lan", Boolean, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("revoked_ms", BigInteger),
    Index("ix_links_office_created_ms_id", "office", "created_ms", "id"),
)

own_keys = Table(  # users' keys of providers, sealed: see `server/vault/envelope.py`
    "own_keys",
    metadata,
    Column("account", ForeignKey("accounts.id"), primary_key=True),
    Column("provider", Text, primary_key=True),
    Column("base", Text, nullable=False),  # where it is sent, and nowhere else
    Column("version", Text, nullable=False),  # made anew with each secret
    Column("last", Text, nullable=False),  # its last four characters
    Column("state", Text, nullable=False),
    Column("master", Text, nullable=False),  # the name of the master key around its data key
    Column("wrapped", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("added_ms", BigInteger, nullable=False),
    Column("checked_ms", BigInteger),  # when its provider first accepted it
    Column("used_ms", BigInteger),
    Index("ix_own_keys_master", "master"),
)

spending = Table(  # tokens of chats that the platform's key paid for
    "spending",
    metadata,
    Column("account", ForeignKey("accounts.id"), primary_key=True),
    Column("month", Text, primary_key=True),  # "2026-11", UTC
    Column("tokens", BigInteger, nullable=False),
)
