"""Somebody comes in by their company's provider, says how long things are kept, takes all of it along, deletes it, and changes their mind."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.test_people import REFUSED
from tests.fakes.openid import Provider, openid_provider, settings_of
from tests.flow.test_metrics import free_port
from tests.processes import ServerProcess, serving, until

GRAPHICS = False

NAME = "Your office"


@pytest.fixture
def company() -> Iterator[Provider]:
    with openid_provider() as found:
        yield found


@pytest.fixture
def server(tmp_path: Path, company: Provider) -> Iterator[ServerProcess]:
    """A hosted server that sends no mail, reached under the address that a provider sends people back to."""
    port = free_port()
    given = {f"TENDESKS_{name.upper()}": value for name, value in settings_of(company).items()}
    environ = {"TENDESKS_MODE": "hosted", "TENDESKS_PUBLIC_URL": f"http://127.0.0.1:{port}", **given}
    with serving(tmp_path / "data", port=port, environ=environ) as process:
        yield process


def sign_in(page: Page) -> None:
    page.get_by_role("link", name="Sign in with Example ID").click()
    page.wait_for_function("() => window.__tendesks?.state()?.office !== undefined")


def account(page: Page) -> None:
    page.get_by_role("button", name="Account", exact=True).click()
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()


def test_who_is_not_let_in_by_the_provider_is_told_why_and_can_try_again(
    server: ServerProcess, company: Provider, open_page: OpenPage
) -> None:
    person, company.person = company.person, None
    page = open_page(server.url, allowed=REFUSED, reduced_motion="reduce")
    page.get_by_role("link", name="Sign in with Example ID").click()
    expect(page.get_by_role("alert")).to_have_text(
        "You were not let in there, or turned back. Nothing was changed."
    )
    assert page.url == f"{server.url}/"
    assert "script" not in page.inner_text("body")
    assert violations(page) == []
    company.person = person
    sign_in(page)


def test_ones_data_is_kept_taken_along_deleted_and_kept_after_all(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(server.url, width=1440, height=900, allowed=REFUSED, reduced_motion="reduce")
    sign_in(page)
    account(page)
    results = page.get_by_label("Inputs and results of finished batches")
    expect(results).to_have_value("")
    results.select_option("30 days")
    until(
        lambda: server.query("SELECT count(*) FROM accounts WHERE keep_results = 30") == [(1,)],
        what="thirty days",
    )
    page.reload()
    account(page)
    expect(results).to_have_value("30")
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download everything").click()
    with ZipFile(io.BytesIO(loading.value.path().read_bytes())) as taken:
        assert taken.testzip() is None
        assert len(taken.namelist()) > 1

    page.get_by_role("button", name="Delete this account").click()
    sure = page.get_by_role("button", name="Delete it all")
    expect(sure).to_be_disabled()
    page.get_by_label(f"Type “{NAME}” to confirm").fill(NAME)
    assert violations(page) == []
    sure.click()
    expect(page.locator(".account-deleted")).to_contain_text(
        re.compile(r"Everything is deleted on \d+ \w+, \d+:\d+\.")
    )
    page.keyboard.press("Escape")
    expect(page.locator(".tier, .hello").first).to_be_visible()
    page.reload()
    page.wait_for_function("() => window.__tendesks?.state()?.office !== undefined")
    page.get_by_role("button", name="Account", exact=True).click()
    assert violations(page) == []
    page.get_by_role("button", name="Keep the account").click()
    expect(page.locator(".account-deleted")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete this account")).to_be_visible()
