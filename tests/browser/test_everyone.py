"""The page for everyone: axe-core over every panel by day and by night, the keyboard alone, large letters, small screens, less motion."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import SHARPNESS, OpenPage
from tests.browser.test_office import ready, submit
from tests.browser.test_pictures import fill, light
from tests.processes import ServerProcess, until

GRAPHICS = False

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": SHARPNESS}
DONE = "Company research"
SMALL = """() => [...document.querySelectorAll('button, a, summary, input, select')].filter((one) => one.checkVisibility())
  .map((one) => [one.getAttribute('aria-label') ?? one.innerText ?? '', one.closest('label') ?? one])
  .map(([name, one]) => [name.slice(0, 40), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && Math.min(box.height, 44) < 44 && box.height > 0).map(([name, box]) => `${name}: ${Math.round(box.height)}`)"""


def full(server: ServerProcess) -> str:
    """An office with something in every panel: a batch that has ended with failures, one that runs, people upstairs."""
    server.api("PATCH", "/account", json={"tier": "enterprise"})
    fill(server, (DONE, 120), seconds=[1, 3], fail=0.3)
    batch = server.api("GET", "/batches")["items"][0]["id"]
    until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of a batch")
    submit(server, 60, name="Fix flaky tests", params={"seconds": [300, 400]})
    return str(batch)


def panels(page: Page) -> dict[str, Callable[[], None]]:
    """What can be opened, and how; each from the sidebar."""

    def batch() -> None:
        page.get_by_role("button", name=DONE).first.click()
        page.locator(".why-failed li").first.wait_for()
        page.locator(".results tbody tr").first.wait_for()

    def task() -> None:
        batch()
        page.locator(".results .bare").first.click()
        page.locator(".result-detail").wait_for()

    def speed() -> None:
        batch()
        page.get_by_role("button", name="Speed").click()
        page.locator(".pace canvas").wait_for()

    def add() -> None:
        page.keyboard.press("n")
        page.get_by_role("button", name="Paste lines").click()
        page.get_by_placeholder("One task per line").fill("Acme Optics\nBirch & Sons\n")
        page.get_by_role("heading", name="Add tasks").click()

    def pressed(key: str, there: str) -> Callable[[], None]:
        def press() -> None:
            page.keyboard.press(key)
            page.locator(there).first.wait_for()

        return press

    return {
        "sidebar": lambda: None,
        "batch": batch,
        "a task of it": task,
        "its speed": speed,
        "desk": pressed("3", ".desk-panel .log"),
        "upstairs": pressed("u", ".people li"),
        "keys": pressed("?", ".keys-list"),
        "share": pressed("s", ".at-share h1"),
        "recordings": pressed("r", ".at-recordings h1"),
        "add": add,
        "list": pressed("l", ".desk-row"),
    }


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_axe_finds_nothing_in_any_panel(server: ServerProcess, open_page: OpenPage, night: bool) -> None:
    full(server)
    page = open_page(server.office_url, reduced_motion="reduce", **WIDE)
    ready(page)
    page.wait_for_function("() => window.__tendesks.state().office.running > 10")
    light(page, night)
    found = {}
    for name, open_panel in panels(page).items():
        open_panel()
        page.wait_for_timeout(300)  # colours that fade in are judged as they end
        if wrong := violations(page):
            found[name] = wrong
        for _ in range(3):
            page.keyboard.press("Escape")
    assert found == {}


def test_the_keyboard_alone_goes_everywhere_and_comes_back_to_where_it_was(
    server: ServerProcess, open_page: OpenPage
) -> None:
    full(server)
    page = open_page(server.office_url, reduced_motion="reduce", **WIDE)
    ready(page)
    focused = "() => document.activeElement?.id ?? ''"
    row = page.get_by_role("button", name=DONE).first
    row.focus()
    page.keyboard.press("Enter")
    page.locator(".why-failed li").first.wait_for()
    assert page.evaluate("() => document.activeElement?.matches('.panel')"), "taken into what was opened"
    page.keyboard.press("Tab")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement?.id.startsWith('batch-')")
    page.locator("#cell-4").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Desk 5 of 10")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement?.id === 'cell-4'")
    page.keyboard.press("?")
    page.locator(".keys-list").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement?.id === 'cell-4'")
    assert page.evaluate(focused) == "cell-4"


def test_single_keys_can_be_turned_off_and_stay_off(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url, **WIDE)
    ready(page)
    page.keyboard.press("?")
    page.get_by_label("Single keys are on").click()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    assert page.locator(".at-upstairs").count() == 0
    page.reload()
    ready(page)
    page.keyboard.press("u")
    assert page.locator(".at-upstairs").count() == 0


def test_sounds_and_notices_are_off_until_somebody_turns_them_on(
    server: ServerProcess, open_page: OpenPage
) -> None:
    spy = """window.made = []; window.asked = 0;
    const Real = window.AudioContext;
    window.AudioContext = class extends Real { constructor(...given) { super(...given); window.made.push(this); } };
    Notification.requestPermission = () => { window.asked += 1; return Promise.resolve('denied'); };"""
    page = open_page("about:blank", **WIDE)
    page.add_init_script(spy)
    page.goto(server.office_url)
    ready(page)
    submit(server, 3, params={"seconds": 0})
    page.wait_for_function("() => window.__tendesks.state().office.finished !== undefined")
    assert page.evaluate("() => [window.made.length, window.asked]") == [0, 0]
    page.keyboard.press("?")
    sounds, notices = page.get_by_role("switch", name="Sounds"), page.get_by_role("switch", name="Desktop")
    expect(sounds).not_to_be_checked()
    expect(notices).not_to_be_checked()
    sounds.click()
    page.wait_for_function("() => window.made.length === 1 && window.made[0].state === 'running'")
    sounds.click()
    page.wait_for_function("() => window.made[0].state === 'closed'")
    notices.click()
    page.wait_for_function("() => window.asked === 1")
    expect(notices).not_to_be_checked()
    expect(page.get_by_text("was told not to show notices")).to_be_visible()
    sounds.click()
    page.reload()
    ready(page)
    page.keyboard.press("?")
    expect(page.get_by_role("switch", name="Sounds")).to_be_checked()


@pytest.mark.parametrize("size", [PHONE], ids=["portrait"])
def test_a_phone_has_room_for_fingers_and_nothing_beside_the_screen(
    server: ServerProcess, open_page: OpenPage, size: dict[str, Any]
) -> None:
    full(server)
    page = open_page(server.office_url, reduced_motion="reduce", **size)
    ready(page)
    openings: dict[str, Callable[[], object]] = {
        "office": lambda: None,
        "batch": page.get_by_role("button", name=re.compile(DONE)).first.tap,
        "desk": lambda: page.keyboard.press("3"),
        "keys": lambda: page.keyboard.press("?"),
        "upstairs": lambda: page.keyboard.press("u"),
    }
    found = {}
    for name, open_panel in openings.items():
        open_panel()
        page.wait_for_timeout(300)
        wide = page.evaluate("() => document.documentElement.scrollWidth") - int(size["width"])
        if wrong := [
            *page.evaluate(SMALL),
            *violations(page),
            *([f"{wide} px too wide"] if wide > 0 else []),
        ]:
            found[name] = wrong
        page.keyboard.press("Escape")
    assert found == {}


def test_letters_twice_as_large_fall_to_the_next_narrower_layout(
    server: ServerProcess, open_page: OpenPage
) -> None:
    full(server)
    # A browser's zoom of 200 % on a screen of 1440 by 900.
    page = open_page(server.office_url, width=720, height=450, device_scale_factor=2 * SHARPNESS)
    ready(page)
    for key in ("", "3", "?", "n", "s"):
        if key:
            page.keyboard.press(key)
            page.wait_for_timeout(300)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 720
        cut = page.evaluate(
            """() => [...document.querySelectorAll('.panel button')].filter((one) => one.checkVisibility())
            .filter((one) => one.getBoundingClientRect().right > 721).map((one) => one.innerText)"""
        )
        assert cut == [], f"after {key!r}"
        page.keyboard.press("Escape")


def test_a_file_that_does_not_come_is_said_where_it_was_asked_for(
    server: ServerProcess, open_page: OpenPage
) -> None:
    full(server)
    page = open_page(server.office_url, allowed=re.compile("ERR_FAILED|ERR_ABORTED"), **WIDE)
    ready(page)
    page.get_by_role("button", name=DONE).first.click()
    page.locator(".results tbody tr").first.wait_for()
    page.route("**/results?*", lambda route: route.abort())
    page.get_by_text("Export").click()
    page.get_by_role("button", name=re.compile("JSON")).last.click()
    expect(page.get_by_text("The file did not come.")).to_be_visible()
    page.unroute("**/results?*")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Retry the file").click()
    assert waiting.value.suggested_filename == f"{DONE}.json"


def test_reasons_open_the_tasks_they_count_and_try_exactly_those_again(
    server: ServerProcess, open_page: OpenPage
) -> None:
    batch = full(server)
    page = open_page(server.office_url, **WIDE)
    ready(page)
    page.get_by_role("button", name=DONE).first.click()
    first = server.api("GET", f"/batches/{batch}/figures")["reasons"][0]
    expect(page.locator(".why-failed li b").first).to_have_text(str(first["count"]))
    page.locator(".why-failed li .bare").first.click()
    expect(page.locator(".results-head")).to_contain_text("Only:")
    expect(page.locator(".results tbody tr")).to_have_count(min(first["count"], 10))
    page.get_by_role("button", name="Show all again").click()
    page.locator(".why-failed li .link").first.click()
    until(
        lambda: (
            server.api("GET", f"/batches/{batch}")["failed"] < first["count"]
            or server.api("GET", f"/batches/{batch}")["state"] == "running"
        ),
        what="those tasks to be tried again",
    )
