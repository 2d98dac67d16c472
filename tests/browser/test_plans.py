"""Plans as a page, the account panel: what they say, by keyboard, on every width, and what axe-core says of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.test_office import ready, submit
from tests.browser.test_people import REFUSED, sign_in
from tests.browser.test_pictures import light
from tests.fakes.smtp import Mailbox
from tests.processes import ServerProcess, serving

GRAPHICS = False

SIZES = {"wide": (1440, 900), "low": (1280, 720), "middle": (900, 1100), "phone": (390, 844)}


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server of one's own whose quota holds back, with a hundred tasks that take for ever."""
    environ = {"TENDESKS_QUOTA": "enforce"}
    with serving(tmp_path / "data", tier="starter", environ=environ) as server:
        submit(server, 100, params={"seconds": 3_600})
        yield server


def compare(page: Page, size: str) -> None:
    if size == "phone":
        page.get_by_role("button", name="Batches").last.click()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".plan-time")).to_have_count(4)


@pytest.mark.parametrize("size", SIZES)
def test_plans_tell_their_time_on_every_width(starter: ServerProcess, open_page: OpenPage, size: str) -> None:
    width, height = SIZES[size]
    page = open_page(starter.office_url, width=width, height=height, reduced_motion="reduce")
    ready(page)
    compare(page, size)
    expect(page.get_by_role("heading", name="When will your 100 tasks be done?")).to_be_visible()
    times = [" ".join(time.split()) for time in page.locator(".plan-time").all_inner_texts()]
    assert times == ["50 of 100 in 50 min", "all 100 in 34 min", "all 100 in 10 min", "all 100 in 2 min"]
    notes = page.locator(".plan-note").all_inner_texts()
    assert re.fullmatch(r"50 start now, 50 wait for 1 \w+", notes[0])
    assert notes[1:] == ["3 tasks at a time", "24 min sooner", "32 min sooner"]
    assert "slot" not in page.locator(".plans").inner_text().lower()
    primary = page.locator(".plans .primary")
    expect(primary).to_have_count(1)
    expect(primary).to_have_text("Switch to Pro")
    wider = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, f"{wider} px wider than the window"
    for night in (False, True):
        light(page, night)
        assert violations(page) == [], f"by {'night' if night else 'day'}"


def test_the_office_stays_free_beside_the_plans(starter: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(starter.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    compare(page, "wide")
    heading = page.get_by_role("heading", name="When will your").bounding_box()
    first = page.locator(".plan-card").first.bounding_box()
    assert heading is not None
    assert first is not None
    assert heading["x"] + heading["width"] < 1440 - 500
    assert first["y"] > heading["y"] + heading["height"]


def test_plans_by_keyboard_alone(starter: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(starter.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    page.get_by_role("button", name="Compare").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".plan-time")).to_have_count(4)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent") == "Switch to Pro":
            break
    assert page.evaluate("() => document.activeElement.textContent") == "Switch to Pro"
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")
    expect(page.locator(".plan-card.mine h2")).to_have_text("Pro")
    page.keyboard.press("Escape")
    expect(page.locator(".plans")).to_have_count(0)
    expect(page.locator(".tier")).to_contain_text("Pro, 10 at a time")


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_account_panel_on_every_width(
    hosted: ServerProcess, box: Mailbox, open_page: OpenPage, size: str
) -> None:
    width, height = SIZES[size]
    page = open_page(hosted.url, width=width, height=height, allowed=REFUSED, reduced_motion="reduce")
    sign_in(page, hosted, box, "ada@example.org")
    page.get_by_role("button", name="Account", exact=True).click()
    expect(page.get_by_role("heading", name="This month")).to_be_visible()
    expect(page.locator(".account-plan")).to_contain_text("Free, 1 at a time")
    heads = page.locator(".account-body h2").all_inner_texts()
    assert heads[:2] == ["Plan", "This month"]
    assert {"Own keys", "Members", "API tokens", "Where you are signed in"} <= set(heads)
    expect(page.get_by_text("Chrome on Linux")).to_be_visible()
    body = page.locator(".account-body")
    assert body.evaluate("e => e.scrollWidth - e.clientWidth") == 0
    for night in (False, True):
        light(page, night)
        assert violations(page) == [], f"by {'night' if night else 'day'}"
    page.get_by_role("button", name="Compare plans").first.click()
    expect(page.locator(".plan-time")).to_have_count(4)
    assert violations(page) == []
