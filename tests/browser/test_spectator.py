"""Links as people use them: made by the owner in one browser, opened by a guest in another one, cut off, embedded elsewhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import CHROMIUM, FLAT_FLAGS, SHARPNESS, OpenPage
from tests.browser.test_office import ready, state, submit
from tests.processes import ServerProcess, until

GRAPHICS = False

TITLE = "Canary"  # every task's title begins so
BATCH = "Company research"
CUT_OFF_MS = 1_000
ACTS = re.compile("add|cancel|pause|resume|retry|share|revoke|plan|compare|start|tier", re.IGNORECASE)
SIGNED_OUT = re.compile("404|401")
LISTENING = """
  window.closedAt = [];
  window.WebSocket = class extends WebSocket {
    constructor(...how) {
      super(...how);
      this.addEventListener("close", () => window.closedAt.push(Date.now()));
    }
  };
"""
"""When sockets of the page closed: what follows from it waits for pictures, where they are drawn by a processor."""


@pytest.fixture
def guests(browser: Browser) -> Iterator[Browser]:
    """A browser of its own, in a process of its own: nothing of the owner's is in it."""
    launched = browser.browser_type.launch(executable_path=CHROMIUM, args=FLAT_FLAGS)
    yield launched
    launched.close()


def work(server: ServerProcess, count: int = 60) -> str:
    """Ten run for half a minute, the others wait."""
    params = {"seconds": [20, 30]}
    tasks = [{"title": f"{TITLE} {n}", "input": {"n": n}} for n in range(count)]
    body = {"name": BATCH, "kind": "demo", "params": params, "tasks": tasks}
    return str(server.api("POST", "/batches", json=body)["id"])


def make(server: ServerProcess, **wish: Any) -> dict[str, Any]:
    return dict(server.api("POST", "/links", json={"view": "batches", **wish}))


def made_in_the_panel(owner: Page, label: str) -> str:
    owner.keyboard.press("s")
    owner.get_by_label("For whom").fill(label)
    owner.get_by_role("button", name="Make the link").click()
    return owner.get_by_label("The link's address", exact=True).input_value()


class Heard:
    """Every byte that a page received, as text."""

    def __init__(self, page: Page) -> None:
        self.texts: list[str] = []
        self.addresses: list[str] = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._frame))
        page.on("request", lambda request: self.addresses.append(request.url + str(request.headers)))
        page.on("response", self._response)

    def _frame(self, payload: str | bytes) -> None:
        self.texts.append(payload if isinstance(payload, str) else payload.decode(errors="replace"))

    def _response(self, response: Any) -> None:
        if response.ok and not response.url.endswith((".woff2", ".bin")):
            self.texts.append(response.text())

    def __contains__(self, text: str) -> bool:
        return any(text in heard for heard in self.texts)


def guest_page(
    guests: Browser, url: str, *, width: int = 1280, height: int = 720, **options: Any
) -> tuple[Page, Heard]:
    options.setdefault("device_scale_factor", SHARPNESS)
    page = guests.new_context(viewport={"width": width, "height": height}, **options).new_page()
    page.add_init_script(LISTENING)
    heard = Heard(page)
    page.goto(url)
    return page, heard


def controls(page: Page) -> list[str]:
    """What can be pressed or filled in, by the names that a screen reader reads."""
    found = page.locator("button, a, input, select, textarea, [contenteditable], summary")
    return [
        (one.get_attribute("aria-label") or one.inner_text() or one.get_attribute("type") or "").strip()
        for one in found.all()
    ]


