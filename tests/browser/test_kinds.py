"""Work of every kind through the page: what is filled in is what runs, what the server refuses is said in place."""

import json
import re
import sys

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_office import ready, submit
from tests.fakes.provider import Provider
from tests.processes import ServerProcess, until

GRAPHICS = False

CSV = "name,city\n" + "".join(f"Firm {n},City {n}\n" for n in range(8))
FAILING = [sys.executable, "-c", "import sys; sys.exit('wrong key')"]


def add(page: Page, kind: str) -> None:
    """Open the panel with a list in it, and choose what to do with each row."""
    expect(page.locator(".add-tasks")).to_have_count(0)  # the answer to what was sent before closes it
    page.keyboard.press("n")
    files = page.locator("input[type=file]").first
    files.set_input_files(files=[{"name": "firms.csv", "mimeType": "text/csv", "buffer": CSV.encode()}])
    page.get_by_role("button", name=kind, exact=True).click()


def newest(server: ServerProcess) -> dict[str, object]:
    return dict(server.api("GET", "/batches")["items"][0])


def test_a_chat_is_tried_and_then_asked_of_the_others_and_waits_for_the_limit(
    chatting: ServerProcess, provider: Provider, open_page: OpenPage
) -> None:
    page = open_page(chatting.office_url)
    ready(page)
    add(page, "Chat")
    page.get_by_label("Prompt").fill("Who is {name}?")
    page.locator("#model").fill("small")
    expect(page.locator(".asked")).to_have_text("Who is Firm 0?")
    page.get_by_role("button", name="Try three").click()
    expect(page.get_by_text("These are the first 3 of 8.")).to_be_visible()
    expect(page.locator(".results tbody td.what").first).to_have_text("Hello, world.")
    page.locator(".results tbody .bare").first.click()
    expect(page.locator(".outcome")).to_contain_text("12 tokens in, 4 tokens out")
    page.get_by_role("button", name="Back to the other 5").click()
    page.get_by_role("button", name="Start the other 5").click()
    page.wait_for_function("() => window.__tendesks.state().queue.blocked === 'ratelimit'")
    expect(page.locator(".headline")).to_contain_text("the provider's limit")
    asked = {request.body["messages"][0]["content"] for request in provider.asked}
    assert {f"Who is Firm {n}?" for n in range(4)} <= asked


def test_what_the_server_refuses_is_said_at_the_form(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url, allowed=re.compile("400"))
    ready(page)
    add(page, "Chat")
    page.get_by_label("Prompt").fill("Who is {name}?")
    page.locator("#model").fill("small")
    page.get_by_role("button", name="Start 8 tasks").click()
    expect(page.locator(".refusal")).to_contain_text("TENDESKS_CHAT_BASE_URL")
    page.get_by_label("Prompt").fill("Who is {nmae}?")
    expect(page.locator(".submit-foot")).to_contain_text("There is no column {nmae}")
    expect(page.locator(".refusal")).to_have_count(0)


def test_values_of_headers_are_sent_and_shown_nowhere(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url)
    ready(page)
    paths = []
    page.on("request", lambda request: paths.append(request.url))
    add(page, "HTTP")
    page.get_by_label("POST to this address").fill(f"{server.url}/no/{{city}}")
    page.get_by_role("button", name="Add a header").click()
    page.get_by_label("Header", exact=True).fill("Authorization")
    page.get_by_label("Value of Authorization").fill("Bearer canary-4711")
    page.get_by_role("button", name="Start 8 tasks").click()
    until(lambda: server.api("GET", "/batches")["items"], what="the batch")
    assert newest(server)["kind"] == "http"
    assert not any("canary" in path for path in paths)
    add(page, "HTTP")
    assert page.get_by_label("Value of Authorization").input_value() == ""


def test_tasks_for_runners_of_ones_own_say_whom_they_wait_for(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(server.office_url)
    ready(page)
    add(page, "External")
    lease, complete = (line.inner_text() for line in page.locator(".lease-lines > div").all())
    page.get_by_role("button", name="Start 8 tasks").click()
    expect(page.locator(".headline")).to_contain_text("for your own runners")
    expect(page.locator(".batch")).to_contain_text("for your own runners")
    page.keyboard.press("1")
    expect(page.locator(".lead")).to_have_text("Free. Nothing starts now: waits for your own runners.")

    def ask(line: str, **put: str) -> object:
        path, body = re.search(r"/api/v1(\S+) .* -d '(.*)'$", line, re.DOTALL).groups()  # type: ignore[union-attr]
        for name, value in put.items():
            path, body = path.replace(name, value), body.replace(f'"{name}"', f'"{value}"')
        return server.api("POST", path, json=json.loads(body))

    (leased,) = ask(lease)  # type: ignore[misc]
    page.wait_for_function("() => window.__tendesks.state().office.running === 1")
    ask(complete, EXECUTION=leased["execution"], TOKEN=leased["token"])
    until(lambda: newest(server)["done"] == 1, what="the task that was leased")


def test_a_batch_that_the_server_paused_says_why_and_goes_on_in_place(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(server.office_url)
    ready(page)
    batch = submit(server, 60, name="Wrong key", kind="command", params={"argv": FAILING})
    page.wait_for_function(f"() => window.__tendesks.state().batches['{batch}']?.state === 'paused'")
    expect(page.locator(".batch")).to_contain_text("paused")
    page.locator(".batch").click()
    expect(page.locator(".notice.failures")).to_contain_text("10 equal failures in a row: exit 1: wrong key")
    expect(page.locator(".why-failed")).to_contain_text("Program ended with code 1")
    failed = server.api("GET", f"/batches/{batch}")["failed"]
    page.get_by_role("button", name="Resume").click()
    until(lambda: server.api("GET", f"/batches/{batch}")["failed"] > failed, what="more tasks to be tried")
    page.wait_for_function(f"() => window.__tendesks.state().batches['{batch}'].state === 'paused'")
    page.get_by_role("button", name="Cancel batch").click()
    page.get_by_role("button", name=re.compile(r"Cancel \d+ tasks\?")).click()
    until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "cancelled", what="the end of the batch")
