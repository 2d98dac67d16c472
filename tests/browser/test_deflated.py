"""A real browser agrees to deflate, and shows what is: through contexts that end, tabs that come between, hiding and coming back."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.test_office import state, submit
from tests.processes import ServerProcess, serving, until

SHORT = """
import server.gateway.deflate as deflate
from server.__main__ import main
deflate.context_ms_least = 1_500
main()
"""
"""The shipped server with contexts that end twenty times as often."""
HOOKED = """
HTMLCanvasElement.prototype.getContext = () => null;
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""
"""No room is drawn: what two of them cost a software renderer is no business of the socket's."""
HEADER = "Sec-WebSocket-Extensions"


@pytest.fixture
def metered(tmp_path: Path) -> Iterator[ServerProcess]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with serving(
        tmp_path / "data", program=("-c", SHORT), environ={"TENDESKS_METRICS_PORT": port}
    ) as process:
        yield process


class Heard:
    """What a page agreed to and was told, as the browser itself sees it."""

    def __init__(self, page: Page) -> None:
        self.agreed: list[str] = []
        self.frames: list[str] = []
        session = page.context.new_cdp_session(page)
        session.on("Network.webSocketHandshakeResponseReceived", self._shook)
        session.on(
            "Network.webSocketFrameReceived", lambda told: self.frames.append(told["response"]["payloadData"])
        )
        session.send("Network.enable")

    def _shook(self, told: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in told["response"]["headers"].items()}
        self.agreed.append(headers.get(HEADER.lower(), ""))


def opened(server: ServerProcess, open_page: OpenPage) -> tuple[Page, Heard]:
    page = open_page("about:blank")
    page.add_init_script(HOOKED)
    heard = Heard(page)
    page.goto(server.office_url)
    page.wait_for_function("() => window.__tendesks?.state() !== undefined")
    return page, heard


def show(page: Page, *, visible: bool) -> None:
    value = "visible" if visible else "hidden"
    page.evaluate(
        """(value) => {
          Object.defineProperty(document, "visibilityState", { value, configurable: true });
          Object.defineProperty(document, "hidden", { value: value === "hidden", configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        value,
    )


def agree(*pages: Page) -> bool:
    """They were told as much, and show the same."""
    seqs = [page.evaluate("() => window.__tendesks.connection().seq") for page in pages]
    states = [state(page) for page in pages]
    again = [page.evaluate("() => window.__tendesks.connection().seq") for page in pages]
    return seqs == again and len(set(seqs)) == 1 and all(one == states[0] for one in states)


def go_on(page: Page, diffs: int = 15) -> None:
    """Wait for as many diffs as take longer than a context lasts."""
    seq = page.evaluate("() => window.__tendesks.connection().seq")
    page.wait_for_function(f"() => window.__tendesks.connection().seq >= {seq + diffs}")


def sent_bytes(server: ServerProcess) -> float:
    text = httpx2.get(f"http://127.0.0.1:{server.environ['TENDESKS_METRICS_PORT']}/metrics").text
    found = re.search(r"^tendesks_sent_bytes_total (\S+)$", text, re.MULTILINE)
    assert found is not None
    return float(found[1])


def test_tabs_that_deflate_show_the_same_as_the_server_whatever_becomes_of_them(
    metered: ServerProcess, open_page: OpenPage
) -> None:
    first, heard = opened(metered, open_page)
    assert [sorted(one.split("; ")) for one in heard.agreed] == [
        [
            "client_max_window_bits=10",
            "client_no_context_takeover",
            "permessage-deflate",
            "server_max_window_bits=12",
        ]
    ]
    before, told = sent_bytes(metered), len(heard.frames)
    batch = submit(metered, 90)
    first.wait_for_function("() => window.__tendesks.state().office.running === 10")
    go_on(first)  # a browser that is alone
    on_the_wire, inflated = sent_bytes(metered) - before, sum(map(len, heard.frames[told:]))
    assert inflated > 3_000
    assert on_the_wire < 0.6 * inflated

    second, _ = opened(metered, open_page)
    until(lambda: agree(first, second), what="a tab that came between two contexts to show the same")
    go_on(second)  # it is in step by now
    show(second, visible=False)
    go_on(first)
    show(second, visible=True)
    go_on(second)
    until(lambda: agree(first, second), what="a tab that was hidden to show the same")
    second.evaluate("() => window.sockets.at(-1).close()")
    second.wait_for_function(
        "() => window.sockets.length > 1 && window.__tendesks.connection().phase === 'live'"
    )
    until(lambda: agree(first, second), what="a tab that came back to show the same")

    page_of = "() => window.__tendesks.state().office.running === 0"
    for page in (first, second):
        page.wait_for_function(page_of, timeout=60_000)
        page.wait_for_function(
            "() => Object.values(window.__tendesks.state().desks).every((desk) => desk.activity === 'idle')"
        )
    until(lambda: agree(first, second), what="both to show the same at the end")
    figures = metered.api("GET", f"/batches/{batch}")
    assert state(first)["batches"][batch]["done"] == figures["done"] == 90
    # Had either been given what it cannot inflate, its browser would have ended the connection.
    assert [page.evaluate("() => window.sockets.length") for page in (first, second)] == [1, 2]