def test_a_guest_watches_cannot_act_and_is_cut_off_within_a_second(
    server: ServerProcess, open_page: OpenPage, guests: Browser
) -> None:
    owner = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(owner)
    work(server)
    url = made_in_the_panel(owner, "Board meeting")
    secret = url.partition("#")[2]
    assert len(secret) >= 43

    # Two pages that are drawn by one processor: what is timed is the link, not the pictures.
    guest, heard = guest_page(guests, url, reduced_motion="reduce")
    ready(guest)
    assert guest.url == url.partition("#")[0]
    guest.wait_for_function("() => window.__tendesks.state().office.running === 10")
    before = guest.evaluate("() => window.__tendesks.connection().seq")
    guest.wait_for_function(f"() => window.__tendesks.connection().seq > {before}")
    assert [desk["activity"] for desk in state(guest)["desks"].values()] == ["working"] * 10
    expect(guest.get_by_text("2 watching")).to_be_visible(timeout=10_000)
    expect(owner.get_by_text("2 watching")).to_be_visible(timeout=10_000)
    expect(owner.get_by_text("1 watching now")).to_be_attached(timeout=10_000)
    assert violations(owner) == []

    for key in ("", "4", "b", "u", "?", "l", "n", "s"):
        if key:
            guest.keyboard.press(key)
        assert [name for name in controls(guest) if ACTS.search(name)] == [], f"after {key!r}"
    assert guest.locator(".at-add, .at-share, .at-plans").count() == 0

    owner.get_by_role("button", name="Revoke").click()
    owner.get_by_role("button", name="Send 1 away?").click()
    expect(guest.get_by_text("This link has ended")).to_be_visible()
    revoked_ms = server.query("SELECT revoked_ms FROM links WHERE label = 'Board meeting'")[0][0]
    took_ms = guest.evaluate("() => window.closedAt.at(-1)") - revoked_ms
    assert took_ms < CUT_OFF_MS, f"cut off after {took_ms} ms"
    assert BATCH not in guest.content()
    expect(owner.locator("s", has_text="Board meeting")).to_be_visible(timeout=10_000)
    guest.reload()
    expect(guest.get_by_text("This link has ended")).to_be_visible()

    assert f'"{BATCH}"' in heard
    assert TITLE not in heard
    assert TITLE not in guest.content()
    assert secret not in heard
    assert not [address for address in heard.addresses if secret in address]
    written = b"".join(path.read_bytes() for path in server.data.rglob("*") if path.is_file())
    assert secret.encode() not in written


def test_a_grant_is_good_for_nothing_that_acts(server: ServerProcess) -> None:
    batch = submit(server, 3)
    link = make(server)
    secret = link["url"].partition("#")[2]
    answer = httpx2.post(f"{server.url}/api/v1/links/exchange", json={"id": link["id"], "secret": secret})
    held = {"authorization": f"Bearer {answer.json()['grant']}"}
    for method, path in [
        ("POST", "/batches"), ("POST", f"/batches/{batch}/cancel"), ("POST", "/links"), ("DELETE", f"/links/{link['id']}"),
        ("POST", f"/links/{link['id']}/rotate"), ("PATCH", "/account"), ("GET", "/links"), ("GET", "/batches"), ("GET", f"/batches/{batch}/results"),
    ]:  # fmt: skip
        refused = httpx2.request(
            method, f"{server.url}/api/v1{path}", headers=held, json={} if method != "GET" else None
        )
        assert (path, refused.status_code) == (path, 404)
    assert server.api("GET", "/links")["items"][0]["state"] == "live"


def test_a_link_outlives_a_reload_and_gives_way_to_another(
    server: ServerProcess, open_page: OpenPage
) -> None:
    work(server, 3)
    first, second = make(server, view="figures"), make(server)
    page = open_page(first["url"], allowed=SIGNED_OUT)
    ready(page)
    expect(page.get_by_text("names and titles are hidden")).to_be_visible()
    expect(page.get_by_text("Batch A").first).to_be_visible()
    page.reload()
    ready(page)
    assert page.url == first["url"].partition("#")[0]
    page.goto(second["url"])
    expect(page.get_by_text("task titles are hidden")).to_be_visible()
    # A secret that is not this link's, pasted behind the same address.
    page.evaluate(f"location.hash = '{first['url'].partition('#')[2]}'")
    expect(page.get_by_text("This link has ended")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "words"),
    [("/s/{id}", "This address is not whole"), ("/s/{id}#{secret}x", "This link has ended"), ("/s/nobodys0nobodys0nob#{secret}", "This link has ended")],
    ids=["no secret", "wrong secret", "unknown"],
)  # fmt: skip
def test_what_is_no_link_says_so(server: ServerProcess, open_page: OpenPage, path: str, words: str) -> None:
    link = make(server)
    secret = link["url"].partition("#")[2]
    page = open_page(server.url + path.format(id=link["id"], secret=secret[:-1]), allowed=SIGNED_OUT)
    expect(page.get_by_role("heading", name=words)).to_be_visible()
    assert violations(page) == []


def test_unfurl_robots_neither_count_nor_use_a_link_up(server: ServerProcess) -> None:
    """And the page that they get has nothing of the office in it (CVE-2026-27877): no bytes that a link would hide."""
    work(server, 3)
    link = make(server, label="Board meeting")
    for agent in ("Slackbot-LinkExpanding 1.0", "Twitterbot/1.0", "facebookexternalhit/1.1", "curl/8"):
        for _ in range(5):
            page = httpx2.get(f"{server.url}/s/{link['id']}", headers={"user-agent": agent})
            assert page.status_code == 200
    office = server.api("GET", "/office")["state"]["office"]
    for hidden in (TITLE, BATCH, "Board meeting", office["id"], "Ada", link["url"].partition("#")[2]):
        assert hidden not in page.text
    listed = server.api("GET", "/links")["items"][0]
    assert (listed["viewers"], listed["state"]) == (0, "live")


