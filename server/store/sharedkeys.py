"""Keys that all processes of a store share, made by the first that asks for one; they are no users' secrets."""

import secrets

from server.store.database import Database
from server.store.statements import fetch

KEY_BYTES = 32
ADD = "INSERT INTO meta (key, value) VALUES (:name, :value) ON CONFLICT (key) DO NOTHING"
READ = "SELECT value FROM meta WHERE key = :name"


async def shared_key(db: Database, name: str) -> bytes:
    """Return 32 random bytes that are the same for everybody who asks for this name."""
    async with db.write() as tx:
        await fetch(tx.conn, ADD, name=name, value=secrets.token_hex(KEY_BYTES))
        return bytes.fromhex(str((await fetch(tx.conn, READ, name=name))[0][0]))
