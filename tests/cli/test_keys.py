"""`tendesks keys` against a real server and a real provider: a key is read from standard input and never shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli import keys
from server.cli.exits import UsageError
from server.cli.keys import read_secret, standing, table
from server.vault.keyfile import KEY_FILE, read_file
from tests.cli.conftest import Command
from tests.fakes.provider import KEY, Provider, provider_beside
from tests.processes import ServerProcess, serving

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with provider_beside() as found:
        yield found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data: Path = tmp_path_factory.mktemp("keys") / "data"
    with serving(data, environ={}, master_keys=False) as found:
        yield found


@pytest.fixture
def there(house: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> ServerProcess:
    monkeypatch.setenv("TENDESKS_URL", house.url)
    monkeypatch.setenv("TENDESKS_TOKEN", house.token)
    for key in house.api("GET", "/keys")["items"]:
        house.api("DELETE", f"/keys/{key['provider']}")
    return house


def test_a_key_is_set_listed_and_deleted(tendesks: Command, there: ServerProcess, provider: Provider) -> None:
    assert tendesks("keys", "list").stdout == "No own keys. `tendesks keys set PROVIDER` puts one in.\n"
    result = tendesks("keys", "set", "mine", "--base", provider.base_url, input=f"{KEY}\n")
    assert (result.exit_code, result.stdout) == (0, f"mine: …{KEY[-4:]}, accepted by its provider.\n")
    assert there.api("GET", "/account")["slots"] == 20
    listed = tendesks("keys", "list")
    assert "never used" in listed.stdout
    found = json.loads(tendesks("keys", "list", "--json").stdout)["keys"]
    assert [key["last"] for key in found] == [KEY[-4:]]
    assert KEY not in result.output + listed.output
    assert tendesks("keys", "delete", "mine").stdout == "mine: deleted.\n"
    assert there.api("GET", "/account")["slots"] == 10
    assert tendesks("keys", "delete", "mine").exit_code == 1


def test_what_is_wrong_is_said_without_the_key(
    tendesks: Command, there: ServerProcess, provider: Provider
) -> None:
    wrong = "sk-wrong-0123456789abcdef"
    for arguments, code, said in (
        (("mine",), 1, "expected the address of mine"),
        (("mine", "--base", provider.base_url), 1, "does not accept this key (401)"),
    ):
        result = tendesks("keys", "set", *arguments, input=wrong)
        assert result.exit_code == code
        assert said in result.stderr
        assert wrong not in result.output
    result = tendesks("keys", "set", "mine", input="\n")
    assert result.exit_code == 2
    assert "expected a key on standard input" in result.stderr


def test_a_local_server_makes_a_new_master_key(
    tendesks: Command, there: ServerProcess, provider: Provider
) -> None:
    tendesks("keys", "set", "mine", "--base", provider.base_url, input=KEY)
    before = read_file(there.data / KEY_FILE)
    result = tendesks("keys", "rotate")
    after = read_file(there.data / KEY_FILE)
    assert before is not None
    assert after is not None
    assert not before.masters.keys() & after.masters.keys()
    assert result.stdout == f"All own keys are under {after.current}; still needed: {after.current}.\n"
    assert [key["state"] for key in there.api("GET", "/keys")["items"]] == ["ok"]
    assert json.loads(tendesks("keys", "rotate", "--json").stdout)["left"] == 0


def test_a_lost_master_key_is_given_up(tendesks: Command, tmp_path: Path, provider: Provider) -> None:
    data = tmp_path / "given up"
    with serving(data, master_keys=False) as server:
        server.api("PUT", "/keys/mine", json={"key": KEY, "base": provider.base_url})
        served = tendesks("keys", "abandon", "--data", str(data))
        assert served.exit_code == 1
        assert "already served at" in served.stderr
    assert tendesks("keys", "abandon", "--data", str(data)).stdout == "Every own key can be opened.\n"
    (data / KEY_FILE).rename(data / "elsewhere")
    server = ServerProcess(data, master_keys=False)
    with pytest.raises(AssertionError, match="expected the file with the master key local-"):
        server.start()
    looked = tendesks("keys", "abandon", "--data", str(data))
    assert looked.stdout == "1 own key cannot be opened; `--yes` deletes them for good.\n"
    given_up = tendesks("keys", "abandon", "--yes", "--data", str(data))
    assert given_up.stdout == "1 own key deleted.\n"
    with serving(data, master_keys=False) as server:
        assert server.api("GET", "/keys")["items"] == []
        assert server.query("SELECT what FROM audit ORDER BY id") == [("key.put",), ("key.abandoned",)]


def test_a_person_is_asked_without_an_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "getpass", lambda prompt: f" {prompt} ")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert read_secret("openai") == "Key of openai:"
    monkeypatch.setattr(keys, "getpass", lambda _prompt: " ")
    with pytest.raises(UsageError):
        read_secret("openai")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ({"state": "ok", "last": "cdef", "checked": "x"}, "…cdef, accepted by its provider"),
        ({"state": "ok"}, "not checked yet: its provider could not be asked"),
        (
            {"state": "rejected", "last": "cdef"},
            "…cdef, not accepted by its provider any more; set another one",
        ),
        ({"state": "undecryptable"}, "cannot be opened on this server; set it again"),
    ],
)
def test_the_words_of_a_key(key: dict[str, str], said: str) -> None:
    assert standing(key) == said
    assert table([{**key, "provider": "mine", "base": "https://x"}], 0).row_count == 1
