"""An owner has ended batches told to an address of theirs, in a real browser, with a real receiver at the other end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.test_office import ready
from tests.browser.test_people import REFUSED, sign_in
from tests.fakes.listener import Listener, listener_beside
from tests.fakes.smtp import Mailbox
from tests.processes import ServerProcess, serving, until

GRAPHICS = False

SIZES = {"wide": (1440, 900), "phone": (390, 844)}


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listener_beside() as found:
        yield found


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[ServerProcess]:
    with serving(tmp_path / "data", tier="starter") as process:
        yield process


def section(page: Page) -> Locator:
    return page.get_by_role("region", name="Webhooks")


def batch_of(server: ServerProcess, name: str) -> str:
    body = {"name": name, "kind": "demo", "params": {"seconds": 0.1}, "tasks": [{"input": {}}] * 2}
    return str(server.api("POST", "/batches", json=body)["id"])


def theme(page: Page, name: str) -> None:
    """Press D until the light is the one that was asked for: by the clock, by day, by night."""
    for _ in range(3):
        page.keyboard.press("d")
        chosen = page.evaluate("() => document.documentElement.classList.contains('night')")
        if chosen == (name == "night"):
            return
    raise AssertionError(f"expected the light of the {name}")


def picture(page: Page, folder: Path, name: str) -> None:
    section(page).scroll_into_view_if_needed()
    page.screenshot(path=folder / f"{name}.png")


@pytest.mark.parametrize("size", SIZES)
def test_an_address_is_added_tried_told_and_sent_to_again(
    starter: ServerProcess, listener: Listener, open_page: OpenPage, pictures: Path, tmp_path: Path, size: str
) -> None:
    width, height = SIZES[size]
    server = starter
    page = open_page(server.office_url, width=width, height=height)
    ready(page)
    page.get_by_role("button", name="Settings").click()
    there = section(page)
    expect(there).to_be_visible()
    there.get_by_role("button", name="Add a webhook").click()
    there.get_by_label("Address").fill(listener.url)
    there.get_by_label("What it is (may be empty)").fill("CRM")
    there.get_by_role("button", name="Add", exact=True).click()
    secret = there.locator(".copy-row input").input_value()
    assert secret.startswith("whsec_")
    there.get_by_role("button", name="Done").click()
    expect(there.get_by_text("Nothing sent yet")).to_be_visible()
    there.get_by_role("button", name="Show CRM").click()
    there.get_by_role("button", name="Send a test").click()
    expect(there.get_by_text("Test message")).to_be_visible()
    expect(there.get_by_text("Arrived", exact=True)).to_be_visible()
    listener.answer = lambda _number: 500
    batch = batch_of(server, "Companies")
    expect(there.get_by_text("It answered 500 (Internal Server Error).")).to_be_visible()
    expect(there.get_by_text("Nothing arrives since")).to_be_visible()
    for name in ("day", "night"):
        theme(page, name)
        picture(page, tmp_path, f"webhooks-{size}-{name}")
        assert violations(page) == []
    listener.answer = lambda _number: 200
    expect(there.get_by_text("Arrived after")).to_be_visible(timeout=60_000)
    there.get_by_role("button", name="Send again: Batch done").first.click()
    expect(there.get_by_text("Arrived last")).to_be_visible()
    until(lambda: listener.batches.count(batch) >= 3, what="the same message once more")
    assert secret not in page.content()
    there.get_by_role("button", name="Switch off").click()
    expect(there.get_by_text("Switched off")).to_be_visible()
    there.get_by_role("button", name="Delete").click()
    there.get_by_role("button", name="Delete this webhook?").click()
    expect(there.get_by_text("No webhooks")).to_be_visible()


def test_a_plan_without_them_says_so_quietly(
    hosted: ServerProcess, box: Mailbox, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(hosted.url, width=1440, height=900, allowed=REFUSED)
    sign_in(page, hosted, box, "ada@example.org")
    page.get_by_role("button", name="Account").click()
    there = section(page)
    expect(there.get_by_text("This plan has no webhooks.")).to_be_visible()
    expect(there.get_by_role("button", name="Add a webhook")).to_have_count(0)
    picture(page, tmp_path, "webhooks-none")
    assert violations(page) == []
    there.get_by_role("button", name="Compare plans").click()
    expect(there).to_have_count(0)
