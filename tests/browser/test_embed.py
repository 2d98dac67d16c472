"""Offices in pages of other sites: where their links allow it, without cookies or storage, and nowhere else."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page

from tests.browser.conftest import CHROMIUM, FLAGS, SHARPNESS
from tests.browser.test_spectator import TITLE, make, work
from tests.processes import ServerProcess


@dataclass
class Site:
    """Another site, whose pages are at /0, /1, …; by its address and by its name, which are two sites for a browser."""

    by_address: str
    by_name: str
    pages: list[str] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = self.path.strip("/")
            found = number.isdigit() and int(number) < len(wiki.pages)
            body = wiki.pages[int(number)].encode() if found else b""
            self.send_response(200 if found else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    port = listener.server_address[1]
    wiki = Site(f"http://127.0.0.1:{port}", f"http://localhost:{port}")
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield wiki
    listener.shutdown()
    thread.join()
    listener.server_close()


WIKI = '<!doctype html><html lang="en"><title>Wiki</title><link rel="icon" href="data:,">'


def as_frame(url: str) -> str:
    address = url.replace("/s/", "/embed/")
    frame = f'<iframe src="{address}" title="Office" width="640" height="400" style="border:0"></iframe>'
    return WIKI + frame


def as_element(url: str) -> str:
    script = f'<script src="{url.partition("/s/")[0]}/element.js"></script>'
    element = f'<div style="width:640px"><ten-desks src="{url}" theme="night"></ten-desks></div>'
    return WIKI + script + element


@contextmanager
def without_storage(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """A browser that keeps nothing for a frame of another site, as its user has chosen."""
    folder.joinpath("Default").mkdir(parents=True)
    chosen = {"profile": {"block_third_party_cookies": True, "cookie_controls_mode": 1}}
    folder.joinpath("Default", "Preferences").write_text(json.dumps(chosen))
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=FLAGS, device_scale_factor=SHARPNESS
    )
    yield context
    context.close()


def framed(page: Page) -> Frame:
    """The frame in the page, once it is there; one that an element made is not among the window's frames."""
    for _ in range(200):
        if len(page.frames) == 2:
            return page.frames[1]
        page.wait_for_timeout(50)
    raise AssertionError("no frame came into the page within 10 s")


STORED = """() => {
  try { localStorage.setItem("x", "y"); return "kept"; } catch (error) { return error.name; }
}"""


@pytest.mark.parametrize("embedding", [as_frame, as_element])
def test_an_office_in_another_site_needs_neither_cookies_nor_storage(
    server: ServerProcess, browser: Browser, site: Site, tmp_path: Path, embedding: Callable[[str], str]
) -> None:
    work(server)
    link = make(server, origins=[site.by_name])
    site.pages.append(embedding(link["url"]))
    with without_storage(browser, tmp_path / "profile") as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site.by_name}/0")
        frame = framed(page)
        frame.wait_for_function("() => window.__tendesks?.stage() !== undefined", timeout=60_000)
        frame.wait_for_function("() => window.__tendesks.state().office.running === 10")
        assert frame.locator("a.embed-mark").get_attribute("href") == link["url"]
        assert frame.locator("button, header, aside").count() == 0
        assert TITLE not in frame.content()
        assert frame.evaluate(STORED) == "SecurityError"
        assert context.cookies() == []
        box = page.locator("iframe, ten-desks").first.bounding_box()
        assert box is not None
        assert (round(box["width"]), round(box["height"])) == (640, 400)
        night = frame.evaluate("() => document.documentElement.classList.contains('night')")
        assert night or embedding is as_frame
        assert complaints == []


def test_a_page_that_a_link_does_not_name_may_not_embed_it(
    server: ServerProcess, browser: Browser, site: Site
) -> None:
    named, nameless = make(server, origins=[site.by_name]), make(server)
    site.pages += [as_frame(named["url"]), as_frame(nameless["url"]), as_element(named["url"])]
    for address in (f"{site.by_address}/0", f"{site.by_name}/1", f"{site.by_address}/2"):
        page = browser.new_page()
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.goto(address)
        # What the browser puts in the frame's place comes a moment after it has refused.
        page.wait_for_timeout(200)
        assert page.frames[1].evaluate("() => window.__tendesks") is None
        page.close()
