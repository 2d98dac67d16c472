"""Strips of stills of how people move, each looked at by people: `make pictures` writes them into docs/pictures/strips.

Every strip is eight moments of one person, drawn by the page itself from a state and a clock of the test's own.
"""

import base64
import os
from io import BytesIO
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page

from server.preview.scene import facts
from simulation.places import NODES, SEATS, walk_ms
from tests.browser.conftest import ROOT, OpenPage
from tests.browser.test_office import ready
from tests.processes import ServerProcess

FRAMES = 8
BYTES_MAX = 60_000
NOW = 1_795_450_000_000
DESK = 7
HOME = f"desk-{DESK}"
WAY_MS = walk_ms(HOME, "coffee-1")


class Strip(NamedTuple):
    """What a desk says, from when on, and how far apart the stills are, in milliseconds."""

    desk: dict[str, Any]
    start: int
    step: int
    before: dict[str, Any] | None = None
    """What it said until `NOW`; the same as then if nothing else."""
    spot: tuple[float, float] | None = None
    """The middle of the picture, in metres; the desk's person unless said."""
    high: float = 2.9
    """How many metres the picture shows from its foot to its top."""


def at_work(note: str = "", **other: Any) -> dict[str, Any]:
    noted = {"note": note} if note else {}
    return {"activity": "working", "since": NOW - 60_000, "batch": "b1", **noted, **other}


def idle(**other: Any) -> dict[str, Any]:
    return {"activity": "idle", "since": NOW - 600_000, **other}


def ended(activity: str) -> dict[str, Any]:
    return {"activity": activity, "since": NOW, "batch": "b1"}


WORKING = at_work("writing the report")
AWAY = ["desk-7", "coffee-1", NOW, NOW + WAY_MS]
ALONG = ["coffee-2", "lounge-left", NOW, NOW + walk_ms("coffee-2", "lounge-left")]
BACK = ["coffee-1", "desk-7", NOW, NOW + WAY_MS]
STRIPS = {
    "write": Strip(WORKING, 0, 240),
    "read": Strip(at_work("reading page 7"), 0, 700),
    "call": Strip(at_work("calling the shop"), 0, 420),
    "think": Strip(at_work("thinking"), 0, 900),
    "wait": Strip({"activity": "waiting", "since": NOW, "until": NOW + 9_000, "batch": "b1"}, 1_000, 1_000),
    "cheer": Strip(ended("done"), 0, 285, WORKING, spot=(0.45, 1.3)),
    "slump": Strip(ended("failed"), 0, 260, WORKING),
    "sleep": Strip({"activity": "off", "since": NOW - 60_000}, 0, 600),
    "stand-up": Strip(idle(path=AWAY), -100, 150, spot=(0.45, 1.2)),
    "walk": Strip(idle(path=ALONG), 2_500, 105, spot=(-3.5, 2.78)),
    "sit-down": Strip(idle(path=BACK), WAY_MS - 900, 140, spot=(0.45, 1.2)),
    "to-work": Strip(at_work(since=NOW, note="writing"), 0, 60, idle()),
}
PLACES = {
    "coffee": "coffee-1",
    "couch": "couch-1",
    "beanbag": "beanbag-1",
    "cat": "cat-1",
}
STRIPS |= {
    name: Strip(idle(place=place), 0, 900, spot=(NODES[place][0] / 100, NODES[place][1] / 100))
    for name, place in PLACES.items()
}

DRAWN = """
async ({ courses, moments, fit, wide, high }) => {
  const room = window.__tendesks.stage();
  const canvas = document.querySelector(".room canvas");
  const sharp = canvas.width / canvas.clientWidth;
  const sheet = document.createElement("canvas");
  sheet.width = wide * moments.length;
  sheet.height = high;
  const pen = sheet.getContext("2d");
  pen.fillStyle = "#fbe6cd";
  pen.fillRect(0, 0, sheet.width, high);
  room.fit(fit, false);
  for (const [index, at] of moments.entries()) {
    room.show(courses[index]);
    room.renderAt(at);
    pen.drawImage(canvas, 0, 0, wide * sharp, high * sharp, index * wide, 0, wide, high);
  }
  return sheet.toDataURL("image/png");
}
"""
"""Draws each moment and reads it in the same turn: nothing else can be drawn in between."""
WIDE, HIGH = 160, 256


def office(desk: dict[str, Any]) -> dict[str, Any]:
    workers = ("Ada", "Bruno", "Chiyo", "Dalia", "Emeka", "Freya", "Gus", "Hana", "Ivo", "Juno")
    desks = {str(n): {"worker": name, **idle()} for n, name in enumerate(workers)}
    desks[str(DESK)] = {"worker": workers[DESK], **desk}
    batch = {
        "name": "Company research",
        "state": "running",
        "total": 60,
        "done": 20,
        "failed": 1,
        "running": 1,
    }
    return {
        "office": {"id": "o", "tier": "pro", "slots": 10, "running": 1},
        "desks": desks,
        "overflow": {"count": 0, "shown": {}},
        "queue": {"waiting": 30},
        "batches": {"b1": {**batch, "order": 0}},
    }


def course(strip: Strip, at: int) -> list[dict[str, Any]]:
    before = {"at": NOW - 60_000, "state": office(strip.before or strip.desk)}
    now = {"at": NOW, "state": office(strip.desk)}
    return [before, now] if at >= NOW else [before]