def test_a_guest_on_a_phone(server: ServerProcess, open_page: OpenPage) -> None:
    work(server)
    link = make(server)
    page = open_page(link["url"], width=390, height=844, has_touch=True, is_mobile=True)
    ready(page)
    expect(page.get_by_text("View only")).to_be_visible()
    tabs = page.locator(".tabs button")
    assert tabs.all_inner_texts() == ["Office", "Desks", "Batches"]
    tabs.nth(1).tap()
    expect(page.locator(".desk-row")).to_have_count(10)
    assert violations(page) == []
    tabs.nth(0).tap()
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 390
    small = page.evaluate(
        "() => [...document.querySelectorAll('button, a')].map((one) => one.getBoundingClientRect()).filter((box) => box.height > 0 && box.height < 44).length"
    )
    assert small == 0


def test_results_of_a_batch_by_their_link(
    server: ServerProcess, open_page: OpenPage, guests: Browser
) -> None:
    owner = open_page(server.office_url, width=1440, height=900)
    ready(owner)
    batch = submit(server, 12, params={"seconds": 0})
    until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the batch's end")
    owner.wait_for_function(f"() => window.__tendesks.state().batches['{batch}']?.state === 'done'")
    owner.get_by_role("button", name=BATCH).first.click()
    owner.locator(".batch-panel").get_by_role("button", name="Share").click()
    expect(owner.get_by_role("heading", name="Share these results")).to_be_visible()
    owner.get_by_role("button", name="Make the link").click()
    url = owner.get_by_label("The link's address", exact=True).input_value()
    guest, _ = guest_page(guests, url)
    expect(guest.get_by_role("heading", name=f"Results of {BATCH}")).to_be_visible()
    expect(guest.locator("tbody tr")).to_have_count(10)
    guest.get_by_label("Search").fill(f"{BATCH} 11")
    expect(guest.locator("tbody tr")).to_have_count(1)
    with guest.expect_download() as waiting:
        guest.get_by_role("button", name="CSV").click()
    assert waiting.value.suggested_filename == f"{BATCH}.csv"
    assert len(Path(waiting.value.path()).read_text().splitlines()) == 13
    assert violations(guest) == []
    assert guest.evaluate("() => document.querySelectorAll('canvas').length") == 0
    link = server.api("GET", "/links")["items"][0]
    until(lambda: server.api("GET", "/links")["items"][0]["viewers"] == 1, what="the guest is counted")
    server.api("DELETE", f"/links/{link['id']}")
    expect(guest.get_by_text("This link has ended")).to_be_visible()


def test_a_replay_by_its_link(server: ServerProcess, open_page: OpenPage, guests: Browser) -> None:
    batch = submit(server, 12, params={"seconds": 0})
    until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the batch's end")
    until(
        lambda: any(each["frames"] > 0 for each in server.api("GET", "/recordings")["items"]),
        what="what was recorded",
    )
    recording = server.api("GET", "/recordings")["items"][0]["id"]
    owner = open_page(server.office_url.replace("/#", f"/?replay={recording}&t=1#"))
    owner.get_by_role("button", name="Share this recording").click()
    expect(owner.get_by_role("heading", name="Share this replay")).to_be_visible()
    owner.get_by_role("button", name="Make the link").click()
    made = owner.get_by_label("The link's address", exact=True).input_value()
    owner.close()
    link = server.api("GET", "/links")["items"][0]
    assert link["recording"] == recording
    address, _, secret = made.partition("#")
    guest, heard = guest_page(guests, f"{address}?t=1#{secret}")
    guest.wait_for_function("() => window.__tendesks?.replay()?.known")
    assert guest.url.startswith(f"{address}?t=1")
    assert secret not in guest.url
    assert not guest.evaluate("() => window.__tendesks.replay().playing")
    assert [name for name in controls(guest) if ACTS.search(name) and "Idle" not in name] == []
    before = guest.evaluate("() => window.__tendesks.replay().position")
    guest.keyboard.press("ArrowRight")
    guest.wait_for_function(f"() => window.__tendesks.replay().position > {before}")
    expect(guest.get_by_text(BATCH).first).to_be_attached()
    assert violations(guest) == []
    assert f'"{BATCH}"' in heard
    assert f"{BATCH} 1" not in heard  # what its tasks are called
    assert not [sent for sent in heard.addresses if secret in sent]
    until(lambda: server.api("GET", "/links")["items"][0]["viewers"] == 1, what="the guest is counted")
    server.api("DELETE", f"/links/{link['id']}")
    expect(guest.get_by_text("This link has ended")).to_be_visible()  # by itself, and paused
