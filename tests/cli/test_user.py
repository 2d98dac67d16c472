"""The operator's commands against a real hosted server."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from server.cli.user import table
from tests.cli.conftest import Command
from tests.processes import ServerProcess, serving

ADA = "ada@example.org"


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data: Path = tmp_path_factory.mktemp("hosted") / "data"
    with serving(data, environ={"TENDESKS_MODE": "hosted"}) as found:
        yield found


def said(tendesks: Command, server: ServerProcess, *args: str) -> dict:
    result = tendesks("user", *args, "--data", str(server.data), "--json")
    return dict(json.loads(result.stdout))


@pytest.mark.flow
def test_an_account_from_its_making_to_its_suspension(tendesks: Command, hosted: ServerProcess) -> None:
    made = said(tendesks, hosted, "add", ADA, "--tier", "starter", "--name", "Acme")
    assert (made["email"], made["tier"], made["name"]) == (ADA, "starter", "Acme")
    token = said(tendesks, hosted, "token", ADA, "--label", "ci", "--scopes", "read,submit")
    assert (token["label"], token["scopes"]) == ("ci", ["read", "submit"])

    def ask(method: str, path: str, **options: object) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token['token']}"}
        return httpx2.request(method, f"{hosted.url}/api/v1{path}", headers=headers, **options)

    assert ask("GET", "/account").json()["slots"] == 3
    assert said(tendesks, hosted, "tier", ADA, "pro", "--slots", "12")["slots"] == 12
    assert ask("GET", "/account").json()["slots"] == 12
    assert ask("GET", "/account").json()["tier"] == "pro"
    assert "slots" not in said(tendesks, hosted, "tier", ADA, "--slots", "0")
    body = {"kind": "demo", "params": {"seconds": 0}, "tasks": [{"input": {}}]}
    assert "suspended" in said(tendesks, hosted, "suspend", ADA)
    assert ask("POST", "/batches", json=body).json()["code"] == "suspended"
    assert "suspended" not in said(tendesks, hosted, "resume", ADA)
    assert ask("POST", "/batches", json=body).status_code == 201
    listed = said(tendesks, hosted, "list")["accounts"]
    assert (listed[0]["email"], listed[0]["tier"]) == (ADA, "pro")
    numbers = ("--quota", "900", "--links", "10", "--viewers", "7", "--recording-days", "9")
    changed = said(tendesks, hosted, "tier", ADA, *numbers)
    assert [changed[name] for name in ("quota", "links", "viewers", "recording_days")] == [900, 10, 7, 9]
    assert ask("GET", "/account").json()["quota"]["limit"] == 900


@pytest.mark.flow
def test_an_account_is_deleted_only_when_it_is_meant_and_kept_after_all(
    tendesks: Command, hosted: ServerProcess
) -> None:
    data = ("--data", str(hosted.data))
    said(tendesks, hosted, "add", "del@example.org")
    unmeant = tendesks("user", "delete", "del@example.org", *data)
    assert (unmeant.exit_code, unmeant.stderr.rstrip().endswith("say --yes")) == (2, True)
    told = tendesks("user", "delete", "del@example.org", "--yes", *data).stdout
    assert told.startswith("Nothing of it starts any more. It is deleted 20")
    (account,) = [
        each for each in said(tendesks, hosted, "list")["accounts"] if each["email"] == "del@example.org"
    ]
    assert account["deletes"]
    assert tendesks("user", "keep", "del@example.org", *data).stdout == "del@example.org is kept.\n"
    assert tendesks("user", "keep", "del@example.org", *data).exit_code == 1


@pytest.mark.flow
def test_people_read_sentences_and_the_token_stands_alone(tendesks: Command, hosted: ServerProcess) -> None:
    data = ("--data", str(hosted.data))
    assert (
        tendesks("user", "add", "bob@example.org", *data).stdout
        == "bob@example.org: made; free, Your office.\n"
    )
    token = tendesks("user", "token", "bob@example.org", *data)
    assert token.stdout.startswith("tds_")
    assert len(token.stdout.strip()) == 47
    assert "It is shown this once" in token.stderr
    changed = tendesks("user", "tier", "bob@example.org", "--slots", "7", *data)
    assert changed.stdout == "bob@example.org: changed; free, 7 at a time, Your office.\n"
    assert "bob@example.org" in tendesks("user", "list", *data).stdout


@pytest.mark.flow
@pytest.mark.parametrize(
    ("args", "code", "sentence"),
    [
        (("suspend", "nobody@example.org"), 1, "nobody with the address nobody@example.org owns an account"),
        (("add", "no address"), 1, "email: expected an address such as ada@example.org"),
        (
            ("add", "eve@example.org", "--tier", "gold"),
            1,
            "tier: expected one of free, starter, pro, enterprise",
        ),
        (("tier", ADA), 2, "expected a TIER, --slots or another number, got none"),
    ],
)
def test_what_cannot_be_done_is_said(
    tendesks: Command, hosted: ServerProcess, args: tuple[str, ...], code: int, sentence: str
) -> None:
    result = tendesks("user", *args, "--data", str(hosted.data))
    assert result.exit_code == code
    assert result.stderr.startswith(f"tendesks: {sentence}")


@pytest.mark.flow
def test_a_local_server_has_no_accounts(tendesks: Command, tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        result = tendesks("user", "list", "--data", str(server.data))
        assert (result.exit_code, "TENDESKS_MODE=hosted" in result.stderr) == (1, True)


def test_accounts_as_a_table() -> None:
    account = {
        "email": "ada@example.org\x1b[2J", "name": "Acme", "tier": "pro", "slots": 1200, "created": "2026-11-18T11:06:40.000Z",
        "suspended": "2026-11-19T11:06:40.000Z",
    }  # fmt: skip
    (row,) = zip(*(column.cells for column in table([account]).columns), strict=True)
    assert row == ("ada@example.org [2J", "Acme", "pro", "1,200", "2026-11-18", "suspended")
