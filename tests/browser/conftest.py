"""A real Chromium, drawing with its software renderer, and pages that may not complain."""

import asyncio
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.fakes.provider import KEY, Provider, providing
from tests.fakes.smtp import Mailbox, mailbox
from tests.processes import ServerProcess, serving

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
COMMON = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FLAGS = [
    *COMMON,
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Panels over the office are put together by plain code: through a simulated graphics card that takes five times as long.
    "--disable-gpu-compositing",
    # A machine that stands still for seconds is no reason to take the graphics, and with them the picture, away from a page.
    "--disable-gpu-watchdog",
]
FLAT_FLAGS = [*COMMON, "--disable-3d-apis", "--disable-gpu"]
"""A device without graphics. A file with `GRAPHICS = False` is about the flat office, or about what stands beside the
office: to draw that in 3D all the while would be most of its time."""
# What the browser says of itself when it fetches the canvas from the simulated graphics card.
FETCHED = re.compile(r"GL Driver Message .* GPU stall due to ReadPixels")
NOTHING = re.compile(r"(?!)")
"""No complaint at all."""
# What the browser itself says, and rightly, of a server that a test kills: whether an answer under way is reset, cut
# or never begun is chance.
KILLED = re.compile(
    "ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING"
)
PATIENCE_MS = 20_000
SHARPNESS = 1.0 if os.environ.get("TENDESKS_PICTURES") else 0.5
"""Pixels of the screen for one of the page: a processor draws a quarter of them in two thirds of the time."""
ROOT = Path(__file__).parent.parent.parent
collect_ignore_glob = [] if os.environ.get("TENDESKS_PICTURES") else ["test_pictures*.py"]
"""Pictures for people to look at are taken when they are asked for; what they show is held to by the other files."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One for each file: while it is open it holds the thread's event loop, which other tests need."""
    expect.set_options(timeout=PATIENCE_MS)
    flags = FLAGS if getattr(request.module, "GRAPHICS", True) else FLAT_FLAGS
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield launched
        launched.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with serving(tmp_path / "data") as process:
        yield process


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider of chats with a limit, in a thread of its own: the browser holds this thread's event loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    held = providing(requests_a_minute=6)
    try:
        yield asyncio.run_coroutine_threadsafe(held.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(held.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def chatting(tmp_path: Path, provider: Provider) -> Iterator[ServerProcess]:
    """A server that asks this provider."""
    environ = {"TENDESKS_CHAT_BASE_URL": provider.base_url, "TENDESKS_CHAT_API_KEY": KEY}
    with serving(tmp_path / "data", environ=environ) as process:
        yield process


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server, and what came to it."""
    with mailbox() as found:
        yield found


@pytest.fixture
def hosted(tmp_path: Path, box: Mailbox) -> Iterator[ServerProcess]:
    """A server that people sign in to by mail."""
    environ = {
        "TENDESKS_MODE": "hosted", "TENDESKS_SMTP_URL": box.url, "TENDESKS_PUBLIC_URL": "http://127.0.0.1:1",
    }  # fmt: skip
    with serving(tmp_path / "data", environ=environ) as process:
        yield process


def complains(message: ConsoleMessage) -> bool:
    """Whether a page's console has something that nobody should find there."""
    return message.type in {"error", "warning"} and not FETCHED.search(message.text)


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages; at the end none of them may have said a word on the console, nor thrown, but what it `allowed`."""
    complaints: list[str] = []
    contexts = []

    def opened(
        url: str, *, width: int = 1280, height: int = 720, allowed: re.Pattern[str] = NOTHING, **options: Any
    ) -> Page:
        options.setdefault("device_scale_factor", SHARPNESS)
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: note(message, allowed))
        page.on("pageerror", lambda error: complaints.append(f"thrown: {error}"))
        page.goto(url)
        return page

    def note(message: ConsoleMessage, allowed: re.Pattern[str]) -> None:
        if complains(message) and not allowed.search(message.text):
            complaints.append(f"{message.type}: {message.text}")

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: docs/pictures when TENDESKS_PICTURES asks for it (`make pictures`), else a temporary folder."""
    if os.environ.get("TENDESKS_PICTURES"):
        return ROOT / "docs" / "pictures"
    return tmp_path_factory.mktemp("pictures")
