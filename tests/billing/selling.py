"""A hosted server over HTTP that sells by a Stripe of our own, on one and the same fake clock; events come when a test says so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from server.billing.payments import Payments
from tests.fakes.clock import START_MS
from tests.fakes.stripe import FakeStripe, stripe
from tests.routes.hosted import Hosted, Person, hosted

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


@dataclass
class Shop:
    it: Hosted
    stripe: FakeStripe
    payments: Payments
    owner: Person

    async def account(self) -> dict[str, Any]:
        return dict(await self.owner.get("/account"))

    async def tier(self) -> str:
        return str((await self.account())["tier"])

    async def id(self) -> str:
        return str((await self.account())["id"])

    async def customer(self) -> str:
        (found,) = [name for name, each in self.stripe.books.customers.items() if not each.get("deleted")]
        return found

    async def checkout(self, tier: str = "pro") -> httpx2.Response:
        return await self.owner.ask("POST", "/billing/checkout", json={"tier": tier})

    async def buy(self, tier: str = "pro") -> str:
        """Buy a tier on the checkout's page, and hear all of it; returns the subscription."""
        url = (await self.checkout(tier)).json()["url"]
        session = self.stripe.books.pay(url.rpartition("/")[2])
        await self.hear_all()
        return str(session["subscription"])

    async def hear(self, event: dict[str, Any], **signing: Any) -> httpx2.Response:
        body, headers = self.stripe.post.signed(event, **signing)
        async with self.it.front.nobody("https://desk.example") as client:
            return await client.post("/api/v1/webhooks/stripe", content=body, headers=headers)

    async def hear_all(self) -> None:
        """All that happened comes, in its order, and what follows from it."""
        for event in self.held():
            assert (await self.hear(event)).status_code == 200
        await self.settled()

    def held(self) -> list[dict[str, Any]]:
        found = list(self.stripe.post.held)
        self.stripe.post.held.clear()
        return found

    async def settled(self) -> None:
        await self.payments.settled()
        await self.it.front.scheduler.settled()

    async def deeds(self, what: str) -> list[dict[str, Any]]:
        return [each for each in (await self.owner.get("/audit"))["items"] if each["what"] == what]


@asynccontextmanager
async def selling(folder: Path, **settings: Any) -> AsyncIterator[Shop]:
    clock: list[Any] = []

    def now_s() -> int:
        return (clock[0].now_ms() if clock else START_MS) // 1000

    with stripe(now_s) as fake:
        fake.post.holding = True
        async with hosted(folder, **{**fake.settings, **settings}) as it:
            clock.append(it.front.clock)
            payments = it.front.payments
            assert payments is not None

            async def settle() -> None:
                await payments.settled()
                await it.front.scheduler.settled()

            it.front.clock.settle = settle
            payments.begin()
            owner = await it.person("ada@example.org")
            yield Shop(it=it, stripe=fake, payments=payments, owner=owner)
            it.front.clock.settle = None
