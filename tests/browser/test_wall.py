"""A screen on a wall: nothing to press, right for days, through nights without a network; and the panel alone, for narrow frames."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import KILLED, OpenPage
from tests.browser.test_office import drawn, ready, submit
from tests.browser.test_spectator import make, work
from tests.processes import ServerProcess

MEETS = """() => {
  const box = (one) => one.getBoundingClientRect();
  const corners = [...document.querySelectorAll('.wall-corner > *')].map(box).filter((one) => one.width > 0);
  const plates = [...document.querySelectorAll('.plates > *')].map(box).filter((one) => one.width > 0 && one.height > 0);
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return corners.flatMap((corner) => plates.filter((plate) => meet(corner, plate)).map((plate) => [corner.toJSON(), plate.toJSON()]));
}"""
ONE_TURN_MS = 240_000


def walled(url: str) -> str:
    """The address of the wall's view; the secret stays behind it."""
    address, _, secret = url.partition("#")
    return f"{address}?wall#{secret}"


def plates_at(page: Page, after_ms: int) -> list[Any]:
    """Where the plates stand so long after now."""
    return list(
        page.evaluate(
            """(after) => { const { stage, now } = window.__tendesks; stage().renderAt(now() + after);
            return [...document.querySelectorAll('.plates > *')].map((one) => one.style.transform); }""",
            after_ms,
        )
    )


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720), (1080, 1920)])
def test_a_wall_shows_the_office_and_nothing_to_press(
    server: ServerProcess, open_page: OpenPage, width: int, height: int
) -> None:
    submit(server, 60, params={"seconds": [20, 30]})
    submit(server, 40, name="Fix flaky tests", params={"seconds": [20, 30]})
    page = open_page(walled(server.office_url), width=width, height=height)
    ready(page)
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")
    expect(page).to_have_url(f"{server.url}/?wall")
    expect(page.locator(".wall-huge")).to_have_text("90")
    expect(page.get_by_text("waiting, 10 running")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Live, \d\.\d s ago"))).to_be_visible()
    expect(page.locator(".wall-rows li").first).to_contain_text("Company research")
    assert page.locator(".topbar, .panel, .tabs").count() == 0
    for after in range(0, ONE_TURN_MS, 30_000):
        plates_at(page, after)
        assert page.evaluate(MEETS) == [], f"{after} ms after"
    assert violations(page) == []


def test_long_names_of_batches_are_cut_and_their_counts_are_not(
    server: ServerProcess, open_page: OpenPage
) -> None:
    submit(server, 60, name="Survey the Python standard library, " * 3, params={"seconds": 30})
    page = open_page(walled(server.office_url), width=1280, height=720, reduced_motion="reduce")
    ready(page)
    counts = page.locator(".wall-rows li .dim")
    expect(counts).to_have_text(["0 of 60"])
    box, corner = counts.bounding_box(), page.locator(".wall-rows").bounding_box()
    assert box is not None
    assert corner is not None
    assert box["x"] + box["width"] <= corner["x"] + corner["width"] + 1 <= 1280, (box, corner)


def test_a_wall_sways_unless_less_motion_was_asked_for(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(walled(server.office_url))
    ready(page)
    page.wait_for_selector(".wall-corners")
    assert plates_at(page, 0) != plates_at(page, 60_000)
    assert plates_at(page, 0) == plates_at(page, ONE_TURN_MS) or plates_at(page, 90_000) != plates_at(
        page, 30_000
    )
    page.close()
    still = open_page(walled(server.office_url), reduced_motion="reduce")
    ready(still)
    still.wait_for_selector(".wall-corners")
    assert plates_at(still, 0) == plates_at(still, 60_000)


def test_the_key_w_goes_there_and_back_and_the_address_says_so(
    server: ServerProcess, open_page: OpenPage
) -> None:
    submit(server, 20, params={"seconds": [20, 30]})
    page = open_page(server.office_url)
    ready(page)
    stage = page.evaluate_handle("() => window.__tendesks.stage()")
    page.keyboard.press("w")
    page.wait_for_selector(".wall-corners")
    expect(page).to_have_url(f"{server.url}/?wall")
    page.keyboard.press("n")  # there is nothing to open
    assert page.locator(".panel").count() == 0
    page.keyboard.press("Escape")
    expect(page.locator(".topbar")).to_be_visible()
    expect(page).to_have_url(f"{server.url}/")
    assert page.evaluate("(stage) => stage === window.__tendesks.stage()", stage), "the room is made once"
    page.keyboard.press("w")
    page.mouse.move(300, 300)
    page.get_by_role("button", name="Back to the office").click()
    expect(page.locator(".topbar")).to_be_visible()


def test_a_guests_wall_keeps_its_right_through_reloads_and_a_server_that_is_away(
    server: ServerProcess, open_page: OpenPage
) -> None:
    work(server, 30)
    link = make(server)
    page = open_page(walled(link["url"]), allowed=KILLED)
    ready(page)
    page.reload()
    ready(page)
    expect(page).to_have_url(link["url"].partition("#")[0] + "?wall")
    expect(page.locator(".wall-fresh")).to_contain_text("Live")
    server.kill()
    expect(page.locator(".wall-fresh")).to_contain_text(re.compile(r"\d+ s old"), timeout=15_000)
    assert page.evaluate("() => document.querySelector('canvas').classList.contains('stale')")
    expect(page.locator(".wall-huge")).to_have_text("20")  # what was known last, and how old it is
    page.wait_for_timeout(4_000)
    server.start()
    expect(page.locator(".wall-fresh")).to_contain_text("Live", timeout=60_000)
    assert not page.evaluate("() => document.querySelector('canvas').classList.contains('stale')")
    assert drawn(page)


def test_a_narrow_frame_has_the_panel_and_no_room(server: ServerProcess, open_page: OpenPage) -> None:
    work(server, 30)
    link = make(server)
    address, _, secret = link["url"].partition("#")
    page = open_page(f"{address}?panel#{secret}", width=320, height=640)
    page.wait_for_function("() => window.__tendesks?.state()?.office.running === 10")
    expect(page.get_by_role("heading", name="10 running")).to_be_visible()
    expect(page.get_by_text("Company research").first).to_be_visible()
    expect(page.locator(".chip-live")).to_contain_text("Live")
    assert page.locator("canvas").count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    assert not [url for url in resources(page) if "stage" in url or url.endswith(".bin")]
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("Desk 3")).click()
    expect(page.get_by_text("Desk 3 of 10")).to_be_visible()
    page.close()
    member = open_page(f"{server.url}/?panel#token={server.token}", width=320, height=640)
    expect(member.get_by_role("heading", name="10 running")).to_be_visible()
    member.get_by_role("button", name="Company research").click()
    expect(member.locator(".results")).to_be_visible()
    assert violations(member) == []


def resources(page: Page) -> list[str]:
    return list(page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)"))
