"""A migrated database is exactly what the tables say, and the cheap check knows it."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from server.store import migrations
from server.store.migrations import HEAD, at_head, upgrade
from server.store.tables import metadata


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}"


def described(connection: Connection) -> dict[str, list[str]]:
    """Every table and index as SQLite itself wrote it down, without Alembic's own; constraints have no order."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {
        name: sorted(filter(None, (line.strip("\t\n ,)") for line in re.split(r"\n|, (?=\w+ [A-Z]+)", sql))))
        for name, sql in rows
        if name != "alembic_version"
    }


async def test_the_migrated_schema_is_the_one_the_tables_describe(url: str) -> None:
    await upgrade(url)
    migrated = create_engine(url.replace("+aiosqlite", ""))
    created = create_engine("sqlite://")
    metadata.create_all(created)
    with migrated.connect() as left, created.connect() as right:
        assert described(left) == described(right)
        assert compare_metadata(MigrationContext.configure(left), metadata) == []
        assert set(inspect(left).get_table_names()) == {*metadata.tables, "alembic_version"}
    migrated.dispose()
    created.dispose()


async def test_the_cheap_check_knows_an_empty_file_from_a_migrated_one(url: str) -> None:
    assert await at_head(url) is False
    await upgrade(url)
    assert await at_head(url) is True


async def test_upgrading_twice_changes_nothing(url: str) -> None:
    await upgrade(url)
    await upgrade(url)
    assert await at_head(url) is True


def test_the_head_of_the_cheap_check_is_alembics() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
