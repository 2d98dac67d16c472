import asyncio
from pathlib import Path

from server.store.database import Database
from server.store.sharedkeys import shared_key
from server.store.tables import metadata


async def test_whoever_asks_gets_the_same_key_of_a_name(tmp_path: Path) -> None:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with db.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
    one, again, other = await asyncio.gather(shared_key(db, "a"), shared_key(db, "a"), shared_key(db, "b"))
    assert one == again != other
    assert len(one) == 32
    await db.close()
