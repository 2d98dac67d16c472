"""What is asked of Stripe, by its own library. Nothing here decides anything or knows the store.

Calls that make something carry Stripe's Idempotency-Key, made from what they are for: a call that is sent again after a
crash makes nothing twice.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import stripe as library
from structlog import get_logger

from server.billing.contract import Checkout, Client
from server.billing.reading import (
    OVER,
    StrangeAnswerError,
    checkout_of,
    client_of,
    owner_of,
    subscription_of,
    text_of,
    url_of,
)
from server.billing.refusals import NoCustomerError, StripeDownError
from server.billing.setup import StripeSetup
from server.billing.stripehttp import Transport
from server.store.subscriptions import Subscription

PAGE = 100
_INVOICE = "latest_invoice"
Read = TypeVar("Read")
log = get_logger(__name__)


class GoneError(Exception):
    """Stripe does not know what was asked for (any more)."""


class Stripe:
    """A client of Stripe with one key. `back` is where people are sent from Stripe's pages, up to the query."""

    def __init__(self, setup: StripeSetup, back: str) -> None:
        library.enable_telemetry = False  # it would tell Stripe of this machine, and keep a file here
        self._transport = Transport(setup.base)
        self._client = library.StripeClient(
            setup.key,
            base_addresses={"api": setup.base},
            http_client=self._transport,
            max_network_retries=0,  # what is due is a row and is tried again; a person presses the button again
        )
        self._back = back

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._transport.close_async()

    async def make_customer(self, account: str, email: str, before: str | None) -> str:
        """Make a customer and return its id. `before`: the one that is no more there. Raises StripeDownError."""
        key = f"customer:{account}:{before or ''}"
        params: Any = {"email": email, "metadata": {"account": account}}
        made = await _asked(self._client.v1.customers.create_async(params, {"idempotency_key": key}))
        return _read(text_of, made, "id")

    async def customer(self, customer: str) -> Client:
        """Look at a customer and all its live subscriptions. Raises StripeDownError."""
        params: Any = {"expand": ["subscriptions", f"subscriptions.data.{_INVOICE}"]}
        try:
            found = await _asked(self._client.v1.customers.retrieve_async(customer, params), may_be_gone=True)
        except GoneError:
            return Client(id=customer, gone=True)
        client = _read(client_of, found)
        if not client.gone and found["subscriptions"].get("has_more"):
            pages = [each async for each in self._pages(customer=customer)]
            client = Client(id=customer, gone=False, live=tuple(each for _, each in pages))
        return client

    async def page(self, after: str | None) -> tuple[Sequence[tuple[str, Subscription]], str | None]:
        """A page of everybody's live subscriptions with their customers, and the id behind which the next one begins."""
        params: dict[str, Any] = {"limit": PAGE, "expand": [f"data.{_INVOICE}"]}
        return await self._page(params, after)

    async def begin_checkout(
        self, customer: str, account: str, tier: str, price: str, before: str | None
    ) -> Checkout:
        """Begin a checkout of one subscription. `before`: the checkout that was begun before. Raises StripeDownError."""
        params: Any = {
            "mode": "subscription",
            "customer": customer,
            "client_reference_id": account,
            "line_items": [{"price": price, "quantity": 1}],
            "subscription_data": {"metadata": {"account": account}},
            "metadata": {"account": account, "tier": tier},
            "success_url": f"{self._back}/?billing=done",
            "cancel_url": f"{self._back}/?billing=back",
        }
        key = f"checkout:{customer}:{price}:{before or ''}"
        made = await _asked(self._client.v1.checkout.sessions.create_async(params, {"idempotency_key": key}))
        return _read(checkout_of, made)

    async def checkout(self, session: str) -> Checkout | None:
        """Look at a checkout; None: Stripe does not know it any more. Raises StripeDownError."""
        try:
            asked = self._client.v1.checkout.sessions.retrieve_async(session)
            return _read(checkout_of, await _asked(asked, may_be_gone=True))
        except GoneError:
            return None

    async def end_checkout(self, session: str) -> None:
        """Have nobody pay by a checkout that was left. Raises StripeDownError."""
        await _asked(self._client.v1.checkout.sessions.expire_async(session))

    async def portal(self, customer: str, change: tuple[Subscription, str] | None = None) -> str:
        """Open Stripe's own pages for a customer and return their address.

        With a `change`, the one on which the change of a subscription to another price is confirmed.

        Raises:
            NoCustomerError: Stripe does not know this customer any more.
            StripeDownError: Stripe does not answer.
        """
        params: dict[str, Any] = {"customer": customer, "return_url": f"{self._back}/?billing=back"}
        if change is not None:
            subscription, price = change
            item = {"id": subscription.item, "price": price, "quantity": 1}
            params["flow_data"] = {
                "type": "subscription_update_confirm",
                "subscription_update_confirm": {"subscription": subscription.id, "items": [item]},
                "after_completion": {
                    "type": "redirect", "redirect": {"return_url": f"{self._back}/?billing=done"}
                },
            }  # fmt: skip
        opened: Any = self._client.v1.billing_portal.sessions.create_async(params)  # type: ignore[arg-type]
        try:
            return _read(url_of, await _asked(opened, may_be_gone=True))
        except GoneError:
            raise NoCustomerError from None

    async def cancel(self, subscription: str) -> None:
        """End a subscription now; harmless where it has ended. Raises StripeDownError."""
        try:
            await _asked(self._client.v1.subscriptions.cancel_async(subscription), may_be_gone=True)
        except GoneError:
            return

    async def _pages(self, **params: Any) -> Any:
        after: str | None = None
        while True:
            found, after = await self._page({**params, "limit": PAGE, "expand": [f"data.{_INVOICE}"]}, after)
            for each in found:
                yield each
            if after is None:
                return

    async def _page(
        self, params: dict[str, Any], after: str | None
    ) -> tuple[Sequence[tuple[str, Subscription]], str | None]:
        if after is not None:
            params["starting_after"] = after
        answer = await _asked(self._client.v1.subscriptions.list_async(params))  # type: ignore[arg-type]
        data = answer.get("data", [])
        found = [(_read(owner_of, each), _read(subscription_of, each)) for each in data]
        after = found[-1][1].id if found and answer.get("has_more") is True else None
        return [pair for pair in found if pair[1].status not in OVER], after


async def _asked(call: Awaitable[Any], *, may_be_gone: bool = False) -> Mapping[str, Any]:
    """Await a call of the library, and return its answer as plain values.

    Raises:
        GoneError: Stripe does not know what was asked for, and whoever asks knows what to do then.
        StripeDownError: all else that went wrong; the log says what, and whoever asked does not learn it.
    """
    try:
        return dict((await call).to_dict())
    except library.InvalidRequestError as error:
        if may_be_gone and error.code == "resource_missing":
            raise GoneError("Stripe does not know this any more") from None
        refused = {"code": error.code, "status": error.http_status, "reason": str(error.user_message)[:500]}
        log.error("stripe.refused", **refused)  # noqa: TRY400 - where it was asked says nothing
    except library.StripeError as error:
        log.warning(
            "stripe.failed",
            status=error.http_status,
            error=type(error).__name__,
            reason=str(error.user_message)[:500],
        )
    raise StripeDownError


def _read(read: Callable[..., Read], *values: Any) -> Read:
    """Read an answer. Raises StripeDownError where it is not what Stripe's documentation says."""
    try:
        return read(*values)
    except StrangeAnswerError as error:
        log.error("stripe.strange", reason=str(error))  # noqa: TRY400
        raise StripeDownError from None
