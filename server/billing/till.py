"""Where somebody buys: everything is done on Stripe's own pages, here it is only found out which one to open.

- Who pays for nothing gets a checkout. One customer for each account, one open checkout: a second press opens the same.
- Who pays for another plan confirms the change of that very subscription, with what it costs now, on Stripe's page. A second
  subscription would be paid for beside the first one; a change made from here would take money without having shown how much.
- Who is behind with paying, or whose subscription is about to end, gets all of Stripe's pages, to put that in order first.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from server.billing.contract import Client
from server.billing.refusals import NoCustomerError, PaidAlreadyError
from server.billing.setup import Prices
from server.billing.terms import Standing, Terms, terms_of
from server.clock import Clock
from server.errors import ConflictError, InvalidInputError
from server.store.audit import Deed, add_deed
from server.store.customers import (
    CustomerRow,
    add_customer,
    ask_look,
    begin_session,
    customer_of,
    replace_customer,
)
from server.store.database import Database
from server.store.ids import Ids

if TYPE_CHECKING:
    from server.billing.clerk import Clerk
    from server.billing.stripe import Stripe

OPEN, COMPLETE = "open", "complete"


class Till:
    """Opens Stripe's pages for accounts. `clerk` looks at whoever turns out to have paid."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, stripe: "Stripe", prices: Prices, clerk: "Clerk"
    ) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._stripe = stripe
        self._prices = prices
        self._clerk = clerk
        self._at_it: dict[str, asyncio.Lock] = {}

    async def checkout(self, account: str, *, tier: str, email: str, actor: str) -> str:
        """Return the address of the page where an account comes to this tier.

        Raises:
            InvalidInputError: this tier cannot be bought here.
            PaidAlreadyError: it is paid for.
            StripeDownError: Stripe does not answer.
        """
        price = self._prices.sold.get(tier)
        if price is None:
            raise InvalidInputError(
                f"tier: expected one that is sold here ({', '.join(self._prices.sold)}), got {tier!r:.40}"
            )
        async with self._alone(account):
            row, client = await self._customer(account, email, actor)
            terms = terms_of(client.live, self._prices, self._clock.now_ms())
            if terms.state is Standing.NONE and not terms.uncertain:
                return await self._checkout(row, tier, price)
            await self._ask(row.customer)
            if terms.state is Standing.ACTIVE and terms.leading is not None:
                self._check_new(terms, tier)
                return await self._stripe.portal(row.customer, (terms.leading, price))
            return await self._stripe.portal(row.customer)

    async def portal(self, account: str) -> str:
        """Return the address of Stripe's pages for an account.

        Raises:
            NoCustomerError: nothing was ever bought.
            StripeDownError: Stripe does not answer.
        """
        async with self._db.read() as conn:
            row = await customer_of(conn, account)
        if row is None:
            raise NoCustomerError
        return await self._stripe.portal(row.customer)

    @asynccontextmanager
    async def _alone(self, account: str) -> AsyncIterator[None]:
        """One press after another: the second finds what the first has made."""
        lock = self._at_it.setdefault(account, asyncio.Lock())
        try:
            async with lock:
                yield
        finally:
            if not lock.locked() and self._at_it.get(account) is lock:
                del self._at_it[account]

    async def _customer(self, account: str, email: str, actor: str) -> tuple[CustomerRow, Client]:
        """Return the account's customer, made now if there is none, or none any more."""
        async with self._db.read() as conn:
            row = await customer_of(conn, account)
        client = None if row is None else await self._stripe.customer(row.customer)
        if row is not None and client is not None and not client.gone:
            return row, client
        before = None if row is None else row.customer
        made = await self._stripe.make_customer(account, email, before)
        now_ms = self._clock.now_ms()
        deed = Deed(account=account, actor=actor, what="customer.made", about=made, at_ms=now_ms)
        async with self._db.write() as tx:
            if row is None:
                await add_customer(tx.conn, account=account, customer=made, now_ms=now_ms)
            else:
                await replace_customer(tx.conn, account, made)
            await add_deed(tx.conn, self._ids, deed)
            found = await customer_of(tx.conn, account)
        if found is None:
            raise AssertionError(f"expected the customer of {account} that was just written")
        return found, Client(id=made, gone=False)

    async def _checkout(self, row: CustomerRow, tier: str, price: str) -> str:
        """The open checkout for this tier, else a new one; one for another tier is ended, so that nobody pays by both."""
        begun = None if row.session is None else await self._stripe.checkout(row.session)
        if begun is not None and begun.state == COMPLETE and await self._pays(row.customer):
            await self._ask(row.customer)
            raise PaidAlreadyError(
                "this was paid a moment ago: the plan changes as soon as Stripe has confirmed it"
            )
        if begun is not None and begun.state == OPEN:
            if row.session_tier == tier and begun.url is not None:
                return begun.url
            await self._stripe.end_checkout(begun.id)
        made = await self._stripe.begin_checkout(row.customer, row.account, tier, price, row.session)
        if made.url is None:
            raise ConflictError("the checkout that was begun before has ended: try again")
        async with self._db.write() as tx:
            await begin_session(tx.conn, row.account, made.id, tier)
        return made.url

    async def _pays(self, customer: str) -> bool:
        """Whether a checkout that is complete was so a moment ago, behind our back, and is not one that has ended since."""
        client = await self._stripe.customer(customer)
        return terms_of(client.live, self._prices, self._clock.now_ms()) != Terms()

    def _check_new(self, terms: Terms, tier: str) -> None:
        if terms.tier == tier:
            raise PaidAlreadyError(f"tier: this account pays for {tier} already")

    async def _ask(self, customer: str) -> None:
        """Stripe may know more than we do: have it looked at."""
        async with self._db.write() as tx:
            await ask_look(tx.conn, customer, self._clock.now_ms())
            tx.then(self._clerk.wake)