def fitted(x: float, z: float, high: float) -> dict[str, float]:
    """The rectangle into which the room has to be fitted so that `HIGH` pixels show so many metres round a spot.

    The page's camera (`fit.ts`) in short: it stands so far away that this is nearly a parallel view.
    """
    azimuth = pitch = radians(33)
    room = facts()["room"]
    across = (cos(azimuth), 0.0, -sin(azimuth))
    upward = (-sin(azimuth) * sin(pitch), cos(pitch), -cos(azimuth) * sin(pitch))

    def seen(x: float, y: float, z: float) -> tuple[float, float]:
        return (
            x * across[0] + z * across[2],
            x * upward[0] + y * upward[1] + z * upward[2],
        )

    ends = [
        seen(x, y, z)
        for x in (room["x0"] - 0.35, room["x1"] + 0.35)
        for y, z in ((-0.5, room["z1"] + 0.35), (room["height"], room["z0"] - 0.3), (0.0, room["z0"]))
    ]
    lengths = [max(end[axis] for end in ends) - min(end[axis] for end in ends) for axis in (0, 1)]
    scale = HIGH / high
    wide, tall = lengths[0] * scale * 1.06, lengths[1] * scale * 1.25
    middle = [(max(end[axis] for end in ends) + min(end[axis] for end in ends)) / 2 for axis in (0, 1)]
    at = seen(x, 0.9, z)
    return {
        "x": WIDE / 2 - wide / 2 - (at[0] - middle[0]) * scale,
        "y": HIGH * 0.72 - tall / 2 + (at[1] - middle[1]) * scale,
        "width": wide,
        "height": tall,
    }


@pytest.fixture(scope="module")
def strips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where strips go: docs/pictures/strips for `make pictures`, else a temporary folder."""
    if os.environ.get("TENDESKS_PICTURES"):
        folder = ROOT / "docs" / "pictures" / "strips"
        folder.mkdir(exist_ok=True)
        return folder
    return tmp_path_factory.mktemp("strips")


def drawn(page: Page, strip: Strip) -> Image.Image:
    moments = [NOW + strip.start + strip.step * frame for frame in range(FRAMES)]
    x, z = strip.spot or (SEATS[HOME][0] / 100, SEATS[HOME][1] / 100 + 0.1)
    wish = {
        "courses": [course(strip, at) for at in moments],
        "moments": moments,
        "fit": fitted(x, z, strip.high),
        "wide": WIDE,
        "high": HIGH,
    }
    url = str(page.evaluate(DRAWN, wish))
    return Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")


def stills(sheet: Image.Image) -> list[Image.Image]:
    return [sheet.crop((WIDE * n, 0, WIDE * (n + 1), HIGH)) for n in range(FRAMES)]


def changed(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ by more than a shade."""
    grey = ImageChops.difference(one, other).convert("L")
    return sum(grey.histogram()[12:])


def at_rest(page: Page) -> None:
    """Wait for the room, and let the page draw nothing more by itself."""
    ready(page)
    page.evaluate("() => { window.requestAnimationFrame = () => 0; }")


def test_strips_of_everything_people_do(server: ServerProcess, open_page: OpenPage, strips: Path) -> None:
    page = open_page(server.office_url, width=420, height=760, device_scale_factor=1)
    at_rest(page)
    for name, strip in STRIPS.items():
        sheet = drawn(page, strip)
        moved = [changed(one, other) for one, other in pairwise(stills(sheet))]
        assert min(moved) > 20, f"{name}: expected something to move from still to still, got {moved}"
        path = strips / f"{name}.jpg"
        sheet.save(path, quality=66, optimize=True, progressive=True)
        assert path.stat().st_size < BYTES_MAX, name


def test_the_same_moments_are_the_same_strip(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url, width=420, height=760, device_scale_factor=1)
    at_rest(page)
    first = drawn(page, STRIPS["cheer"])
    drawn(page, STRIPS["walk"])
    assert changed(first, drawn(page, STRIPS["cheer"])) == 0


ROOM = """
([hour, state, now]) => {
  const room = window.__tendesks.stage();
  const canvas = document.querySelector(".room canvas");
  room.light(hour);
  room.show([{ at: now - 60000, state }]);
  room.fit({ x: 0, y: 20, width: 1000, height: canvas.clientHeight - 40 }, false);
  room.renderAt(now);
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [1000, canvas.clientHeight];
  const pen = copy.getContext("2d");
  const sky = pen.createRadialGradient(360, 280, 0, 360, 280, 1000);
  const [near, far] = { 7.25: ["#fff3ea", "#e3c4d4"], 17.9: ["#fff1dc", "#eab8a0"], 19.4: ["#4a4a78", "#16152e"] }[hour];
  sky.addColorStop(0, near);
  sky.addColorStop(1, far);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.drawImage(canvas, 0, 0, 1000, copy.height, 0, 0, 1000, copy.height);
  return copy.toDataURL("image/png");
}
"""


def test_the_light_of_dawn_and_dusk(server: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    page = open_page(server.office_url, width=1368, height=700, device_scale_factor=1)
    at_rest(page)
    notes = ("reading page 7", "writing the report", "calling the shop", "thinking", "")
    busy = office(WORKING)
    for number in range(10):
        busy["desks"][str(number)] |= {
            "activity": "working",
            "since": NOW - 60_000,
            "batch": "b1",
            "note": notes[number % 5],
        }
    means = []
    for name, hour in (("dawn", 7.25), ("dusk", 17.9), ("blue-hour", 19.4)):
        url = str(page.evaluate(ROOM, [hour, busy, NOW]))
        picture = Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")
        picture.save(pictures / f"{name}.jpg", quality=86, optimize=True, progressive=True)
        means.append(ImageStat.Stat(picture).mean)
    (dawn, dusk, blue) = means
    assert dusk[0] - dusk[2] > dawn[0] - dawn[2] + 8, "dusk is warmer than dawn"
    assert sum(blue) < sum(dusk) * 0.7, "after the sun it is darker"
