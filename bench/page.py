"""L1 to L5: what the page takes of the machine that shows it, in a real browser that draws by processor."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Error, Page, sync_playwright

from bench.house import ROOT
from bench.rows import Row
from tests.browser import light
from tests.browser.conftest import CHROMIUM, FLAGS, complains
from tests.processes import ServerProcess, serving, until

BARS: dict[str, int] = json.loads((ROOT / "web" / "tests" / "scene" / "budget.json").read_text())
LIVING = ("programs", "geometries", "textures")
TASKS, CUTS, WARM_TASKS = 200, 20, 30
FRAMES, UPDATES = 120, 20_000
STRETCH_MS = 3_000
BUSY_S = 600
MB, KB = 1_000_000, 1_000
BREATHE = """
([desk, until]) => {
  const { stage, now, state } = window.__tendesks;
  const at = now();
  const walker = { worker: "Ada", activity: "idle", since: at - 5000, path: ["desk-0", "coffee-1", at - 500, at + until] };
  stage().show([{ at: at - 1000, state: { ...state(), desks: { ...state().desks, [desk]: walker } } }]);
}
"""


@contextmanager
def opened(**options: Any) -> Iterator[tuple[ServerProcess, Page, list[str], light.Load]]:
    """A server, its office in a page, what the console said, and what was loaded."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "data") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=light.SMALL, **options)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if complains(message) else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.add_init_script(light.SOCKETS)
        load = light.Load(page)
        page.goto(server.office_url)
        light.whole(page)
        yield server, page, said, load
        browser.close()


def missing(name: str, error: Error) -> list[Row]:
    """No Chromium, or none that starts."""
    why = " ".join(str(error).split())[:200]
    return [Row(id=name, what="the page in a browser", unit="", values=[], missing=why)]


def submit(server: ServerProcess, tasks: int, **params: Any) -> str:
    """A batch of the demo, by its id."""
    rows = [{"title": f"Acme Optics {n}", "input": {"n": n}} for n in range(tasks)]
    wish = {
        "name": f"Batch of {tasks}",
        "kind": "demo",
        "params": {"seconds": 0.1, "fail": 0.1, **params},
        "tasks": rows,
    }
    return str(server.api("POST", "/batches", json=wish)["id"])


def pictures() -> list[Row]:
    """L1: what one render takes at most, and what is loaded until the first."""
    try:
        with opened() as (_, page, said, load):
            most, total = light.worst(page), load.total
            complaints = len(said)
    except Error as error:
        return missing("L1", error)
    notes = "the most of six states (all at work, cheering, slumped, asleep, idle, mixed), 27 upstairs, by day and by night"
    rows = [
        Row(
            id=f"L1 {name}",
            what=f"{name} of a render, shadow pass included" if name in {"calls", "triangles"} else name,
            unit="",
            values=[most[name]],
            bar=BARS[name],
            notes=notes,
        )
        for name in ("calls", "triangles", *LIVING)
    ]
    first = Row(
        id="L1 load",
        what="first load, gzip, everything",
        unit="kB",
        values=[total / KB],
        bar=350,
        notes="HTML, JS, CSS, fonts, models",
    )
    console = Row(id="L1 console", what="console errors and warnings", unit="", values=[complaints], bar=0)
    return [*rows, first, console]


def frames() -> list[Row]:
    """L2: what a frame takes in JavaScript, and what it leaves for the collector."""
    try:
        with opened() as (_, page, _said, _load):
            costs = [light.costs_ms(page, FRAMES) for _ in range(5)]
            left = {
                state: [light.allocated_bytes(page, UPDATES, state) for _ in range(3)]
                for state in light.STATES
            }
    except Error as error:
        return missing("L2", error)
    return [
        Row(id="L2 update", what="JavaScript of a frame: update, median", unit="ms", values=[u for u, _ in costs], bar=2),
        Row(id="L2 submit", what="JavaScript of a frame: submit, median", unit="ms", values=[s for _, s in costs], bar=8),
        Row(
            id="L2 allocated",
            what="bytes that the update of a frame leaves for the collector",
            unit="B",
            values=[median(each) for each in left.values()],
            bar=0,
            notes=f"{UPDATES:,} updates of each of {len(left)} states ({', '.join(left)}); sampled by the engine; one number in a box is 12",
        ),
    ]  # fmt: skip


