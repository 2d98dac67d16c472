"""Giving up what nobody can open any more: the rows that a lost master key has sealed, so that the server starts again."""

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import Clock
from server.settings import Settings
from server.store import hooksecrets, keys
from server.store.audit import Deed, add_deed
from server.store.database import Database
from server.store.ids import Ids
from server.vault import keyfile
from server.vault.proof import opened_by

OPERATOR = "operator"


async def count_lost(db: Database, settings: Settings) -> int:
    """Count the own keys, and secrets of webhooks, that no master key that is here opens."""
    async with db.read() as conn:
        kept = await _kept(conn, settings)
        needed = await keys.masters_in_use(conn)
    return sum(count for name, count in needed.items() if name not in kept)


async def abandon(db: Database, settings: Settings, clock: Clock, ids: Ids) -> int:
    """Delete them for good, and what proved their master keys; says how many. No server may be at work.

    Raises:
        ConfigurationError: the master keys that are here are wrong.
    """
    async with db.write() as tx:
        kept = await _kept(tx.conn, settings)
        names = orjson.dumps(kept).decode()
        gone = await keys.abandon(tx.conn, names)
        gone += [(account, hooksecrets.PROVIDER) for account, _ in await hooksecrets.abandon(tx.conn, names)]
        for name in await keys.canaries(tx.conn):
            if name not in kept:
                await keys.drop_canary(tx.conn, name)
        for account, provider in gone:
            deed = Deed(
                account=account, actor=OPERATOR, what="key.abandoned", about=provider, at_ms=clock.now_ms()
            )
            await add_deed(tx.conn, ids, deed)
    return len(gone)


async def _kept(conn: AsyncConnection, settings: Settings) -> list[str]:
    return opened_by(keyfile.given(settings), await keys.canaries(conn))
