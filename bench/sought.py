"""R2 in the browser: how soon the page shows any moment of 24 hours, from the seek to the picture."""

import random
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from bench.house import folder, serving
from bench.recordings import HOURS, RECORDING, hour_of_segments, keep, p99
from bench.rows import Row
from bench.stores import open_accounts
from bench.trace import SEED
from tests.browser.conftest import CHROMIUM, FLAGS

REPEATS = 5
SEEKS = 100
READY_MS = 60_000
SEEK = """
async (at) => {
  const { replay, stage, now } = window.__tendesks;
  const picture = () => new Promise((next) => requestAnimationFrame(next));
  const began = performance.now();
  replay().seek(at);
  while (replay().waiting || replay().shown !== replay().position) await picture();
  const shown = performance.now() - began;
  stage().renderAt(now());
  await picture();
  await picture();
  return [shown, performance.now() - began];
}
"""
"""To the state, and to the picture: the room is drawn at once, also where it would rest, and the second turn after it follows."""


def took_ms(page: Page, chance: random.Random, seeks: int) -> tuple[float, float]:
    """The p99 to the state and to the picture of random moments, hardly ever in a segment that is there already."""
    start, end = page.evaluate("() => window.__tendesks.replay().bounds")
    took = [page.evaluate(SEEK, chance.randrange(start, end)) for _ in range(seeks)]
    return p99([shown for shown, _ in took]), p99([drawn for _, drawn in took])


def measured(data: Path, token: str, repeats: int, seeks: int) -> tuple[list[tuple[float, float]], str]:
    """So many rounds in one page, and the browser's version."""
    with serving(data) as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
        page.goto(f"http://{house.address[0]}:{house.address[1]}/?replay={RECORDING}&t=5#token={token}")
        page.wait_for_function("() => window.__tendesks?.replay()?.waiting === false", timeout=READY_MS)
        page.wait_for_function("() => window.__tendesks.stage() !== undefined", timeout=READY_MS)
        chance = random.Random(SEED)
        found = [took_ms(page, chance, seeks) for _ in range(repeats)], browser.version
        browser.close()
    return found


def rows(repeats: int = REPEATS, hours: int = HOURS, seeks: int = SEEKS) -> list[Row]:
    """Keep an hour of the trace once for each hour, and look for moments of it."""
    hour = list(hour_of_segments())
    what = f"any moment of a {hours} h recording, from the seek to the picture: p99 of {seeks}"
    with folder() as data:
        (token,) = open_accounts(data, 1, "enterprise")
        keep(data, hour, hours)
        try:
            found, version = measured(data, token, repeats, seeks)
        except Error as error:  # no Chromium, or none that starts
            missing = " ".join(str(error).split())[:200]
            return [Row(id="R2 browser", what=what, unit="ms", values=[], bar=150, missing=missing)]
    notes = f"Chromium {version}, 1280 by 720, drawn by a software renderer; to the state alone"
    return [
        Row(
            id="R2 browser", what=what, unit="ms", values=[drawn for _, drawn in found], bar=150,
            notes=f"{notes} {max(shown for shown, _ in found):.0f} ms at most",
        ),
    ]  # fmt: skip
