import json
from pathlib import Path

import pytest

from server.cli.doctor import examine, folder, python, reach, web
from tests.cli.conftest import Command
from tests.cli.office import Served


def test_python_has_to_be_new_enough() -> None:
    assert python((3, 11)).verdict == "ok"
    assert python((3, 10)).verdict == "wrong"


def test_the_data_folder_is_there_or_can_be_made(tmp_path: Path) -> None:
    assert folder(tmp_path).verdict == "ok"
    assert folder(tmp_path / "a" / "b").verdict == "note"
    (tmp_path / "file").write_text("")
    assert folder(tmp_path / "file" / "b").verdict == "wrong"


def test_the_web_client_is_built(tmp_path: Path) -> None:
    assert web(tmp_path).verdict == "wrong"
    (tmp_path / "index.html").write_text("")
    assert web(tmp_path).verdict == "ok"


async def test_a_server_that_answers_and_knows_us(online: Served, tmp_path: Path) -> None:
    server, token = await reach(None, tmp_path)
    assert (server.verdict, server.detail) == ("ok", online.url)
    assert (token.verdict, token.detail) == ("ok", "accepted, plan pro")


async def test_a_wrong_token_is_found(
    online: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TENDESKS_TOKEN", "other")
    _, token = await reach(None, tmp_path)
    assert (token.verdict, token.detail) == ("wrong", "Not signed in")


async def test_no_server_is_no_fault_unless_one_was_named(tmp_path: Path) -> None:
    [missing] = await reach(None, tmp_path)
    assert missing.verdict == "note"
    [named] = await reach("http://127.0.0.1:9", tmp_path)
    assert named.verdict == "wrong"
    [wrong] = await reach("nonsense", tmp_path)
    assert wrong.verdict == "wrong"


async def test_everything_is_looked_at(tmp_path: Path) -> None:
    found = [finding.what for finding in await examine(None, tmp_path)]
    assert found == ["Python", "Data folder", "Web client", "Server"]


def test_the_command_ends_with_one_when_something_is_wrong(tendesks: Command) -> None:
    result = tendesks("doctor", "--url", "http://127.0.0.1:9", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["findings"][-1]["verdict"] == "wrong"
    assert "Python" in tendesks("doctor").stdout
