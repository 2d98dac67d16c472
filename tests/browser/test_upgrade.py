"""A stranger signs in, comes to the end of Free, pays on a page of Stripe's, and sees ten desks come alive: in one browser."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import ROOT, OpenPage
from tests.browser.test_people import REFUSED, sign_in
from tests.fakes.provider import KEY, Provider, provider_beside
from tests.fakes.smtp import Mailbox
from tests.fakes.stripe import FakeStripe, stripe
from tests.flow.test_metrics import free_port
from tests.processes import ServerProcess, serving, until

GRAPHICS = False

FREE = 50
QUICK, SLOW = 60, 20
WAITING = QUICK + SLOW - FREE
ALIVE_S = 5.0
"""A cycle takes milliseconds, a frame a tenth of a second, a busy machine a little longer."""
NEAR = str(ROOT / "tests" / "browser" / "near_openai.py")


@pytest.fixture
def till() -> Iterator[FakeStripe]:
    with stripe() as found:
        yield found


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provider_beside() as found:
        yield found


@pytest.fixture
def shop(tmp_path: Path, box: Mailbox, till: FakeStripe, provider: Provider) -> Iterator[ServerProcess]:
    """A hosted server that sells, reached under the address that it sends people back to."""
    port = free_port()
    environ = {
        "TENDESKS_MODE": "hosted", "TENDESKS_SMTP_URL": box.url, "TENDESKS_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TENDESKS_SUPPORT_CONTACT": "help@example.org", **till.environ,
    }  # fmt: skip
    with serving(tmp_path / "data", port=port, environ=environ, program=(NEAR, provider.base_url)) as server:
        till.tell(server.url)
        yield server


def entered(shop: ServerProcess, box: Mailbox, open_page: OpenPage) -> Page:
    page = open_page(shop.url, width=1440, height=900, allowed=REFUSED, reduced_motion="reduce")
    sign_in(page, shop, box, "ada@example.org")
    expect(page.locator(".hello h1")).to_contain_text("One desk is free")
    return page


def demo(page: Page, count: int, seconds: int) -> None:
    """A list of so many lines, pasted into the page, whose tasks take so long."""
    page.keyboard.press("n")
    page.get_by_role("button", name="Paste lines").click()
    page.get_by_placeholder("One task per line").fill("\n".join(f"Firm {n}" for n in range(count)))
    page.get_by_role("button", name="Demo", exact=True).click()
    for field in page.locator(".figures input").all()[:2]:
        field.fill(str(seconds))
    page.get_by_role("button", name=re.compile(rf"Start {count} tasks")).click()
    expect(page.locator(".add-tasks")).to_have_count(0)


def spent(page: Page, shop: ServerProcess) -> None:
    """Come to the end of the month's tasks, with others left."""
    demo(page, QUICK, 0)
    page.wait_for_function("() => window.__tendesks?.state().queue.blocked === 'quota'")
    demo(page, SLOW, 3_600)
    page.wait_for_function(f"() => window.__tendesks?.state().queue.waiting === {WAITING}")
    assert shop.query("SELECT count(*) FROM executions") == [(FREE,)]


def pay(page: Page, plan: str, button: str = "Pay") -> None:
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name=f"Go to {plan}").click()
    expect(page.get_by_role("heading", name=f"Buy {plan.lower()}")).to_be_visible()
    page.get_by_role("button", name=button).click()
    page.wait_for_function("() => window.__tendesks?.state() !== undefined")
    assert "billing" not in page.url


def working(page: Page) -> int:
    return int(
        page.evaluate(
            "() => Object.values(window.__tendesks?.state().desks).filter((d) => d.activity === 'working').length"
        )
    )


