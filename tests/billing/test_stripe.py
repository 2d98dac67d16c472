"""What is asked of Stripe and how its answers are read, over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from server.billing.reading import (
    StrangeAnswerError,
    checkout_of,
    client_of,
    owner_of,
    subscription_of,
    url_of,
)
from server.billing.refusals import NoCustomerError, StripeDownError
from server.billing.setup import StripeSetup
from server.billing.stripe import Stripe
from server.billing.stripehttp import Transport, answer_bytes_max
from server.store.subscriptions import Subscription
from tests.billing.test_terms import PRICES
from tests.fakes.listening import refusing
from tests.fakes.stripe import KEY, FakeStripe, stripe

NOW_S = 1_795_000_000
ITEM = {"id": "si_1", "price": {"id": "price_1"}, "current_period_end": NOW_S}
WHOLE: dict[str, Any] = {"id": "sub_1", "status": "active", "customer": "cus_1", "items": {"data": [ITEM]}}


@asynccontextmanager
async def asking(base: str, key: str = KEY) -> AsyncIterator[Stripe]:
    client = Stripe(StripeSetup(key=key, secrets=(), base=base, prices=PRICES), "https://desk.example")
    yield client
    await client.aclose()


@asynccontextmanager
async def both() -> AsyncIterator[tuple[FakeStripe, Stripe]]:
    with stripe(lambda: NOW_S) as fake:
        async with asking(fake.url) as client:
            yield fake, client


async def test_a_call_that_is_sent_again_makes_nothing_twice() -> None:
    async with both() as (fake, client):
        made = {await client.make_customer("acc1", "ada@example.org", None) for _ in range(2)}
        assert len(made) == len(fake.books.customers) == 1
        (customer,) = made
        first = await client.begin_checkout(customer, "acc1", "pro", "price_pro", None)
        again = await client.begin_checkout(customer, "acc1", "pro", "price_pro", None)
        other = await client.begin_checkout(customer, "acc1", "pro", "price_pro", first.id)
        assert first == again
        assert other.id != first.id


async def test_a_customer_is_read_with_all_that_is_live() -> None:
    async with both() as (fake, client):
        customer = await client.make_customer("acc1", "ada@example.org", None)
        names = [fake.books.subscribe(customer, "price_pro")["id"] for _ in range(12)]
        fake.books.end(names[0])
        found = await client.customer(customer)
        assert (found.gone, {each.id for each in found.live}) == (False, set(names[1:]))
        fake.books.drop_customer(customer)
        assert (await client.customer(customer)).gone
        assert (await client.customer("cus_none")).gone


async def test_pages_of_everybody() -> None:
    async with both() as (fake, client):
        customer = await client.make_customer("acc1", "ada@example.org", None)
        for _ in range(120):
            fake.books.subscribe(customer, "price_pro")
        first, after = await client.page(None)
        second, end = await client.page(after)
        assert (len(first), len(second), end) == (100, 20, None)
        assert {owner for owner, _ in first} == {customer}


async def test_what_does_not_answer_well_is_down_and_tells_no_secret() -> None:
    async with both() as (fake, client):
        customer = await client.make_customer("acc1", "ada@example.org", None)
        fake.down = True
        with pytest.raises(StripeDownError) as raised:
            await client.customer(customer)
        assert KEY not in str(raised.value)
    async with refusing() as port, asking(f"http://127.0.0.1:{port}") as client:
        with pytest.raises(StripeDownError):
            await client.customer("cus_1")


async def test_a_wrong_key_is_down_too() -> None:
    with stripe(lambda: NOW_S) as fake:
        async with asking(fake.url, "sk_test_another0123") as client:
            with pytest.raises(StripeDownError):
                await client.customer("cus_1")


async def test_a_portal_of_nobody_is_said() -> None:
    async with both() as (_, client):
        with pytest.raises(NoCustomerError):
            await client.portal("cus_none")


async def test_an_answer_without_an_end_is_cut_off() -> None:
    async def flood(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 65_536)
                await writer.drain()
        except OSError:
            writer.close()

    server = await asyncio.start_server(flood, "127.0.0.1", 0)
    async with server, asking(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as client:
        with pytest.raises(StripeDownError):
            await client.customer("cus_1")
    assert answer_bytes_max < 10_000_000
    assert Transport.name == "httpx2"


def test_a_subscription_is_read() -> None:
    assert subscription_of(WHOLE) == Subscription(
        id="sub_1", status="active", price="price_1", item="si_1", period_end_ms=NOW_S * 1000
    )
    assert owner_of(WHOLE) == owner_of({**WHOLE, "customer": {"id": "cus_1"}}) == "cus_1"


@pytest.mark.parametrize(
    ("members", "cancel_s"),
    [
        ({"cancel_at_period_end": True}, NOW_S),
        ({"cancel_at": NOW_S - 5}, NOW_S - 5),
        ({"cancel_at": None}, None),
    ],
)
def test_when_it_ends(members: dict[str, Any], cancel_s: int | None) -> None:
    expected = None if cancel_s is None else cancel_s * 1000
    assert subscription_of({**WHOLE, **members}).cancel_ms == expected


@pytest.mark.parametrize(
    ("status", "invoice", "behind_s"),
    [
        ("past_due", {"created": 5, "status_transitions": {"finalized_at": 7}}, 7),
        ("unpaid", {"created": 5, "status_transitions": {"finalized_at": None}}, 5),
        ("past_due", "in_1", None),
        ("active", {"created": 5}, None),
    ],
)
def test_since_when_it_is_not_paid(status: str, invoice: Any, behind_s: int | None) -> None:
    found = subscription_of({**WHOLE, "status": status, "latest_invoice": invoice}).behind_ms
    assert found == (None if behind_s is None else behind_s * 1000)


@pytest.mark.parametrize(
    "broken",
    [{"id": None}, {"status": 1}, {"items": None}, {"items": {"data": []}}, {"items": {"data": [{**ITEM, "price": None}]}},
     {"items": {"data": [{**ITEM, "current_period_end": True}]}}],
)  # fmt: skip
def test_nothing_is_concluded_from_a_strange_answer(broken: dict[str, Any]) -> None:
    with pytest.raises(StrangeAnswerError):
        subscription_of({**WHOLE, **broken})


def test_strange_answers_of_other_kinds() -> None:
    with pytest.raises(StrangeAnswerError):
        client_of({"id": "cus_1"})
    with pytest.raises(StrangeAnswerError):
        url_of({"url": "javascript:alert(1)"})
    with pytest.raises(StrangeAnswerError):
        checkout_of({"id": "cs_1"})
    assert client_of({"id": "cus_1", "deleted": True}).gone
