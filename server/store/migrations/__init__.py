"""The schema's history: brings a database to the newest revision, and tells cheaply whether it is there."""

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

HEAD = "0011"


async def at_head(url: str) -> bool:
    """Say whether the schema is at its newest revision. Needs no Alembic, which takes a while to import."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as conn:
            found = await conn.execute(text("SELECT version_num FROM alembic_version"))
            return [version for (version,) in found] == [HEAD]
    except DBAPIError:
        return False  # no such table: an empty database
    finally:
        await engine.dispose()


async def upgrade(url: str) -> None:
    """Bring the schema to its newest revision; harmless when it is there."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as conn:
            await conn.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and most starts do not need it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
