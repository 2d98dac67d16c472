"""What a Stripe of our own keeps: customers, checkouts, subscriptions with their invoices, in the shapes that Stripe gives them.

Every change is told as an event to whoever wants to hear it. Time is the test's.
"""

from collections.abc import Callable
from copy import deepcopy
from itertools import count
from typing import Any

VERSION = "2026-06-24.dahlia"
MONTH_S = 30 * 86_400
DAY_S = 86_400
OVER = {"canceled", "incomplete_expired"}


class UnknownError(Exception):
    """There is no such thing."""


class Books:
    def __init__(self, now_s: Callable[[], int], tell: Callable[[dict[str, Any]], None]) -> None:
        self.now_s = now_s
        self._tell = tell
        self._ids = count(1)
        self.prices: dict[str, str] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.portals: dict[str, dict[str, Any]] = {}
        self.subscriptions: dict[str, dict[str, Any]] = {}
        self.invoices: dict[str, dict[str, Any]] = {}

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._ids):06d}"

    def tell(self, kind: str, about: dict[str, Any]) -> None:
        self._tell(
            {
                "id": self.new_id("evt"), "object": "event", "api_version": VERSION, "created": self.now_s(),
                "livemode": False, "type": kind, "data": {"object": deepcopy(about)},
            }
        )  # fmt: skip

    def add_customer(self, email: str, metadata: dict[str, str]) -> dict[str, Any]:
        made = {"id": self.new_id("cus"), "object": "customer", "email": email, "metadata": metadata}
        self.customers[made["id"]] = made
        self.tell("customer.created", made)
        return made

    def customer(self, name: str, expand: tuple[str, ...] = ()) -> dict[str, Any]:
        found = self._known(self.customers, name)
        if found.get("deleted"):
            return {"id": name, "object": "customer", "deleted": True}
        shown = deepcopy(found)
        if "subscriptions" in expand:
            live = self.live(name)
            shown["subscriptions"] = {"object": "list", "data": live[:10], "has_more": len(live) > 10}
        return shown

    def drop_customer(self, name: str) -> None:
        """As the operator deletes somebody at Stripe: all that is live ends at once."""
        for each in self.live(name):
            self.end(each["id"])
        self.customers[name]["deleted"] = True
        self.tell("customer.deleted", self.customers[name])

    def live(self, customer: str | None = None) -> list[dict[str, Any]]:
        """Subscriptions that are not over, newest first, with their newest invoice expanded."""
        chosen = [
            self.subscription(name) for name, each in self.subscriptions.items()
            if each["status"] not in OVER and customer in {None, each["customer"]}
        ]  # fmt: skip
        return chosen[::-1]

    def subscription(self, name: str, *, expand: bool = True) -> dict[str, Any]:
        shown = deepcopy(self._known(self.subscriptions, name))
        if expand:
            shown["latest_invoice"] = deepcopy(self.invoices[shown["latest_invoice"]])
        return shown

    def session(self, name: str) -> dict[str, Any]:
        return self._known(self.sessions, name)

    def add_session(self, params: dict[str, Any], base: str) -> dict[str, Any]:
        self.customer(params["customer"])
        name, price = self.new_id("cs"), params["line_items"]["0"]["price"]
        self._known(self.prices, price)
        made = {
            "id": name, "object": "checkout.session", "mode": params["mode"], "customer": params["customer"],
            "status": "open", "payment_status": "unpaid", "url": f"{base}/pay/{name}", "price": price,
            "success_url": params["success_url"], "cancel_url": params["cancel_url"],
            "metadata": params.get("metadata", {}), "subscription": None,
        }  # fmt: skip
        self.sessions[name] = made
        return made

    def expire(self, name: str) -> dict[str, Any]:
        found = self.session(name)
        found.update(status="expired", url=None)
        self.tell("checkout.session.expired", found)
        return found

    def pay(self, name: str) -> dict[str, Any]:
        """Somebody has typed in a card."""
        found = self.session(name)
        bought = self.subscribe(found["customer"], found["price"])
        found.update(status="complete", payment_status="paid", url=None, subscription=bought["id"])
        self.tell("checkout.session.completed", found)
        return found

    def subscribe(self, customer: str, price: str, status: str = "active") -> dict[str, Any]:
        now_s, name = self.now_s(), self.new_id("sub")
        item = {
            "id": self.new_id("si"), "object": "subscription_item", "quantity": 1,
            "price": {"id": price, "object": "price"}, "current_period_start": now_s,
            "current_period_end": now_s + MONTH_S,
        }  # fmt: skip
        invoice = self._invoice(name, customer, "paid")
        made = {
            "id": name, "object": "subscription", "customer": customer, "status": status, "created": now_s,
            "cancel_at": None, "cancel_at_period_end": False, "latest_invoice": invoice["id"],
            "items": {"object": "list", "data": [item], "has_more": False}, "metadata": {},
        }  # fmt: skip
        self.subscriptions[name] = made
        self.tell("customer.subscription.created", made)
        self.tell("invoice.paid", invoice)
        return made

    def change(self, name: str, price: str) -> None:
        found = self._known(self.subscriptions, name)
        found["items"]["data"][0]["price"]["id"] = price
        self._updated(found)

    def renew(self, name: str, *, paid: bool = True) -> None:
        """A new period begins, and is paid or not."""
        found = self._known(self.subscriptions, name)
        item = found["items"]["data"][0]
        item["current_period_start"], item["current_period_end"] = self.now_s(), self.now_s() + MONTH_S
        invoice = self._invoice(name, found["customer"], "paid" if paid else "open")
        found.update(latest_invoice=invoice["id"], status="active" if paid else "past_due")
        self.tell("invoice.paid" if paid else "invoice.payment_failed", invoice)
        self._updated(found)

    def settle(self, name: str) -> None:
        """What was owed is paid."""
        found = self._known(self.subscriptions, name)
        self.invoices[found["latest_invoice"]]["status"] = "paid"
        found["status"] = "active"
        self.tell("invoice.paid", self.invoices[found["latest_invoice"]])
        self._updated(found)

    def give_up(self, name: str) -> None:
        """Stripe has asked the bank often enough."""
        found = self._known(self.subscriptions, name)
        found["status"] = "unpaid"
        self._updated(found)

    def cancel_later(self, name: str) -> None:
        found = self._known(self.subscriptions, name)
        found.update(cancel_at_period_end=True, cancel_at=found["items"]["data"][0]["current_period_end"])
        self._updated(found)

    def keep(self, name: str) -> None:
        found = self._known(self.subscriptions, name)
        found.update(cancel_at_period_end=False, cancel_at=None)
        self._updated(found)

    def end(self, name: str) -> dict[str, Any]:
        found = self._known(self.subscriptions, name)
        found["status"] = "canceled"
        self.tell("customer.subscription.deleted", found)
        return found

    def _updated(self, found: dict[str, Any]) -> None:
        self.tell("customer.subscription.updated", found)

    def _invoice(self, subscription: str, customer: str, status: str) -> dict[str, Any]:
        made = {
            "id": self.new_id("in"), "object": "invoice", "customer": customer, "status": status,
            "created": self.now_s(), "status_transitions": {"finalized_at": self.now_s()},
            "parent": {"subscription_details": {"subscription": subscription}},
        }  # fmt: skip
        self.invoices[made["id"]] = made
        return made

    @staticmethod
    def _known(things: dict[str, Any], name: str) -> Any:
        if name not in things:
            raise UnknownError(name)
        return things[name]
