"""Somebody comes in by mail, sees what is theirs, and goes, in a real browser, with a real SMTP server at the other end."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.fakes.smtp import Mailbox, secret_in
from tests.processes import ServerProcess

GRAPHICS = False

REFUSED = re.compile(r"status of 401|WebSocket")
"""What the browser itself says of requests without a session, which are refused rightly."""


def sign_in(page: Page, hosted: ServerProcess, box: Mailbox, email: str) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    secret = secret_in(box.next())
    page.goto(f"{hosted.url}/#signin={secret}")
    page.reload()  # to another fragment of the same page a browser does not go anew
    expect(page.get_by_role("heading", name="You opened a link to sign in.")).to_be_visible()
    assert secret not in page.url
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_function("() => window.__tendesks?.state()?.office !== undefined")


def test_from_a_mail_to_the_office_and_out_again(
    hosted: ServerProcess, box: Mailbox, open_page: OpenPage
) -> None:
    page = open_page(hosted.url, width=1440, height=900, allowed=REFUSED)
    sign_in(page, hosted, box, "ada@example.org")
    page.get_by_role("button", name="Account").click()
    expect(page.get_by_text("ada@example.org, Owner")).to_be_visible()
    page.get_by_label("What it is for").fill("ci")
    page.get_by_role("button", name="Make a token").click()
    token = page.locator(".account-made input").input_value()
    assert token.startswith("tds_")
    expect(page.get_by_text("ci", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_out_everywhere_is_seen_in_the_other_browser_at_once(
    hosted: ServerProcess, box: Mailbox, open_page: OpenPage
) -> None:
    here = open_page(hosted.url, width=1440, height=900, allowed=REFUSED)
    sign_in(here, hosted, box, "ada@example.org")
    there = open_page(hosted.url, width=1440, height=900, allowed=REFUSED)
    sign_in(there, hosted, box, "ada@example.org")
    here.get_by_role("button", name="Account").click()
    here.get_by_role("button", name="Sign out everywhere").click()
    here.get_by_role("button", name="Sign out everywhere?").click()
    for page in (here, there):
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