def rates() -> list[Row]:
    """L3: renders a second."""
    try:
        with opened() as (_, page, _said, _load):
            page.wait_for_timeout(1_000)
            idle = [light.rate(page, STRETCH_MS)[0] for _ in range(3)]
            page.evaluate(BREATHE, [0, 60_000])
            walking = [renders / screens for renders, screens in (light.rate(page, 2_000) for _ in range(3))]
            light.show(page, visible=False)
            hidden = light.renders(page, STRETCH_MS)
        with opened(reduced_motion="reduce") as (_, page, _said, _load):
            page.wait_for_timeout(1_000)
            still = light.renders(page, STRETCH_MS)
    except Error as error:
        return missing("L3", error)
    what = "renders a second"
    return [
        Row(id="L3 hidden", what=f"{what}: hidden tab", unit="", values=[hidden], bar=0),
        Row(
            id="L3 still",
            what=f"{what}: nothing moves",
            unit="",
            values=[still],
            bar=0,
            notes="little motion was asked for",
        ),
        Row(id="L3 idle", what=f"{what}: idle motion only", unit="", values=idle, bar=15.4),
        Row(
            id="L3 walking",
            what="renders for each frame of the screen while somebody walks",
            unit="",
            values=walking,
            bar=0.8,
            more_is_better=True,
        ),
    ]


def kept() -> list[Row]:
    """L4: what 200 tasks and 20 lost connections leave behind, and what a lost graphics context does."""
    try:
        with opened() as (server, page, _said, _load):
            light.worst(page)
            session = page.context.new_cdp_session(page)
            submit(server, WARM_TASKS)
            _settled(page, WARM_TASKS)
            before, heap = light.counts(page), light.heap_bytes(session)
            submit(server, TASKS)
            for _ in range(CUTS):
                light.cut(page)
            _settled(page, TASKS)
            after, grown = light.counts(page), light.heap_bytes(session)
            page.evaluate(light.LOSE)
            page.wait_for_timeout(300)
            page.evaluate("() => window.lost.restoreContext()")
            page.wait_for_timeout(1_500)
            again = light.worst(page)
    except Error as error:
        return missing("L4", error)
    what = f"after {TASKS} tasks and {CUTS} lost connections"
    rows = [
        Row(id=f"L4 {name}", what=f"{name} more {what}", unit="", values=[after[name] - before[name]], bar=0)
        for name in LIVING
    ]
    heap_row = Row(
        id="L4 heap", what=f"heap more {what}", unit="MB", values=[(grown - heap) / MB], bar=4, notes=f"{grown / MB:.1f} MB in all"
    )  # fmt: skip
    back = Row(
        id="L4 restored", what="programs after a lost context came back", unit="", values=[again["programs"]], bar=BARS["programs"]
    )  # fmt: skip
    return [*rows, heap_row, back]


def _settled(page: Page, tasks: int) -> None:
    page.wait_for_function(
        "(count) => Object.values(window.__tendesks.state().batches).some((b) => b.total === count && b.state === 'done')"
        " && Object.values(window.__tendesks.state().desks).every((desk) => desk.activity === 'idle')",
        arg=tasks,
        timeout=300_000,
    )


def busy() -> list[Row]:
    """L5: the heap during ten minutes of a busy office."""
    try:
        with opened() as (server, page, _said, _load):
            session = page.context.new_cdp_session(page)
            batch = submit(server, 5_000, seconds=[0.5, 3], fail=0.05)
            until(lambda: server.api("GET", f"/batches/{batch}")["running"] > 0, what="the first that run")
            heaps = []
            began = time.monotonic()
            while time.monotonic() - began < BUSY_S:
                page.wait_for_timeout(BUSY_S * 100)
                heaps.append(light.heap_bytes(session) / MB)
            done = server.api("GET", f"/batches/{batch}")["done"]
    except Error as error:
        return missing("L5", error)
    notes = f"each minute of {BUSY_S // 60}, after a collection; {done:,} tasks done meanwhile"
    return [
        Row(id="L5 heap", what="heap of a busy office, the most", unit="MB", values=[max(heaps)], bar=80, notes=notes),
        Row(
            id="L5 flat",
            what="heap of a busy office: its last minute ÷ its second",
            unit="",
            values=[heaps[-1] / heaps[1]],
            bar=1.15,
            notes=", ".join(f"{heap:.1f}" for heap in heaps) + " MB",
        ),
    ]  # fmt: skip
