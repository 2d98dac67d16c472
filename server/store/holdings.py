"""All that an account has, page by page, each page a short read of its own: what an export of it is made of.

No column with a secret, or with the hash of one, is among them; a test reads the list.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from server.store.database import Database
from server.store.statements import Row, fetch, packed

PAGE = 200
TASKS = 50
"""A page of tasks: each may have 64 KiB that came in, and as much again that came out."""

_BY_ID = "SELECT {columns} FROM {table} WHERE {owner} = :owner AND id > :after ORDER BY id LIMIT :limit"
LISTS: Mapping[str, tuple[str, str, str]] = {
    "tokens": (
        "tokens", "account",
        "id, kind, label, role, scopes, created_ms, expires_ms, person, used_ms",
    ),
    "invitations": ("letters", "account", "id, email, role, created_ms, expires_ms"),
    "links": (
        "links", "account",
        """id, label, view, recording, from_ms, to_ms, batch, origins, card, lan, edition, created_ms, expires_ms,
        revoked_ms""",
    ),
    "batches": (
        "batches", "office",
        """id, name, kind, params, state, blocked, reason, priority, slots, attempts, timeout_ms, ordinal, total, waiting,
        running, done, failed, cancelled, created_ms, started_ms, ended_ms, cleared_ms""",
    ),
    "recordings": (
        "recordings", "office", "id, hz, started_ms, last_ms, ended_ms, segments, frames, bytes, name, imported_ms",
    ),
    "webhooks": (
        "hooks", "account", "id, url, label, enabled, off_reason, off_ms, failing_ms, delivered_ms, created_ms",
    ),
    "webhook_deliveries": (
        "hook_deliveries", "account", "id, hook, batch, kind, state, attempts, status, reason, created_ms, ended_ms",
    ),
    "audit": ("audit", "account", "id, actor, what, about, at_ms, detail"),
}  # fmt: skip
"""By file: the table, by which column it is the account's, and the columns that are told; the first is `id`."""

ACCOUNT = """
SELECT a.id, a.name, a.tier, a.slots, a.own_quota, a.own_links, a.own_viewers, a.own_recording_days, a.keep_recordings,
  a.keep_results, a.created_ms, a.suspended_ms, a.deletes_ms, o.id AS office, o.name AS office_name
FROM accounts AS a JOIN offices AS o ON o.account = a.id WHERE a.id = :account
"""
PEOPLE = """
SELECT p.id, p.email, p.subject, m.role, m.created_ms FROM members AS m JOIN people AS p ON p.id = m.person
WHERE m.account = :account ORDER BY m.created_ms, p.id
"""
KEYS = """
SELECT provider, base, last, state, added_ms, checked_ms, used_ms FROM own_keys WHERE account = :account ORDER BY provider
"""
USAGE = "SELECT month, used FROM usage WHERE account = :account ORDER BY month"
SPENDING = "SELECT month, tokens FROM spending WHERE account = :account ORDER BY month"
TASKS_OF = """
SELECT t.id, t.batch, t.position, t.title, t.key, t.state, t.attempt, t.reason, t.message, t.input, r.body AS result
FROM tasks AS t LEFT JOIN results AS r ON r.task = t.id
WHERE t.batch = :batch AND t.position > :after ORDER BY t.position LIMIT :limit
"""
EXECUTIONS_OF = """
SELECT task, id, attempt, state, started_ms, ended_ms, reason, message FROM executions
WHERE task IN (SELECT value FROM json_each(:tasks)) ORDER BY fence
"""
WHOLE: Mapping[str, str] = {"people": PEOPLE, "keys": KEYS, "usage": USAGE, "spending": SPENDING}
"""By file: what is few, and read at once."""

Record = dict[str, Any]


def _names(statement: str) -> list[str]:
    """The columns of one of our statements, as they are told."""
    listed = statement.split("SELECT", 1)[1].split("FROM", 1)[0]
    return [column.split(" AS ")[-1].split(".")[-1].strip() for column in listed.split(",")]


def _records(statement: str, rows: list[Row]) -> list[Record]:
    names = _names(statement)
    return [dict(zip(names, row, strict=True)) for row in rows]


async def account_record(db: Database, account: str) -> Record:
    """The account and its office."""
    async with db.read() as conn:
        (found,) = _records(ACCOUNT, await fetch(conn, ACCOUNT, account=account))
    return found


async def whole_list(db: Database, account: str, name: str) -> list[Record]:
    """One of the short lists."""
    async with db.read() as conn:
        return _records(WHOLE[name], await fetch(conn, WHOLE[name], account=account))


async def listed(db: Database, name: str, *, account: str, office: str) -> AsyncIterator[list[Record]]:
    """One of the long lists, oldest first."""
    table, owner, columns = LISTS[name]
    statement = _BY_ID.format(columns=columns, table=table, owner=owner)
    whose, after = (office if owner == "office" else account), ""
    while True:
        async with db.read() as conn:
            rows = await fetch(conn, statement, owner=whose, after=after, limit=PAGE)
        if rows:
            yield _records(statement, rows)
        if len(rows) < PAGE:
            return
        after = str(rows[-1][0])


async def tasks_of(db: Database, batch: str) -> AsyncIterator[list[Record]]:
    """A batch's tasks with their executions, in the order of the list."""
    after = -1
    while True:
        async with db.read() as conn:
            found = _records(TASKS_OF, await fetch(conn, TASKS_OF, batch=batch, after=after, limit=TASKS))
            ids = packed([task["id"] for task in found])
            executions = _records(EXECUTIONS_OF, await fetch(conn, EXECUTIONS_OF, tasks=ids)) if found else []
        by_task: dict[str, list[Record]] = {}
        for execution in executions:
            by_task.setdefault(execution.pop("task"), []).append(execution)
        if found:
            yield [{**task, "executions": by_task.get(task["id"], [])} for task in found]
        if len(found) < TASKS:
            return
        after = found[-1]["position"]
