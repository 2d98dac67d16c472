"""F7: how soon after its commit a start is in the page's state, in a real browser with the office drawn."""

import json
import random
import time
from statistics import quantiles

from playwright.sync_api import Error, Page, sync_playwright

from bench.house import ServedHouse, folder, serving
from bench.rows import Row, number
from bench.stores import csv_of, open_accounts
from tests.browser.conftest import CHROMIUM, FLAGS

REPEATS = 5
STARTS = 50
SEED = 7
TICK_S = 0.1
READY_MS = 60_000
WITHIN_S = 10
SETTLE_S = 1.5
NOTE = """
(() => {
  const applied = (window.benchApplied = {});
  const known = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  const note = () => {
    for (const desk of Object.values(window.__tendesks?.state()?.desks ?? {})) {
      if (desk.task !== undefined && applied[desk.task] === undefined) applied[desk.task] = Date.now();
    }
  };
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...known,
    set(listener) {
      known.set.call(this, listener && ((event) => { listener.call(this, event); note(); }));
    },
  });
})();
"""
"""Notes when the page has a task at a desk for the first time: right after it has taken the message in."""
BEGAN = "SELECT r.task, r.body FROM results AS r"


def delays_ms(house: ServedHouse, token: str, page: Page, starts: int, chance: random.Random) -> list[float]:
    """Milliseconds from a body's beginning, which follows its commit at once, until the page has it at a desk."""
    for count in range(1, starts + 1):
        time.sleep(chance.uniform(0, TICK_S))  # no phase of the tick is preferred
        house.submit(token, "glimpse", csv_of(1))
        house.await_rows("SELECT sum(done) FROM batches", count, within_s=WITHIN_S, every_s=0.02)
    began = {task: json.loads(body)["began_ms"] for task, body in house.rows(BEGAN)}
    page.wait_for_function("count => Object.keys(window.benchApplied).length >= count", arg=starts)
    applied: dict[str, float] = page.evaluate("() => window.benchApplied")
    return [applied[task] - began_ms for task, began_ms in began.items()]


def measured(starts: int, chance: random.Random) -> tuple[list[float], str]:
    """The delays in a house and a browser of their own, and the browser's version."""
    with folder() as data:
        (token,) = open_accounts(data, 1, "pro", slots=None)
        with serving(data) as house, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.add_init_script(NOTE)
            page.goto(f"http://{house.address[0]}:{house.address[1]}/#token={token}")
            page.wait_for_function("() => window.__tendesks?.stage() !== undefined", timeout=READY_MS)
            time.sleep(SETTLE_S)
            found = delays_ms(house, token, page, starts, chance), browser.version
            browser.close()
    return found


def rows(repeats: int = REPEATS, starts: int = STARTS) -> list[Row]:
    """F7."""
    what, chance = "start committed to applied in the page", random.Random(SEED)
    try:
        found = [measured(starts, chance) for _ in range(repeats)]
    except Error as error:  # no Chromium, or none that starts
        missing = " ".join(str(error).split())[:200]
        return [Row(id="F7 p50", what=what, unit="ms", values=[], bar=80, missing=missing)]
    longest_ms = max(delay for delays, _ in found for delay in delays)
    notes = (
        f"from when the body begins, which is right after the commit; {starts} single tasks each, at any phase of the tick; "
        f"Chromium {found[0][1]}, the office drawn by the processor on the same cores; longest of all {number(longest_ms)} ms"
    )
    parts = [quantiles(delays, n=100, method="inclusive") for delays, _ in found]
    return [
        Row(
            id=f"F7 {said}",
            what=f"{what}, {said}",
            unit="ms",
            values=[part[at] for part in parts],
            bar=bar,
            notes=notes,
        )
        for said, at, bar in (("p50", 49, 80.0), ("p99", 98, 150.0))
    ]
