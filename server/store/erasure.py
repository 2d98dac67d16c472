"""An account's rows, deleted for good: what hangs on others first, so many a transaction, and the account's own row last.

Whatever cuts this short, the rows that are left say where to go on. Deleted content is overwritten (`secure_delete` of the
writing connection), and once all is gone the write-ahead log is folded into the file and cut.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.database import Database
from server.store.hooks import quiet
from server.store.statements import Statement, carry_out, fetch, packed
from server.store.tables import metadata

tasks_at_once = 200
deeds_at_once = 500

DUE = """
SELECT a.id, o.id FROM accounts AS a JOIN offices AS o ON o.account = a.id
WHERE a.deletes_ms <= :now_ms ORDER BY a.deletes_ms, a.id
"""
BATCH = "SELECT id FROM batches WHERE office = :office LIMIT 1"
BATCHES_OPEN = "SELECT id FROM batches WHERE office = :office AND ended_ms IS NULL AND state <> 'arriving'"
TASKS = "SELECT id FROM tasks WHERE batch = :batch ORDER BY position LIMIT :limit"
EXECUTIONS = "SELECT id FROM executions WHERE task IN (SELECT value FROM json_each(:tasks))"
DROP_TASKS = tuple(
    f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(:tasks))"  # noqa: S608 - our own names
    for table, column in (("executions", "task"), ("results", "task"), ("tasks", "id"))
)
DROP_BATCH = "DELETE FROM batches WHERE id = :batch"
RECORDINGS = "SELECT id FROM recordings WHERE office = :office"
DROP_RECORDINGS = "UPDATE recordings SET dropped = true WHERE office = :office AND NOT dropped"
DROP_DEEDS = """
DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE account = :account LIMIT :limit) RETURNING 1
"""
TOKENS = "DELETE FROM tokens WHERE account = :account RETURNING id"
PEOPLE = """
SELECT m.person FROM members AS m WHERE m.account = :account AND NOT EXISTS (
  SELECT 1 FROM members AS o WHERE o.person = m.person AND o.account <> :account)
"""
TOKENS_OF_PEOPLE = "DELETE FROM tokens WHERE person IN (SELECT value FROM json_each(:people)) RETURNING id"
LETTERS_TO_PEOPLE = """
DELETE FROM letters WHERE email IN (SELECT email FROM people WHERE id IN (SELECT value FROM json_each(:people)))
"""
DROP_PEOPLE = "DELETE FROM people WHERE id IN (SELECT value FROM json_each(:people))"

APART = frozenset({"audit", "members", "offices", "tokens"})
"""Tables with the account in them that have a place of their own in the order; all others go before the office."""


def plain_tables() -> list[str]:
    """The tables whose rows of an account hang on nothing and are no more than a few."""
    return [
        table.name
        for table in reversed(metadata.sorted_tables)
        if "account" in table.c and table.name not in APART
    ]


async def accounts_due(conn: AsyncConnection, now_ms: int) -> list[tuple[str, str]]:
    """Read the accounts whose time to be deleted has come, with their offices."""
    return [(account, office) for account, office in await fetch(conn, DUE, now_ms=now_ms)]


async def drop_rights(conn: AsyncConnection, account: str) -> list[str]:
    """Delete what opens or unlocks anything: own keys first, which nothing can open from then on. Returns ended tokens."""
    await quiet(conn, account)
    for table in ("own_keys", "hook_secrets", "letters", "links", "requests"):
        await fetch(conn, f"DELETE FROM {table} WHERE account = :account", account=account)  # noqa: S608 - our own names
    return [token for (token,) in await fetch(conn, TOKENS, account=account)]


async def open_batches(conn: AsyncConnection, office: str) -> list[str]:
    """Read the batches of an office that have not ended."""
    return [batch for (batch,) in await fetch(conn, BATCHES_OPEN, office=office)]


async def some_batch(conn: AsyncConnection, office: str) -> str | None:
    """Read a batch of an office; None: there is none any more."""
    found = await fetch(conn, BATCH, office=office)
    return found[0][0] if found else None


async def some_tasks(conn: AsyncConnection, batch: str) -> tuple[list[str], list[str]]:
    """Read the first tasks that are left of a batch, and all their executions."""
    tasks = [task for (task,) in await fetch(conn, TASKS, batch=batch, limit=tasks_at_once)]
    found = await fetch(conn, EXECUTIONS, tasks=packed(tasks)) if tasks else []
    return tasks, [execution for (execution,) in found]


async def drop_tasks(conn: AsyncConnection, tasks: Sequence[str]) -> None:
    """Delete tasks with their executions and results."""
    values = {"tasks": packed(tasks)}
    await carry_out(conn, [Statement(text=text, values=values) for text in DROP_TASKS])


async def drop_batch(conn: AsyncConnection, batch: str) -> None:
    """Delete a batch that has no tasks any more."""
    await fetch(conn, DROP_BATCH, batch=batch)


async def recordings_left(conn: AsyncConnection, office: str) -> list[str]:
    """Read the recordings of an office that are not deleted yet."""
    return [recording for (recording,) in await fetch(conn, RECORDINGS, office=office)]


async def drop_recordings(conn: AsyncConnection, office: str) -> None:
    """Take all recordings of an office out of every list."""
    await fetch(conn, DROP_RECORDINGS, office=office)


async def drop_deeds(conn: AsyncConnection, account: str) -> bool:
    """Delete some of an account's audit log; says whether more may be left."""
    found = await fetch(conn, DROP_DEEDS, account=account, limit=deeds_at_once)
    return len(found) == deeds_at_once


async def drop_account(conn: AsyncConnection, account: str) -> list[str]:
    """Delete the last rows of an account, and whoever belongs to no other one. Returns ended tokens."""
    people = packed([person for (person,) in await fetch(conn, PEOPLE, account=account)])
    ended = await fetch(conn, TOKENS_OF_PEOPLE, people=people)
    ended += await fetch(conn, TOKENS, account=account)
    await fetch(conn, LETTERS_TO_PEOPLE, people=people)
    for table in ("members", "audit", *plain_tables(), "offices"):
        await fetch(conn, f"DELETE FROM {table} WHERE account = :account", account=account)  # noqa: S608 - our own names
    await fetch(conn, DROP_PEOPLE, people=people)
    await fetch(conn, "DELETE FROM accounts WHERE id = :account", account=account)
    return [token for (token,) in ended]


async def fold(db: Database) -> bool:
    """Fold SQLite's write-ahead log into the file and cut it; False: somebody reads just now, ask again later."""
    if db.dialect != "sqlite":
        return True
    return await db.fold()