def test_a_stranger_pays_and_ten_desks_come_alive(
    shop: ServerProcess, box: Mailbox, till: FakeStripe, open_page: OpenPage, tmp_path: Path
) -> None:
    page = entered(shop, box, open_page)
    spent(page, shop)
    expect(page.locator(".headline")).to_contain_text(re.compile(r"waiting for quota\s*until 1 \w+"))
    line = page.locator(".tier")
    expect(line).to_contain_text(
        re.compile(rf"All {FREE} of this month are used. {WAITING} wait for 1 \w+\.")
    )
    assert "Starter" not in line.inner_text(), "no plan is praised over a problem"
    page.keyboard.press("1")
    expect(page.locator(".lead")).to_contain_text("Nothing starts now: waiting for quota")
    page.keyboard.press("Escape")

    till.post.holding = True  # the payment is made, and nobody has told the server yet
    pay(page, "Pro")
    expect(line).to_contain_text("Waiting for the payment's confirmation")
    expect(line).to_contain_text("Free, 1 at a time")
    assert working(page) == 0
    page.reload()
    expect(line).to_contain_text("Waiting for the payment's confirmation")

    told = time.monotonic()
    till.post.holding = False
    till.post.let_go()
    page.wait_for_function("() => window.__tendesks?.state()?.office.running === 10")
    took_s = time.monotonic() - told
    assert working(page) == 10
    assert took_s < ALIVE_S, f"{took_s * 1000:.0f} ms from what Stripe told to ten desks"
    expect(line).to_contain_text("Your plan is Pro now.")
    expect(line).to_contain_text("Pro, 10 at a time")
    assert shop.query("SELECT count(*) FROM executions WHERE state = 'running'") == [(10,)]

    page.get_by_role("button", name="Account", exact=True).click()
    expect(page.locator(".account-plan")).to_contain_text(re.compile(r"Renews on \d+ \w+\."))
    expect(page.get_by_role("link", name="help@example.org")).to_be_visible()
    assert violations(page) == []
    keys = page.get_by_role("region", name="Own keys")
    keys.get_by_role("button", name="Add a key").click()
    keys.get_by_label("Key").fill(KEY)
    keys.get_by_role("button", name="Save key").click()
    expect(keys.locator("li")).to_contain_text("Accepted")
    expect(page.locator(".account-plan b")).to_have_text("Pro, 20 at a time")
    page.wait_for_function("() => window.__tendesks?.state()?.office.running === 20")
    assert page.evaluate("() => window.__tendesks?.state().overflow.count") == 10


def test_who_turns_back_at_the_till_has_changed_nothing(
    shop: ServerProcess, box: Mailbox, open_page: OpenPage
) -> None:
    page = entered(shop, box, open_page)
    demo(page, 80, 3_600)
    page.wait_for_function("() => window.__tendesks?.state()?.office.running === 1")
    expect(page.locator(".tier")).to_contain_text(re.compile(r"50 start now, 30 wait for 1 \w+\."))
    pay(page, "Starter", "Back")
    expect(page.locator(".plans-settle")).to_have_text("You came back before paying. Nothing was changed.")
    expect(page.locator(".plan-card.mine h2")).to_have_text("Free")
    assert violations(page) == []
    page.get_by_role("button", name="Hide", exact=True).click()
    expect(page.locator(".plans-settle")).to_have_text("")
    page.reload()
    expect(page.locator(".tier")).to_contain_text("Free, 1 at a time")
    expect(page.locator(".tier")).not_to_contain_text("paying")


def test_a_payment_that_does_not_come_is_said_and_can_be_settled(
    shop: ServerProcess, box: Mailbox, till: FakeStripe, open_page: OpenPage
) -> None:
    page = entered(shop, box, open_page)
    demo(page, 30, 3_600)
    pay(page, "Pro")
    page.wait_for_function("() => window.__tendesks?.state()?.office.running === 10")
    (subscription,) = till.books.subscriptions
    till.books.renew(subscription, paid=False)
    until(
        lambda: shop.query("SELECT count(*) FROM subscriptions WHERE status = 'past_due'") == [(1,)],
        what="the payment that is missing",
    )
    page.reload()
    expect(page.locator(".tier")).to_contain_text(
        re.compile(r"The last payment did not come through. Pro stays until \d+ \w+\.")
    )
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".plan-time")).to_have_count(4)
    assert page.locator(".plan-card .btn:not([disabled])").count() == 0, "nothing is sold over a problem"
    assert violations(page) == []
    page.get_by_role("button", name="Settle the payment").click()
    page.get_by_role("button", name="Pay what is due").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("heading", name="Account")).to_be_visible()
    until(
        lambda: shop.query("SELECT count(*) FROM subscriptions WHERE status = 'active'") == [(1,)],
        what="the payment",
    )
    page.reload()
    page.get_by_role("button", name="Account", exact=True).click()
    expect(page.locator(".account-plan")).to_contain_text("Renews on")
