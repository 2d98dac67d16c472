import json
from pathlib import Path

import pytest

from server.cli.doctor import examine
from tests.cli.conftest import Command
from tests.cli.office import Served

HERE = ["Python", "Settings", "Data folder", "Disk", "Store", "Web client", "Clock"]


async def test_everything_is_looked_at(tmp_path: Path) -> None:
    found = [finding.what for finding in await examine(None, tmp_path)]
    assert found == [*HERE, "Server", "Commands", "Master keys", "Chat", "Public URL"]


async def test_a_server_is_asked_for_more(online: Served, tmp_path: Path) -> None:
    found = [finding.what for finding in await examine(None, tmp_path)]
    asked = ["Server", "Readiness", "Token", "Queue", "Server clock", "Commands"]
    assert found == [*HERE, *asked, "Master keys", "Chat", "Public URL"]


async def test_settings_that_cannot_be_read_are_told_and_the_rest_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TENDESKS_RUNNING_MAX", "many")
    found = {finding.what: finding for finding in await examine(None, tmp_path)}
    assert found["Settings"].verdict == "wrong"
    assert "TENDESKS_RUNNING_MAX" in found["Settings"].detail
    assert "Disk" in found


def test_what_is_not_set_up_is_no_fault(tendesks: Command) -> None:
    result = tendesks("doctor", "--json")
    findings = {finding["what"]: finding["verdict"] for finding in json.loads(result.stdout)["findings"]}
    missing = ("Data folder", "Store", "Server", "Chat", "Public URL")
    assert {findings[what] for what in missing} == {"note"}


def test_the_command_ends_with_one_when_something_is_wrong(tendesks: Command) -> None:
    result = tendesks("doctor", "--url", "http://127.0.0.1:9", "--json")
    assert result.exit_code == 1
    assert [
        found["what"] for found in json.loads(result.stdout)["findings"] if found["verdict"] == "wrong"
    ] == ["Server"]
    assert "Python" in tendesks("doctor").stdout
