import json
from pathlib import Path

import pytest

from server.cli import db
from tests.cli.conftest import Command


def test_a_database_is_upgraded_once(tendesks: Command, tmp_path: Path) -> None:
    data = tmp_path / "new"
    first = tendesks("db", "upgrade", "--data", str(data), "--json")
    assert (first.exit_code, json.loads(first.stdout)) == (0, {"changed": True})
    assert (data / "tendesks.sqlite3").is_file()
    assert data.stat().st_mode & 0o077 == 0
    again = tendesks("db", "upgrade", "--data", str(data))
    assert (again.exit_code, again.stdout) == (0, "The database is at the newest schema already.\n")


def test_a_database_that_cannot_be_reached_by_settings_is_told(
    tendesks: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENDESKS_RUNNING_MAX", "none")
    result = tendesks("db", "upgrade")
    assert result.exit_code == 1
    assert "TENDESKS_RUNNING_MAX" in result.stderr


def test_a_named_database_needs_no_folder(
    tendesks: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    async def at_head(url: str) -> bool:
        asked.append(url)
        return True

    monkeypatch.setattr(db, "at_head", at_head)
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:////elsewhere/desks.sqlite3")
    assert tendesks("db", "upgrade", "--data", str(tmp_path / "unused")).exit_code == 0
    assert asked == ["sqlite+aiosqlite:////elsewhere/desks.sqlite3"]
    assert not (tmp_path / "unused").exists()
