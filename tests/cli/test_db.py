import json
from pathlib import Path

from tests.cli.conftest import Command


def test_a_database_is_upgraded_once(tendesks: Command, tmp_path: Path) -> None:
    data = tmp_path / "new"
    first = tendesks("db", "upgrade", "--data", str(data), "--json")
    assert (first.exit_code, json.loads(first.stdout)) == (0, {"changed": True})
    assert (data / "tendesks.sqlite3").is_file()
    assert data.stat().st_mode & 0o077 == 0
    again = tendesks("db", "upgrade", "--data", str(data))
    assert (again.exit_code, again.stdout) == (0, "The database is at the newest schema already.\n")
