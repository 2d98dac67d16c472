"""A browser without WebGL: the same office as a flat drawing, from which everything can be done."""

import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.test_office import BUSY, drawn, ready, submit
from tests.browser.test_pictures import fill, light, still
from tests.browser.test_wall import MEETS, walled
from tests.processes import ServerProcess, until

GRAPHICS = False
# Ends of the corners' texts beneath which something of the drawing lies.
COVERED = """() => [...document.querySelectorAll('.wall-corner > *')].flatMap((text) => {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  return [[left, top], [right, top], [left, bottom], [right, bottom]]
    .filter(([x, y]) => document.elementsFromPoint(x, y).some((one) => one.closest(".f-room") !== null))
    .map((at) => `${text.className} at ${at}`);
})"""
SIZES = {"wide": (1280, 720), "portrait": (390, 844), "landscape": (844, 390)}


def test_the_ten_desks_drawn_are_what_the_database_says(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url)
    ready(page)
    assert page.evaluate("() => document.createElement('canvas').getContext('webgl2')") is None
    expect(page.get_by_text("No 3D on this device")).to_be_visible()
    submit(server, 30, params={"seconds": [3, 8]})
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")

    def agree() -> bool:
        before = server.query("SELECT id FROM executions WHERE state = 'running' ORDER BY id")
        shown = sorted(desk["execution"] for desk in drawn(page) if desk["activity"] in BUSY)
        after = server.query("SELECT id FROM executions WHERE state = 'running' ORDER BY id")
        return before == after and shown == [row[0] for row in after]

    until(agree, within_s=20, what="agreement of drawing and database")
    assert page.locator("svg.flat .f-person").count() == 10


@pytest.mark.parametrize(("width", "height", "share"), [(1920, 1080, 0.55), (1080, 1920, 0.85)])
def test_a_wall_is_filled_by_the_drawing(
    server: ServerProcess, open_page: OpenPage, width: int, height: int, share: float
) -> None:
    submit(server, 30, params={"seconds": 60})
    page = open_page(walled(server.office_url), width=width, height=height, reduced_motion="reduce")
    ready(page)
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")
    expect(page.locator("svg.flat .f-person")).to_have_count(10)
    expect(page.locator(".wall-huge")).to_have_text("20")
    room = page.locator("svg.flat .f-room").bounding_box()
    assert room is not None
    assert room["width"] > share * width
    assert page.evaluate(MEETS) == []
    assert page.evaluate(COVERED) == []
    assert violations(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_everything_is_there_at_every_size(server: ServerProcess, open_page: OpenPage, size: str) -> None:
    width, height = SIZES[size]
    page = open_page(server.office_url, width=width, height=height, reduced_motion="reduce")
    ready(page)
    submit(server, 12, params={"seconds": 90})
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("svg.flat .f-people").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert violations(page) == []
    # A person is pressed, and their desk opens.
    page.locator('.f-person[data-desk="4"] circle').first.click(force=True)
    expect(page.get_by_text("Desk 5 of 10")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    expect(page.get_by_role("region", name="The ten desks")).to_be_visible()
    assert violations(page) == []


def test_a_list_is_started_watched_and_looked_at_alone(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url)
    ready(page)
    submit(server, 4, name="Fix flaky tests", params={"seconds": 90})
    page.keyboard.press("n")
    page.get_by_role("button", name="Paste lines").click()
    page.get_by_placeholder("One task per line").fill("Acme Optics\nBirch & Sons\n")
    command = f'{sys.executable} -c "import time; time.sleep(90)" {{line}}'
    page.get_by_label(re.compile("command", re.IGNORECASE)).last.fill(command)
    page.get_by_role("button", name="Start 2 tasks").click()
    page.wait_for_function("() => window.__tendesks.state().office.running === 6")
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.get_by_role("status").filter(has_text="Only Fix flaky tests")).to_be_visible()
    expect(page.locator(".f-desk.back")).to_have_count(6)
    page.keyboard.press("Escape")
    expect(page.locator(".f-desk.back")).to_have_count(0)
    # There is no camera: nobody is followed.
    page.keyboard.press("f")
    expect(page.get_by_text("Following")).to_have_count(0)


@pytest.mark.parametrize("look", ["day", "night", "phone"])
def test_pictures_of_it(server: ServerProcess, open_page: OpenPage, pictures: Path, look: str) -> None:
    phone = {"width": 390, "height": 844, "device_scale_factor": 2}
    size = phone if look == "phone" else {"width": 1440, "height": 900, "device_scale_factor": 1}
    page = open_page(server.office_url, reduced_motion="reduce", **size)
    ready(page)
    light(page, look == "night")
    fill(server, ("Company research", 60), ("Fix flaky tests", 40), ("Summarise interviews", 25))
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")
    page.wait_for_timeout(500)
    still(page, pictures / f"flat-{look}.jpg")
