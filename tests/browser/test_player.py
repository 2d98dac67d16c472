"""The player's controls: keys, speed, addresses, titles, and that nothing overlaps; what it draws is test_replay.py's."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.replaying import BUSY, finished, recording_of, replaying, seek, standing, stopped
from tests.browser.test_office import ready, submit
from tests.processes import ServerProcess, until

GRAPHICS = False


def at(page: Page) -> int:
    page.wait_for_function("() => !window.__tendesks.replay().waiting")
    return int(standing(page)["position"])


def from_the_start(server: ServerProcess, open_page: OpenPage) -> Page:
    """A session that has finished, replayed from its beginning, standing still."""
    page = open_page(server.office_url)
    ready(page)
    submit(server, 30, params={"seconds": [2, 4], "fail": 0.4})
    finished(page)
    page.keyboard.press("r")
    page.get_by_role("button", name="From the start").click()
    replaying(page)
    stopped(page)
    return page


def test_keys_go_by_seconds_tenths_markers_and_steps(server: ServerProcess, open_page: OpenPage) -> None:
    page = from_the_start(server, open_page)
    [start, end] = standing(page)["bounds"]
    seek(page, start + 6_000)
    page.keyboard.press("ArrowLeft")
    assert at(page) == start + 1_000
    page.keyboard.press("ArrowRight")
    assert at(page) == start + 6_000
    page.keyboard.press("Shift+ArrowLeft")
    assert abs(at(page) - max(start, start + 6_000 - (end - start) / 10)) <= 1
    seek(page, start)
    page.keyboard.press("]")
    first = at(page)
    page.keyboard.press("]")
    second = at(page)
    marked = {marker["at"] for marker in recording_of(server)["markers"]}
    assert {first, second} <= marked | {start}
    assert start <= first < second
    page.keyboard.press("[")
    assert at(page) == first
    page.keyboard.press(".")
    assert at(page) > first
    page.keyboard.press(",")
    assert at(page) == first
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    assert at(page) == start
    page.keyboard.press("End")
    assert at(page) == end
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"\d\d:\d\d:\d\d, .* of "))


def test_keys_change_speed_and_idle_open_desks_and_go_live(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = from_the_start(server, open_page)
    speed = standing(page)["speed"]
    page.keyboard.press(">")
    assert standing(page)["speed"] == speed * 2
    page.keyboard.press("<")
    page.keyboard.press("<")
    assert standing(page)["speed"] == speed / 2
    expect(page.get_by_text("Idle stretches are skipped")).to_be_visible()
    page.keyboard.press("i")
    expect(page.get_by_text("Idle stretches are played")).to_be_visible()
    page.keyboard.press("3")
    expect(page.get_by_text("Desk 3 of 10")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel task")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Add tasks")).to_have_count(0)
    page.keyboard.press("g")
    page.wait_for_function("() => window.__tendesks.replay() === undefined")
    assert "replay" not in page.url
    expect(page.get_by_role("button", name="Add tasks")).to_be_visible()
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()


def test_an_address_opens_a_moment_and_follows_it(server: ServerProcess, open_page: OpenPage) -> None:
    batch = submit(server, 20, **BUSY)
    until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
    recording = recording_of(server)["id"]
    deep = open_page(f"{server.url}/?replay={recording}&t=2.5&speed=16&desk=4#token={server.token}")
    replaying(deep)
    stands = standing(deep)
    assert (stands["position"] - stands["bounds"][0], stands["speed"], stands["playing"]) == (
        2_500,
        16,
        False,
    )
    expect(deep.get_by_text("Desk 4 of 10")).to_be_visible()
    assert "token" not in deep.url
    seek(deep, stands["bounds"][0] + 3_100)
    deep.keyboard.press("Escape")
    deep.wait_for_function(
        "() => location.search.includes('t=3.1') && !location.search.includes('desk=')", timeout=10_000
    )
    assert f"replay={recording}" in deep.url
    assert "speed=16" in deep.url


def test_titles_are_found_and_gone_to(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url)
    ready(page)
    submit(server, 15, **BUSY)
    submit(server, 5, name="Check suppliers", **BUSY)
    finished(page)
    page.keyboard.press("r")
    page.get_by_role("button", name="From the start").click()
    replaying(page)
    stopped(page)
    page.get_by_label("Title of a task").fill("suppliers 3")
    rows = page.locator(".moment")
    expect(rows.first).to_contain_text("Check suppliers 3")
    expect(page.locator(".moment mark").first).to_have_text("suppliers 3")
    rows.first.click()
    page.wait_for_function("() => !window.__tendesks.replay().waiting")
    titles = page.evaluate("() => Object.values(window.__tendesks.state().desks).map((desk) => desk.title)")
    assert "Check suppliers 3" in titles
    page.get_by_label("Title of a task").fill("nobody has this title")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 900, 390])
def test_nothing_overlaps_and_everyone_can_use_it(
    server: ServerProcess, open_page: OpenPage, width: int
) -> None:
    batch = submit(server, 12, **BUSY)
    until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
    recording = recording_of(server)["id"]
    page = open_page(
        f"{server.url}/?replay={recording}&t=2#token={server.token}",
        width=width,
        height=844,
        reduced_motion="reduce",
    )
    replaying(page)
    boxes = [page.locator(name).bounding_box() for name in (".player-bar", "aside.panel")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[1]["y"] + boxes[1]["height"] <= boxes[0]["y"] + 1
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
