"""What is signed by Stripe just now gets in, and nothing else."""

import json
from typing import Any

import pytest

from server.billing.contract import Hint
from server.billing.refusals import ForgedError, LateError
from server.billing.signature import hint_of, late_s_max
from server.errors import InvalidInputError
from tests.fakes.stripe_post import signed

SECRET, OTHER = "whsec_" + "ab" * 16, "whsec_" + "cd" * 16
NOW_S = 1_795_000_000
EVENT: dict[str, Any] = {
    "id": "evt_1", "type": "invoice.paid", "data": {"object": {"object": "invoice", "customer": "cus_1"}}
}  # fmt: skip


def heard(
    event: Any = EVENT, *, secret: str = SECRET, secrets: tuple[str, ...] = (SECRET,), late_s: int = 0
) -> Hint:
    body, headers = signed(event, secret, NOW_S - late_s)
    return hint_of(body, headers["stripe-signature"], secrets, NOW_S * 1000 + 999)


def test_a_signed_event_is_a_hint() -> None:
    assert heard() == Hint(id="evt_1", kind="invoice.paid", customer="cus_1")


def test_either_of_two_secrets_will_do() -> None:
    assert heard(secret=OTHER, secrets=(SECRET, OTHER)).id == "evt_1"


@pytest.mark.parametrize(
    ("about", "customer"),
    [
        ({"object": "customer", "id": "cus_2"}, "cus_2"),
        ({"object": "subscription", "customer": {"object": "customer", "id": "cus_3"}}, "cus_3"),
        ({"object": "payment_intent", "customer": None}, None),
        ({"object": "price", "id": "price_1"}, None),
        ({"object": "subscription", "customer": "x" * 256}, None),
    ],
)
def test_whom_it_is_about(about: dict[str, Any], customer: str | None) -> None:
    assert heard({**EVENT, "data": {"object": about}}).customer == customer


def test_another_secret_is_forged() -> None:
    with pytest.raises(ForgedError):
        heard(secret=OTHER)


def test_one_byte_changed_is_forged() -> None:
    body, headers = signed(EVENT, SECRET, NOW_S)
    with pytest.raises(ForgedError):
        hint_of(body.replace(b"cus_1", b"cus_2"), headers["stripe-signature"], (SECRET,), NOW_S * 1000)


@pytest.mark.parametrize(
    "header", [None, "", "t=1", "v1=ab", "t=x,v1=ab", "garbage", "t=1,v1=", "=" * 5000, "t=1,v1=é"]
)
def test_what_is_no_signature_is_forged(header: str | None) -> None:
    body, _ = signed(EVENT, SECRET, NOW_S)
    with pytest.raises(ForgedError):
        hint_of(body, header, (SECRET,), NOW_S * 1000)


def test_a_moment_that_was_not_signed_is_forged() -> None:
    body, headers = signed(EVENT, SECRET, NOW_S - 3600)
    stolen = headers["stripe-signature"].replace(f"t={NOW_S - 3600}", f"t={NOW_S}")
    with pytest.raises(ForgedError):
        hint_of(body, stolen, (SECRET,), NOW_S * 1000)
    with pytest.raises(ForgedError):  # the first moment is the one that counts, here as in the library
        hint_of(body, f"t={NOW_S},{headers['stripe-signature']}", (SECRET,), NOW_S * 1000)


def test_five_minutes_are_in_time_and_a_second_more_is_late() -> None:
    assert heard(late_s=late_s_max).id == "evt_1"
    with pytest.raises(LateError, match="this one is 301 s old"):
        heard(late_s=late_s_max + 1)


def test_bytes_that_are_no_text_are_forged() -> None:
    _, headers = signed(EVENT, SECRET, NOW_S)
    with pytest.raises(ForgedError):
        hint_of(b"\xff\xfe", headers["stripe-signature"], (SECRET,), NOW_S * 1000)


@pytest.mark.parametrize(
    "event",
    [[], {}, {"id": "evt_1"}, {**EVENT, "id": 7}, {**EVENT, "id": ""}, {**EVENT, "type": "x" * 300}, {**EVENT, "data": {}},
     {**EVENT, "data": {"object": None}}],
)  # fmt: skip
def test_what_is_signed_and_no_event_is_said(event: Any) -> None:
    with pytest.raises(InvalidInputError) as raised:
        heard(event)
    assert not isinstance(raised.value, ForgedError | LateError)
    assert json.dumps(event)[:5] not in raised.value.detail or event in ([], {})
