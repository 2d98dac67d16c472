"""The pages of a Stripe of our own, as plain as can be: where one pays, where a change is confirmed, where all is looked after."""

from html import escape
from typing import Any

from tests.fakes.stripe_books import OVER, Books


def pay_page(books: Books, name: str) -> str:
    session = books.session(name)
    if session["status"] != "open":
        return page("This checkout has ended", [])
    tier = books.prices[session["price"]]
    return page(f"Buy {tier}", [("Pay", "pay"), ("Back", "back")])


def pay_answer(books: Books, name: str, do: str) -> str:
    """Where somebody is sent on."""
    session = books.session(name)
    if do == "back":
        return str(session["cancel_url"])
    if session["status"] == "open":
        books.pay(name)
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", name)


def portal_page(books: Books, name: str) -> str:
    portal = books.portals[name]
    if portal["change"] is not None:
        tier = books.prices[portal["change"][1]]
        return page(f"Change to {tier}", [("Confirm", "confirm"), ("Back", "back")])
    found = _leading(books, portal)
    if found is None:
        return page("Nothing is bought", [("Back", "back")])
    tier = books.prices[found["items"]["data"][0]["price"]["id"]]
    buttons = [
        (f"Change to {other}", f"change {price}") for price, other in books.prices.items() if other != tier
    ]
    if found["status"] in {"past_due", "unpaid"}:
        buttons.append(("Pay what is due", "settle"))
    buttons.append(("Keep it", "keep") if found["cancel_at_period_end"] else ("Cancel", "cancel"))
    return page(f"{tier}: {found['status']}", [*buttons, ("Back", "back")])


def portal_answer(books: Books, name: str, do: str) -> str:
    portal = books.portals[name]
    found = _leading(books, portal)
    what, _, price = do.partition(" ")
    if what == "confirm":
        books.change(*portal["change"])
        return str(portal["done_url"])
    if found is not None:
        match what:
            case "change":
                books.change(found["id"], price)
            case "settle":
                books.settle(found["id"])
            case "keep":
                books.keep(found["id"])
            case "cancel":
                books.cancel_later(found["id"])
    return str(portal["return_url"]) if what == "back" else ""


def page(title: str, buttons: list[tuple[str, str]]) -> str:
    forms = "".join(
        f'<button name="do" value="{escape(value)}">{escape(label)}</button> ' for label, value in buttons
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><form method=post>{forms}</form>"
    )


def _leading(books: Books, portal: dict[str, Any]) -> dict[str, Any] | None:
    mine = [
        each for each in books.subscriptions.values()
        if each["customer"] == portal["customer"] and each["status"] not in OVER
    ]  # fmt: skip
    return mine[-1] if mine else None
