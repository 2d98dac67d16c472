"""The page is light on the machine: look.md's budget. Counts are exact in a software renderer; times are bars that a busy machine must reach, too."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.light import (
    LIGHT,
    LOSE,
    SMALL,
    SOCKETS,
    STATES,
    allocated_bytes,
    costs_ms,
    counts,
    cut,
    heap_bytes,
    kept,
    rate,
    renders,
    show,
    whole,
    worst,
)
from tests.browser.test_office import drawn, state, submit
from tests.processes import ServerProcess, until

BUDGET = json.loads(
    (Path(__file__).parent.parent.parent / "web" / "tests" / "scene" / "budget.json").read_text()
)
LIVING = ("programs", "geometries", "textures")
UPDATE_MS_MAX, SUBMIT_MS_MAX = 2 * 3, 8 * 6
"""The bars are 2 and 8 ms; a machine that draws by processor and does other things besides is given more."""
UPDATES = 10_000
UNHEARD = re.compile("closed before the connection is established")
HEAP_BYTES_MAX = 80_000_000
GROWN_BYTES_MAX = 4_000_000
SHORT: dict[str, Any] = {"params": {"seconds": 0.1, "fail": 0.1}}
WALKS = """
() => {
  const { stage, now, state } = window.__tendesks;
  const at = now();
  const base = state();
  const desk = { worker: "Ada", activity: "idle", since: at - 5000, path: ["desk-0", "coffee-1", at - 500, at + 60000] };
  stage().show([{ at: at - 1000, state: { ...base, desks: { ...base.desks, 0: desk } } }]);
}
"""
PIXELS = """
async (at) => {
  window.__tendesks.stage().renderAt(at);
  const canvas = document.querySelector(".room canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const pen = copy.getContext("2d");
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const digest = await crypto.subtle.digest("SHA-256", data);
  return [Array.from(new Uint8Array(digest)).join(" "), data.some((value) => value !== 0)];
}
"""


def finished(page: Page, count: int) -> None:
    page.wait_for_function(
        "(count) => Object.values(window.__tendesks.state().batches).some((b) => b.total === count && b.state === 'done')",
        arg=count,
        timeout=240_000,
    )


def test_what_a_picture_takes_at_most_and_what_a_frame_costs(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(server.office_url, **SMALL, reduced_motion="no-preference")
    whole(page)
    most = worst(page)
    assert most["triangles"] > 20_000, "the room is drawn"
    for name, bar in BUDGET.items():
        if name in most:
            assert most[name] <= bar, f"{name}: {most}"
    update_ms, submit_ms = costs_ms(page, 60)
    assert update_ms <= UPDATE_MS_MAX
    assert submit_ms <= SUBMIT_MS_MAX


def test_the_update_of_a_frame_leaves_nothing_for_the_collector(
    server: ServerProcess, open_page: OpenPage
) -> None:
    # While the page is kept busy for seconds it hears nothing, and gives a socket up that it has just asked for.
    page = open_page(server.office_url, **SMALL, reduced_motion="no-preference", allowed=UNHEARD)
    whole(page)
    bar = BUDGET["allocated"]  # a single number in a box
    for each in STATES:
        # What the page does by itself meanwhile, or compiles, only adds: what is over the bar is looked at again.
        looks = (allocated_bytes(page, UPDATES, each) for _ in range(4))
        assert any(left < bar for left in looks), (
            f"{each}: expected less than {bar} bytes a frame, in four looks"
        )


def test_renders_are_made_on_demand(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url, **SMALL)
    whole(page)
    page.wait_for_timeout(1_000)
    idle, screen = rate(page, 3_000)
    assert idle <= 15.4, f"{idle} of {screen} a second while nobody does more than breathe"
    # A machine that is slow to draw rests between breaths, for seconds if need be.
    drawn_once = page.evaluate("() => window.__tendesks.stage().counts().renders")
    page.wait_for_function(
        "(before) => window.__tendesks.stage().counts().renders > before", arg=drawn_once, timeout=60_000
    )
    page.evaluate(WALKS)
    walking, screen = rate(page, 2_000)
    assert walking >= screen * 0.8, f"{walking} of {screen} a second while somebody walks"
    show(page, visible=False)
    assert renders(page, 2_000) == 0
    batch = submit(server, 12, params={"seconds": 60})
    until(lambda: server.api("GET", f"/batches/{batch}")["running"] == 10, what="ten that run")
    # A hidden viewer is told every half minute.
    page.wait_for_function("() => window.__tendesks.state().office.running === 10", timeout=90_000)
    assert renders(page, 1_000) == 0
    show(page, visible=True)
    page.wait_for_function("(before) => window.__tendesks.stage().counts().renders > before", arg=0)
    seen = {
        each["desk"]: each["execution"] for each in page.evaluate("() => window.__tendesks.stage().drawn()")
    }
    assert seen == {int(key): desk["execution"] for key, desk in state(page)["desks"].items()}


def test_nothing_is_drawn_where_nothing_moves(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url, **SMALL, reduced_motion="reduce")
    whole(page)
    page.wait_for_timeout(1_000)
    assert renders(page, 3_000) == 0
    page.keyboard.press("l")
    page.wait_for_timeout(500)
    submit(server, 5, **SHORT)
    finished(page, 5)
    assert renders(page, 1_000) == 0, "the list stands where the room would"


def test_two_hundred_tasks_and_twenty_lost_connections_leave_nothing_behind(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page("about:blank", **SMALL)
    page.add_init_script(SOCKETS)
    page.goto(server.office_url)
    whole(page)
    worst(page)
    session = page.context.new_cdp_session(page)

    def round_trip(tasks: int, cuts: int) -> None:
        submit(server, tasks, name=f"Batch of {tasks}", **SHORT)
        for _ in range(cuts):
            cut(page)
        finished(page, tasks)
        page.wait_for_function(
            "() => Object.values(window.__tendesks.state().desks).every((desk) => desk.activity === 'idle')",
            timeout=30_000,
        )

    round_trip(30, 2)
    drawn(page)
    before, held, heap = counts(page), kept(session), heap_bytes(session)
    round_trip(200, 20)
    drawn(page)
    after, holds, grown = counts(page), kept(session), heap_bytes(session)
    assert {name: after[name] for name in LIVING} == {name: before[name] for name in LIVING}
    assert all(after[name] <= BUDGET[name] for name in LIVING)
    # One row more in the list of batches.
    assert holds["Nodes"] - held["Nodes"] < 60, (held, holds)
    assert holds["JSEventListeners"] - held["JSEventListeners"] < 6, (held, holds)
    assert grown - heap < GROWN_BYTES_MAX, (heap, grown)
    assert grown < HEAP_BYTES_MAX
    assert page.evaluate("() => window.opened") >= 23


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_a_lost_graphics_context_is_survived(server: ServerProcess, open_page: OpenPage, night: bool) -> None:
    page = open_page(server.office_url, **SMALL, reduced_motion="reduce")
    whole(page)
    page.evaluate(LIGHT, night)
    at = page.evaluate("() => Math.floor(window.__tendesks.now())")
    before, drawn_before = page.evaluate(PIXELS, at)
    assert drawn_before
    page.evaluate(LOSE)
    page.wait_for_timeout(300)
    page.evaluate("() => window.lost.restoreContext()")
    page.wait_for_function(
        "() => !document.querySelector('.room canvas').getContext('webgl2').isContextLost()"
    )
    page.wait_for_timeout(1_000)
    after, _ = page.evaluate(PIXELS, at)
    assert after == before
    found = worst(page)
    for name in LIVING:
        assert found[name] <= BUDGET[name], f"{name}: {found}"
    assert page.locator(".room.away").count() == 0
