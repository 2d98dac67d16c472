"""An own key through the page: put in, accepted by its provider, slots rise, never seen again, deleted."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_office import ready
from tests.fakes.provider import KEY, provider_beside
from tests.processes import ServerProcess, until

GRAPHICS = False


def test_a_key_is_put_in_and_deleted_and_slots_follow(
    server: ServerProcess, open_page: OpenPage, tmp_path: Path
) -> None:
    with provider_beside() as provider:
        work = {
            "kind": "demo",
            "params": {"seconds": 3_600},
            "tasks": [{"input": {"n": n}} for n in range(40)],
        }
        server.api("POST", "/batches", json=work)
        page = open_page(server.office_url)
        ready(page)
        page.get_by_role("button", name="Settings").click()
        keys = page.get_by_role("region", name="Own keys")
        expect(keys).to_contain_text("No own keys")
        keys.get_by_role("button", name="Add a key").click()
        keys.get_by_label("Provider").select_option("other")
        keys.get_by_label("Name").fill("mine")
        keys.get_by_label("Address").fill(provider.base_url)
        keys.get_by_label("Key").fill(KEY)
        page.screenshot(path=tmp_path / "form.png")
        keys.get_by_role("button", name="Save key").click()
        expect(keys.locator("li")).to_contain_text(f"mine …{KEY[-4:]}Accepted")
        page.screenshot(path=tmp_path / "saved.png")
        assert KEY not in page.content()
        until(lambda: server.api("GET", "/account")["slots"] == 20, what="twenty slots")
        keys.get_by_role("button", name="Delete").click()
        keys.get_by_role("button", name="Delete key of mine?").click()
        expect(keys).to_contain_text("No own keys")
        assert server.api("GET", "/account")["slots"] == 10
