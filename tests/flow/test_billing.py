"""A hosted server as a process that sells by a Stripe of our own: bought on its page, told by its webhook, killed in between."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.fakes.smtp import Mailbox, mailbox
from tests.fakes.stripe import FakeStripe, stripe
from tests.flow.test_people import Person
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow


@pytest.fixture(autouse=True)
def closing() -> Iterator[None]:
    yield
    while Person.open:
        Person.open.pop().close()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def fake() -> Iterator[FakeStripe]:
    with stripe() as found:
        yield found


@pytest.fixture
def server(tmp_path: Path, box: Mailbox, fake: FakeStripe) -> Iterator[ServerProcess]:
    environ = {
        "TENDESKS_MODE": "hosted", "TENDESKS_SMTP_URL": box.url, "TENDESKS_PUBLIC_URL": "http://127.0.0.1:1",
        **fake.environ,
    }  # fmt: skip
    with serving(tmp_path / "data", environ=environ) as found:
        fake.tell(found.url)
        yield found


def press(url: str, do: str) -> str:
    """Press a button of a page of Stripe's, and return where it leads."""
    with httpx2.Client(trust_env=False) as client:
        assert client.get(url).status_code == 200
        answer = client.post(url, data={"do": do})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def running(person: Person) -> int:
    return int(person.ask("GET", "/account")["running"])


def test_a_stranger_upgrades_while_tasks_wait(server: ServerProcess, box: Mailbox, fake: FakeStripe) -> None:
    ada = Person(server, box).enter("ada@example.org")
    body = {"kind": "demo", "params": {"seconds": 600}, "tasks": [{"input": {}}] * 30}
    ada.ask("POST", "/batches", json=body)
    until(lambda: running(ada) == 1, what="one at a time on Free")
    url = ada.ask("POST", "/billing/checkout", json={"tier": "pro"})["url"]
    assert press(url, "pay") == "http://127.0.0.1:1/?billing=done"
    until(lambda: running(ada) == 10, within_s=20, what="ten at a time on Pro")
    account: Any = ada.ask("GET", "/account")
    assert (account["tier"], account["billing"]["state"]) == ("pro", "active")
    portal = ada.ask("POST", "/billing/portal")["url"]
    press(portal, "cancel")
    until(lambda: ada.ask("GET", "/account")["billing"]["state"] == "ending", what="ending")
    assert ada.ask("GET", "/account")["tier"] == "pro"


def test_a_kill_between_the_webhook_and_the_plan_loses_nothing(
    server: ServerProcess, box: Mailbox, fake: FakeStripe
) -> None:
    ada = Person(server, box).enter("ada@example.org")
    url = ada.ask("POST", "/billing/checkout", json={"tier": "starter"})["url"]
    fake.down = True  # so the look that the event asks for cannot be done
    press(url, "pay")
    until(lambda: [kind for kind, status in fake.post.sent if status == 200], what="an event that was taken")
    until(
        lambda: server.query("SELECT count(*) FROM customers WHERE tries > 0") == [(1,)],
        what="a look that failed",
    )
    assert ada.ask("GET", "/account")["tier"] == "free"
    taken = server.query("SELECT id FROM stripe_events WHERE done_ms IS NULL")
    assert taken
    server.kill()
    fake.down = False
    server.start()
    until(lambda: ada.ask("GET", "/account")["tier"] == "starter", what="the plan after the restart")
    assert server.query("SELECT count(*) FROM stripe_events WHERE done_ms IS NULL") == [(0,)]
    deeds = [each for each in ada.ask("GET", "/audit")["items"] if each["what"] == "plan.changed"]
    assert len(deeds) == 1


def test_over_the_quota_after_a_lower_plan_all_can_be_read_and_nothing_begins(
    server: ServerProcess, box: Mailbox, fake: FakeStripe
) -> None:
    ada = Person(server, box).enter("ada@example.org")
    url = ada.ask("POST", "/billing/checkout", json={"tier": "starter"})["url"]
    press(url, "pay")
    until(lambda: ada.ask("GET", "/account")["tier"] == "starter", what="Starter")
    tasks = {"kind": "demo", "params": {"seconds": 0}, "tasks": [{"input": {}}] * 60}
    batch = ada.ask("POST", "/batches", json=tasks)["id"]
    until(lambda: ada.ask("GET", f"/batches/{batch}")["state"] == "done", what="sixty done")
    with fake.lock:
        (bought,) = fake.books.subscriptions
        fake.books.end(bought)
    until(lambda: ada.ask("GET", "/account")["tier"] == "free", what="Free again")
    later = ada.ask("POST", "/batches", json=tasks)["id"]
    until(lambda: ada.ask("GET", f"/batches/{later}").get("blocked") == "quota", what="waiting for the quota")
    assert ada.ask("GET", f"/batches/{later}")["running"] == 0
    assert len(ada.ask("GET", f"/batches/{batch}/results")) == 60
    assert ada.ask("GET", "/usage")["used"] == 60
