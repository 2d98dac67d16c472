"""What Stripe says, read into what we keep (p). Only what is used is looked at, and each of it is checked."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.billing.contract import Checkout, Client
from server.store.subscriptions import Subscription

OVER = frozenset({"canceled", "incomplete_expired"})
ID_CHARS_MAX = 255


class StrangeAnswerError(Exception):
    """Stripe's answer is not what its documentation says: nothing is concluded from it."""


def client_of(answer: Mapping[str, Any]) -> Client:
    """Read a customer with its subscriptions expanded. Raises StrangeAnswerError."""
    customer = text_of(answer, "id")
    if answer.get("deleted") is True:
        return Client(id=customer, gone=True)
    listed = answer.get("subscriptions")
    if not isinstance(listed, Mapping) or not isinstance(listed.get("data"), Sequence):
        raise StrangeAnswerError("customer.subscriptions: expected a list, it is not there")
    live = [subscription_of(each) for each in listed["data"]]
    return Client(id=customer, gone=False, live=tuple(each for each in live if each.status not in OVER))


def subscription_of(answer: Mapping[str, Any]) -> Subscription:
    """Read a subscription; of several things that are bought by it, the first one. Raises StrangeAnswerError."""
    items = answer.get("items")
    data = items.get("data") if isinstance(items, Mapping) else None
    if not isinstance(data, Sequence) or not data:
        raise StrangeAnswerError("subscription.items: expected one or more, got none")
    item = data[0]
    period_end_ms = _moment_ms(item, "current_period_end")
    if period_end_ms is None:
        raise StrangeAnswerError("subscription.items.current_period_end: expected a moment, got none")
    status = text_of(answer, "status")
    return Subscription(
        id=text_of(answer, "id"), status=status, price=_price_of(item), item=text_of(item, "id"),
        period_end_ms=period_end_ms, cancel_ms=_cancel_ms(answer, period_end_ms),
        behind_ms=_behind_ms(answer) if status in {"past_due", "unpaid"} else None,
    )  # fmt: skip


def owner_of(answer: Mapping[str, Any]) -> str:
    """Whose a subscription is at Stripe. Raises StrangeAnswerError."""
    customer = answer.get("customer")
    return text_of(customer, "id") if isinstance(customer, Mapping) else text_of(answer, "customer")


def checkout_of(answer: Mapping[str, Any]) -> Checkout:
    """Read a checkout. Raises StrangeAnswerError."""
    url = answer.get("url")
    return Checkout(
        id=text_of(answer, "id"), state=text_of(answer, "status"), url=url if isinstance(url, str) else None
    )


def text_of(answer: Any, name: str) -> str:
    """Read an id or a word. Raises StrangeAnswerError."""
    value = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(value, str) or not 0 < len(value) <= ID_CHARS_MAX:
        raise StrangeAnswerError(f"{name}: expected a text, got {type(value).__name__}")
    return value


def url_of(answer: Mapping[str, Any]) -> str:
    """Read where somebody is to be sent. Raises StrangeAnswerError."""
    url = answer.get("url")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise StrangeAnswerError("url: expected an address, got none")
    return url


def _price_of(item: Mapping[str, Any]) -> str:
    price = item.get("price")
    return text_of(price, "id") if isinstance(price, Mapping) else text_of(item, "price")


def _cancel_ms(answer: Mapping[str, Any], period_end_ms: int) -> int | None:
    """When it ends, if that is settled: at a moment of its own or with the period."""
    moment = _moment_ms(answer, "cancel_at")
    if moment is None and answer.get("cancel_at_period_end") is True:
        return period_end_ms
    return moment


def _behind_ms(answer: Mapping[str, Any]) -> int | None:
    """Since when it is not paid: since its newest invoice was to be paid."""
    invoice = answer.get("latest_invoice")
    if not isinstance(invoice, Mapping):
        return None
    moved = invoice.get("status_transitions")
    finalized = _moment_ms(moved, "finalized_at") if isinstance(moved, Mapping) else None
    return finalized if finalized is not None else _moment_ms(invoice, "created")


def _moment_ms(answer: Mapping[str, Any], name: str) -> int | None:
    value = answer.get(name)
    return value * 1000 if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
