"""The page as a person uses it: submit, watch desks fill and empty, look from two tabs, lose the server and get it back."""

import gzip
import re
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import KILLED, OpenPage
from tests.processes import ServerProcess, until

BUSY = {"working", "waiting"}
DEMO = {"kind": "demo", "params": {"seconds": [2, 5]}}


def submit(server: ServerProcess, count: int, name: str = "Company research", **wish: Any) -> str:
    tasks = [{"title": f"{name} {n}", "input": {"n": n}} for n in range(count)]
    return str(server.api("POST", "/batches", json={"name": name, "tasks": tasks, **DEMO, **wish})["id"])


def state(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("() => window.__tendesks?.state() ?? {}"))


def ready(page: Page) -> None:
    page.wait_for_function("() => window.__tendesks?.state() !== undefined")
    page.wait_for_function("() => window.__tendesks.stage() !== undefined", timeout=60_000)


def drawn(page: Page) -> list[dict[str, Any]]:
    """What the room shows at each desk, after a render of this very moment."""
    return list(
        page.evaluate(
            "() => { const { stage, now } = window.__tendesks; stage().renderAt(now()); return stage().drawn(); }"
        )
    )


def paste(page: Page, lines: str) -> None:
    page.keyboard.press("n")
    page.get_by_role("button", name="Paste lines").click()
    page.get_by_placeholder("One task per line").fill(lines)


