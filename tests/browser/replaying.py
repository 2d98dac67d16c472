"""A replay in a real page, held against what the page saw live: states by their hashes, pictures by their pixels."""

import json
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Page

from server.routes.office import etag_of
from simulation.patch import apply
from tests.processes import ServerProcess

BUSY: dict[str, Any] = {"params": {"seconds": [0.5, 3], "fail": 0.2}}
HASHING = """
(() => {
  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (typeof value !== "object") return JSON.stringify(value);
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  };
  window.hashOf = async (value) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(value)));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
})()
"""
# Drawn at a moment and read in the same turn: nothing else can be drawn in between.
PICTURE = """
async (at) => {
  const { stage } = window.__tendesks;
  stage().fit({ x: 0, y: 60, width: 620, height: 400 }, false);
  stage().renderAt(at);
  const canvas = document.querySelector(".room canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const pen = copy.getContext("2d");
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const digest = await crypto.subtle.digest("SHA-256", data);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
"""
# The newest state there is, drawn at its own moment; and which is the newest a little later.
LIVE_PICTURE = f"""
async () => {{
  const newest = () => window.__tendesks.course().at(-1).at;
  const at = newest();
  const moments = window.__tendesks.course().map((shown) => shown.at);
  const hash = window.hashOf(window.__tendesks.state());
  const picture = await ({PICTURE})(at);
  for (let turn = 0; turn < 60 && newest() === at; turn += 1) await new Promise((next) => setTimeout(next, 50));
  return [at, picture, newest(), moments, await hash];
}}
"""
SEEK = """
async (at) => {
  const { replay } = window.__tendesks;
  const began = performance.now();
  replay().seek(at);
  while (replay().waiting || replay().shown !== replay().position) await new Promise((next) => requestAnimationFrame(next));
  return performance.now() - began;
}
"""
ROOM = {"x": 0, "y": 60, "width": 620, "height": 400}
ROUNDING = 1
"""Levels of 255: the browser puts layers together in tiles, and rounds a tile as it pleases."""


def room(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot(animations="disabled", clip=ROOM))).convert("RGB")


def furthest(one: Image.Image, other: Image.Image) -> int:
    """By how many levels the pixels differ that differ most."""
    return max(most for _, most in ImageChops.difference(one, other).getextrema())


def replaying(page: Page) -> None:
    page.wait_for_function(
        "() => window.__tendesks?.replay() !== undefined && !window.__tendesks.replay().waiting",
        timeout=60_000,
    )


def standing(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("() => window.__tendesks.replay()"))


def seek(page: Page, at: int) -> float:
    return float(page.evaluate(SEEK, at))


def stopped(page: Page) -> None:
    if standing(page)["playing"]:
        page.keyboard.press(" ")
    page.wait_for_function("() => !window.__tendesks.replay().playing")


def finished(page: Page) -> None:
    page.wait_for_function("() => window.__tendesks.state().office.finished !== undefined", timeout=120_000)


def recording_of(server: ServerProcess) -> dict[str, Any]:
    item = server.api("GET", "/recordings")["items"][0]
    return dict(server.api("GET", f"/recordings/{item['id']}"))


def ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


class Watched:
    """Every frame that a page's live socket brought, put together by the server's own patch: what was, by its hash."""

    def __init__(self, page: Page) -> None:
        self.hashes: dict[int, str] = {}
        self._key: dict[str, Any] = {}
        self._state: dict[str, Any] = {}
        page.on("websocket", lambda socket: socket.on("framereceived", self._take))

    def _take(self, payload: str | bytes) -> None:
        message = json.loads(payload)
        if message["type"] == "keyframe":
            self._key, self._state = message, message["state"]
        elif message["type"] == "diff":
            self._state = apply(self._state, message["patch"])
        else:
            return
        at = self._key["now"] + (message["tick"] - self._key["tick"]) * 100
        self.hashes[at] = etag_of(self._state).strip('"')

    def at(self, moment: int) -> str:
        return self.hashes[max(at for at in self.hashes if at <= moment)]
