"""`tendesks webhooks` against a real server and a real receiver; a secret is printed once, alone on standard output."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli.webhooks import OFF, standing, told
from server.store.hooks import OffReason
from tests.cli.conftest import Command
from tests.fakes.clock import START_MS
from tests.fakes.listener import Listener, listener_beside
from tests.processes import ServerProcess, serving

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data: Path = tmp_path_factory.mktemp("webhooks") / "data"
    with serving(data) as found:
        yield found


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listener_beside() as found:
        yield found


@pytest.fixture
def there(house: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> ServerProcess:
    monkeypatch.setenv("TENDESKS_URL", house.url)
    monkeypatch.setenv("TENDESKS_TOKEN", house.token)
    for hook in house.api("GET", "/webhooks")["items"]:
        house.api("DELETE", f"/webhooks/{hook['id']}")
    return house


def test_one_is_added_tried_looked_at_and_removed(
    tendesks: Command, there: ServerProcess, listener: Listener
) -> None:
    assert tendesks("webhooks", "list").stdout == "No webhooks. `tendesks webhooks add URL` adds one.\n"
    added = tendesks("webhooks", "add", listener.url, "--label", "CRM")
    assert added.exit_code == 0
    secret = added.stdout.strip()
    assert secret.startswith("whsec_")
    (hook,) = there.api("GET", "/webhooks")["items"]
    listed = tendesks("webhooks", "list")
    assert "CRM" in listed.stdout
    assert "in order" in listed.stdout
    assert secret not in listed.output
    sent = tendesks("webhooks", "ping", hook["id"][:8])
    assert (sent.exit_code, sent.stdout) == (0, "arrived after 1 attempt\n")
    listener.answer = lambda _number: 500
    sent = tendesks("webhooks", "ping", hook["id"])
    assert (sent.exit_code, "It answered 500" in sent.stdout) == (1, True)
    rows = json.loads(tendesks("webhooks", "deliveries", hook["id"], "--json").stdout)["deliveries"]
    assert [row["state"] for row in rows] == ["failed", "delivered"]
    assert "did not arrive after 1 attempt" in tendesks("webhooks", "deliveries", hook["id"]).stdout
    rotated = tendesks("webhooks", "rotate", hook["id"], "--json")
    assert json.loads(rotated.stdout)["secret"] != secret
    assert tendesks("webhooks", "remove", hook["id"]).stdout == "CRM: removed.\n"
    assert there.api("GET", "/webhooks")["items"] == []


def test_what_is_wrong_is_said(tendesks: Command, there: ServerProcess) -> None:
    assert tendesks("webhooks", "remove", "nothing").exit_code == 1
    refused = tendesks("webhooks", "add", "nonsense")
    assert refused.exit_code == 1
    assert "url: expected a URL such as https://example.com/hooks" in refused.output


def test_every_way_to_be_off_has_words() -> None:
    assert set(OFF) == set(OffReason)
    for reason in OffReason:
        assert standing({"state": "off", "off": reason}, START_MS).startswith("off")
    assert told({"state": "waiting", "attempts": 0}, START_MS) == "waits after 0 attempts: not tried yet"
