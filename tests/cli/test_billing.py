"""`tendesks billing` and what `doctor` says of selling, against a real hosted server and a Stripe of our own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli.billing import outcome
from server.cli.premises import selling
from server.settings import Settings
from tests.cli.conftest import Command
from tests.fakes.stripe import KEY, FakeStripe, stripe
from tests.processes import ServerProcess, serving


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeStripe]:
    with stripe() as found:
        yield found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, fake: FakeStripe) -> Iterator[ServerProcess]:
    data: Path = tmp_path_factory.mktemp("shop") / "data"
    environ = {"TENDESKS_MODE": "hosted", "TENDESKS_PUBLIC_URL": "https://desk.example", **fake.environ}
    with serving(data, environ=environ) as found:
        yield found


@pytest.mark.flow
def test_reconciling_says_what_differed(tendesks: Command, shop: ServerProcess, fake: FakeStripe) -> None:
    data = ("--data", str(shop.data))
    result = tendesks("billing", "reconcile", *data)
    assert (result.exit_code, result.stdout) == (0, "0 accounts compared with Stripe; none differs.\n")
    fake.down = True
    result = tendesks("billing", "reconcile", *data, "--json")
    fake.down = False
    assert result.exit_code == 1
    assert json.loads(result.stdout)["state"] == "failed"


@pytest.mark.flow
def test_no_secret_of_stripe_is_in_what_the_server_writes(
    tendesks: Command, shop: ServerProcess, fake: FakeStripe
) -> None:
    """Stripe answers well, badly and not at all; then all that was written is searched for the key and the secret."""
    fake.down = True
    tendesks("billing", "reconcile", "--data", str(shop.data))
    fake.down = False
    event = {"id": "evt_1", "type": "invoice.paid", "data": {"object": {"customer": "cus_1"}}}
    body, headers = fake.post.signed(event, secret="whsec_" + "0" * 32)
    for sent in (headers, {**headers, "stripe-signature": fake.post.secret}):
        answer = shop.raw("POST", "/webhooks/stripe", content=body, headers=sent)
        assert answer.status_code == 400
        assert fake.post.secret not in answer.text
    for path in (path for path in shop.data.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for secret in (KEY, fake.post.secret):
            assert secret.encode() not in content, path.name
            assert secret[8:].encode() not in content, path.name
    assert b"billing.not_reconciled" in shop.output.read_bytes()


def test_outcomes_as_sentences() -> None:
    found = {"state": "idle", "checked": 1, "differed": 1, "foreign": 0}
    assert outcome(found) == "1 account compared with Stripe; 1 differed, and is looked at."
    assert outcome({**found, "checked": 12, "differed": 2, "foreign": 1}) == (
        "12 accounts compared with Stripe; 2 differed, and are looked at; 1 subscription at Stripe is nobody's here."
    )
    assert outcome({"state": "failed"}).startswith("Stripe did not answer")


def test_doctor_says_what_is_sold(fake: FakeStripe) -> None:
    hosted = {"mode": "hosted", "public_url": "https://desk.example"}
    assert selling(Settings()) == []
    (found,) = selling(Settings(**hosted))
    assert found.verdict == "note"
    (found,) = selling(Settings(**hosted, **fake.settings))
    assert (found.verdict, found.detail) == ("ok", "starter, pro by Stripe, with a test key")
    (found,) = selling(Settings(**hosted, **{**fake.settings, "stripe_prices": "gold:price_1"}))
    assert found.verdict == "wrong"
    assert KEY not in found.detail
