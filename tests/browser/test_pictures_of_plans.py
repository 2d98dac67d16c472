"""Pictures of what is sold: plans by day, by night and on a phone, the account, the way back from the till."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_people import REFUSED, sign_in
from tests.browser.test_pictures import light, still, tasks
from tests.browser.test_upgrade import pay, provider, shop, till
from tests.fakes.provider import KEY
from tests.fakes.smtp import Mailbox
from tests.fakes.stripe import FakeStripe
from tests.processes import ServerProcess

__all__ = ["provider", "shop", "till"]
WIDE = {"width": 1440, "height": 900}
SEND = """async ([method, path, json]) => {
  const headers = {"content-type": "application/json", "idempotency-key": String(Math.random())};
  const answer = await fetch("/api/v1" + path, {method, headers, body: JSON.stringify(json)});
  if (!answer.ok) throw new Error(await answer.text());
}"""


def member(shop: ServerProcess, box: Mailbox, page: Page) -> None:
    sign_in(page, shop, box, "mina@example.org")
    page.evaluate(SEND, ["PATCH", "/account", {"name": "Mina's office"}])


def given(shop: ServerProcess, tier: str) -> None:
    """What its operator gives the one account that somebody signed in to."""
    found = shop.api("GET", "/accounts", params={"email": "mina@example.org"})["items"][0]
    shop.api("PATCH", f"/accounts/{found['id']}", json={"tier": tier})


def submit(page: Page, name: str, count: int, seconds: float) -> None:
    batch = {"name": name, "kind": "demo", "params": {"seconds": seconds}, "tasks": tasks(count)}
    page.evaluate(SEND, ["POST", "/batches", batch])


def compared(page: Page) -> None:
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".plan-time")).to_have_count(4)
    page.wait_for_timeout(900)


def test_plans(shop: ServerProcess, box: Mailbox, open_page: OpenPage, pictures: Path) -> None:
    page = open_page(shop.url, **WIDE, allowed=REFUSED, reduced_motion="reduce")
    member(shop, box, page)
    given(shop, "pro")
    submit(page, "Check supplier sites", 10, 6)
    page.wait_for_function("() => window.__tendesks.state().office.finished !== undefined")
    given(shop, "starter")
    submit(page, "Company research", 400, 3_600)
    page.wait_for_function("() => window.__tendesks.state().office.running === 3")
    compared(page)
    for name, night in (("plans-day", False), ("plans-night", True)):
        light(page, night)
        still(page, pictures / f"{name}.jpg")
    light(page, False)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(600)
    still(page, pictures / "plans-phone.jpg")


def test_the_account(
    shop: ServerProcess, box: Mailbox, till: FakeStripe, open_page: OpenPage, pictures: Path
) -> None:
    page = open_page(shop.url, **WIDE, allowed=REFUSED, reduced_motion="reduce")
    member(shop, box, page)
    light(page, False)
    submit(page, "Check supplier sites", 50, 0)
    # Else the only slot may go to the other batch, as is fair, for an hour.
    page.wait_for_function("() => window.__tendesks.state().office.finished !== undefined", timeout=60_000)
    submit(page, "Company research", 30, 3_600)
    page.wait_for_function("() => window.__tendesks.state().queue.blocked === 'quota'", timeout=60_000)
    till.post.holding = True
    pay(page, "Pro")
    page.wait_for_function("() => window.__tendesks.stage() !== undefined", timeout=60_000)
    expect(page.locator(".tier")).to_contain_text("Waiting for the payment")
    page.wait_for_timeout(600)
    still(page, pictures / "quota-paid.jpg")
    till.post.holding = False
    till.post.let_go()
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")
    page.wait_for_timeout(600)
    still(page, pictures / "upgraded.jpg")
    page.evaluate(SEND, ["PUT", "/keys/openai", {"key": KEY}])
    page.get_by_role("button", name="Account", exact=True).click()
    expect(page.locator(".account-plan b")).to_have_text("Pro, 20 at a time")
    page.wait_for_timeout(600)
    still(page, pictures / "account.jpg")
    page.set_viewport_size({"width": 390, "height": 844})
    light(page, True)
    page.wait_for_timeout(600)
    still(page, pictures / "account-phone.jpg")