def test_submit_through_the_page_and_see_it_done(
    server: ServerProcess, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(server.office_url)
    expect(page.get_by_role("heading", name=re.compile("Ten desks are free"))).to_be_visible()
    assert "token" not in page.url
    ready(page)
    paste(page, "Acme Optics\nBirch & Sons\nCobalt Foods\n")
    command = f'{sys.executable} -c "import sys, time; print(sys.argv[1]); time.sleep(2)" {{line}}'
    page.get_by_label(re.compile("command", re.IGNORECASE)).last.fill(command)
    page.get_by_role("button", name="Start 3 tasks").click()
    page.wait_for_function("() => window.__tendesks.state().office.running === 3")
    batch = server.api("GET", "/batches")["items"][0]["id"]
    page.wait_for_function("() => window.__tendesks.state().office.running === 0", timeout=20_000)
    results = server.api("GET", f"/batches/{batch}/results?format=json")
    texts = sorted(item["result"]["text"].strip() for item in results)
    assert texts == ["Acme Optics", "Birch & Sons", "Cobalt Foods"]


def test_the_ten_desks_drawn_are_what_the_database_says(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url)
    ready(page)
    submit(server, 40)
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")

    def agree() -> bool:
        before = server.query("SELECT id FROM executions WHERE state = 'running' ORDER BY id")
        shown = sorted(desk["execution"] for desk in drawn(page) if desk["activity"] in BUSY)
        after = server.query("SELECT id FROM executions WHERE state = 'running' ORDER BY id")
        # Only a moment in which nothing began or ended can be compared.
        return before == after and shown == [row[0] for row in after]

    for _ in range(5):
        until(agree, within_s=30, what="agreement of room and database")
    plates = [desk["plate"] for desk in drawn(page)]
    assert all(re.search("Ada|Bruno|Chiyo|Dalia|Emeka|Freya|Gus|Hana|Ivo|Juno", plate) for plate in plates)


def test_desks_fill_and_empty_and_a_second_tab_sees_the_same(
    server: ServerProcess, open_page: OpenPage
) -> None:
    first, second = open_page(server.office_url), open_page(server.office_url)
    ready(first)
    ready(second)
    submit(server, 12)
    first.wait_for_function("() => window.__tendesks.state().office.running === 10")

    def same() -> bool:
        seqs = [page.evaluate("() => window.__tendesks.connection()") for page in (first, second)]
        return seqs[0]["seq"] == seqs[1]["seq"] and state(first) == state(second)

    until(same, what="two tabs with the same state")
    for page in (first, second):
        page.wait_for_function("() => window.__tendesks.state().office.running === 0", timeout=30_000)
        page.wait_for_function(
            "() => Object.values(window.__tendesks.state().desks).every((desk) => desk.activity === 'idle')",
            timeout=10_000,
        )
    until(same, what="two tabs with the same state at the end")


def test_the_page_recovers_from_a_killed_server(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url, allowed=KILLED)
    ready(page)
    batch = submit(server, 30)
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")
    epoch = page.evaluate("() => window.__tendesks.connection().epoch")
    server.kill()
    expect(page.get_by_text(re.compile("Connecting|s old"))).to_be_visible(timeout=15_000)
    server.start()
    page.wait_for_function(f"() => (window.__tendesks.connection().epoch ?? 0) > {epoch}", timeout=40_000)
    page.wait_for_function(
        f"() => window.__tendesks.state().batches['{batch}']?.state === 'done'", timeout=40_000
    )
    figures = server.api("GET", f"/batches/{batch}")
    assert (figures["done"], figures["failed"]) == (30, 0)


def test_more_than_ten_is_said_in_the_room_and_beside_it(server: ServerProcess, open_page: OpenPage) -> None:
    server.api("PATCH", "/account", json={"tier": "enterprise"})
    page = open_page(server.office_url)
    ready(page)
    submit(server, 80, params={"seconds": 600})
    page.wait_for_function("() => window.__tendesks.state().office.running === 50")
    expect(page.get_by_role("heading", name="50 running")).to_be_visible()
    expect(page.get_by_text("upstairs").first).to_be_visible()
    seated = [desk for desk in drawn(page) if desk["activity"] in BUSY]
    assert len(seated) == 10
    assert state(page)["overflow"]["count"] == 40
    page.keyboard.press("u")
    expect(page.get_by_text("Company research 12").first).to_be_visible()


def test_a_desk_shows_its_task_its_log_and_can_be_cancelled(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(server.office_url)
    ready(page)
    body = 'import time; print("first words", flush=True); print("::note reading page 7", flush=True); time.sleep(60)'
    batch = submit(
        server, 1, name="Slow reading", kind="command", params={"argv": [sys.executable, "-c", body]}
    )
    page.wait_for_function("() => window.__tendesks.state().office.running === 1")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="Slow reading 0")).to_be_visible()
    expect(page.get_by_text("first words")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("reading page 7").first).to_be_visible()
    page.get_by_role("button", name="Cancel task").click()
    page.get_by_role("button", name=re.compile(r"Cancel .*\?")).click()
    until(lambda: server.api("GET", f"/batches/{batch}")["cancelled"] == 1, what="the cancelled task")
    page.wait_for_function("() => window.__tendesks.state().office.running === 0")


def test_the_tier_is_switched_in_the_page_while_work_runs(server: ServerProcess, open_page: OpenPage) -> None:
    server.api("PATCH", "/account", json={"tier": "starter"})
    page = open_page(server.office_url)
    ready(page)
    submit(server, 40)
    page.wait_for_function("() => window.__tendesks.state().office.running === 3")
    page.get_by_text("Compare").click()
    page.get_by_role("button", name=re.compile("Pro")).last.click()
    page.wait_for_function("() => window.__tendesks.state().office.running === 10")


def test_without_a_token_the_page_says_where_to_find_it(server: ServerProcess, open_page: OpenPage) -> None:
    # The browser itself reports the 401 on its console: here that is what is asked for.
    page = open_page(server.url, allowed=re.compile("401"))
    expect(page.get_by_text("tendesks serve")).to_be_visible()


FIRST_LOAD_BYTES_MAX = 350_000


def test_the_first_load_stays_small(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page("about:blank")
    loaded: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if response.ok and "/api/" not in response.url:
            loaded[response.url] = len(gzip.compress(response.body(), 9))

    page.on("response", weigh)
    page.goto(server.office_url)
    ready(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_000)
    total = sum(loaded.values())
    assert 200_000 < total <= FIRST_LOAD_BYTES_MAX, loaded
