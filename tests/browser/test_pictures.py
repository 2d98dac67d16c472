"""Pictures of the page in its states, each of them looked at by people: `make pictures` writes them into docs/pictures."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SHARPNESS, OpenPage
from tests.browser.replaying import recording_of, replaying
from tests.browser.test_kinds import FAILING, add
from tests.browser.test_office import drawn, ready, submit
from tests.processes import ServerProcess, serving, until

NAMES = [
    "Acme Optics",
    "Birch & Sons",
    "Cobalt Foods",
    "Dune Textiles",
    "Elm & Oak",
    "Nordlicht Optik",
    "Quill & Co",
]


def tasks(count: int) -> list[dict[str, Any]]:
    return [{"title": NAMES[n % len(NAMES)], "input": {"n": n}} for n in range(count)]


def fill(server: ServerProcess, *batches: tuple[str, int], **params: Any) -> None:
    for name, count in batches:
        params_of = {"seconds": [8, 30], **params}
        server.api(
            "POST",
            "/batches",
            json={"name": name, "kind": "demo", "params": params_of, "tasks": tasks(count)},
        )


def light(page: Page, night: bool) -> None:
    """Press D until the light is the one that was asked for: by the clock, day, night."""
    button = page.get_by_role("button", name="Light")
    for _ in range(3):
        if ("night" if night else "day") in (button.get_attribute("aria-label") or ""):
            return
        page.keyboard.press("d")
    raise AssertionError("expected the light to change by pressing D")


def still(page: Page, path: Path) -> None:
    """Take a picture that is worth looking at: rendered for this moment, and not blank."""
    if page.evaluate("() => window.__tendesks.stage() !== undefined"):
        drawn(page)
    shot = page.screenshot(path=path, type="jpeg", quality=88, animations="disabled", timeout=60_000)
    assert len(shot) > 10_000, f"{path.name} is nearly blank"


def running(page: Page, count: int) -> None:
    page.wait_for_function(f"() => window.__tendesks.state().office.running === {count}")


def test_busy_by_day_by_night_and_on_a_phone(
    server: ServerProcess, open_page: OpenPage, pictures: Path
) -> None:
    page = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    fill(server, ("Company research", 60), ("Fix flaky tests", 40), ("Summarise interviews", 25), fail=0.08)
    running(page, 10)
    until(
        lambda: server.query("SELECT count(*) FROM executions WHERE state = 'done'")[0][0] >= 4, within_s=60
    )
    for name, night in (("busy-day", False), ("busy-night", True)):
        light(page, night)
        still(page, pictures / f"{name}.jpg")
    light(page, False)
    page.keyboard.press("3")
    page.locator(".log .line").first.wait_for()
    page.wait_for_timeout(600)
    still(page, pictures / "desk.jpg")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.wait_for_timeout(300)
    still(page, pictures / "list.jpg")
    page.close()  # one office at a time is enough for a processor to draw
    phone = open_page(
        server.office_url, width=390, height=844, reduced_motion="reduce", device_scale_factor=2 * SHARPNESS
    )
    ready(phone)
    still(phone, pictures / "phone.jpg")
    phone.close()
    lying = open_page(
        server.office_url, width=844, height=390, reduced_motion="reduce", device_scale_factor=2 * SHARPNESS
    )
    ready(lying)
    still(lying, pictures / "phone-lying.jpg")
    lying.close()
    middle = open_page(server.office_url, width=900, height=1100, reduced_motion="reduce")
    ready(middle)
    still(middle, pictures / "tablet.jpg")


def test_somebody_followed_and_one_batch_alone(
    server: ServerProcess, open_page: OpenPage, pictures: Path
) -> None:
    page = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    light(page, False)
    fill(server, ("Company research", 60), ("Fix flaky tests", 40), ("Summarise interviews", 25), fail=0.08)
    running(page, 10)
    page.keyboard.press("4")
    page.keyboard.press("f")
    page.locator(".log .line").first.wait_for()
    page.wait_for_timeout(600)
    still(page, pictures / "followed.jpg")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    for name, night in (("one-batch-day", False), ("one-batch-night", True)):
        light(page, night)
        page.evaluate("() => document.activeElement?.blur()")
        if not night:
            page.keyboard.press("o")
            page.keyboard.press("o")
        page.wait_for_timeout(400)
        still(page, pictures / f"{name}.jpg")


def test_overflow(server: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    server.api("PATCH", "/account", json={"tier": "enterprise"})
    page = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    light(page, False)
    fill(server, ("Company research", 120), ("Check supplier sites", 60))
    running(page, 50)
    still(page, pictures / "overflow.jpg")
    page.keyboard.press("u")
    page.wait_for_timeout(300)
    still(page, pictures / "upstairs.jpg")


def test_idle_and_empty(server: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    page = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    light(page, False)
    still(page, pictures / "empty.jpg")
    page.keyboard.press("n")
    page.get_by_role("button", name="Paste lines").click()
    page.get_by_placeholder("One task per line").fill("\n".join(NAMES))
    page.wait_for_timeout(1_000)
    still(page, pictures / "add-tasks.jpg")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    server.api("PATCH", "/account", json={"tier": "starter"})
    submit(server, 3, params={"seconds": 1})
    page.wait_for_function("() => window.__tendesks.state().office.finished !== undefined")
    page.wait_for_function(
        "() => Object.values(window.__tendesks.state().desks).every((d) => d.activity !== 'done')"
    )
    still(page, pictures / "idle.jpg")


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_failed(server: ServerProcess, open_page: OpenPage, pictures: Path, night: bool) -> None:
    page = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    light(page, night)
    # All fail in the same moment, so that the picture shows what a wrong key does to a list.
    fill(server, ("Check supplier sites", 4), seconds=3, fail=1.0)
    fill(server, ("Company research", 4), seconds=60)
    page.wait_for_function(
        "() => Object.values(window.__tendesks.state().desks).some((d) => d.activity === 'failed')"
    )
    still(page, pictures / f"failed-{'night' if night else 'day'}.jpg")


def test_adding_tasks_of_each_kind(server: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    page = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    light(page, False)
    add(page, "Chat")
    page.get_by_label("Prompt").fill("Who supplies {name} in {city}?\nAnswer in two sentences.")
    page.locator("#model").fill("gpt-5-mini")
    page.get_by_label("System").fill("Be brief, and name what you are unsure of.")
    page.locator(".estimates").wait_for()
    still(page, pictures / "add-chat.jpg")
    page.get_by_role("heading", name="Add tasks").click()  # keys rest while a field has focus
    light(page, True)
    page.get_by_role("button", name="HTTP", exact=True).click()
    page.get_by_label("POST to this address").fill("https://api.example.com/firms/{city}?name={name}")
    page.get_by_role("button", name="Add a header").click()
    page.get_by_label("Header", exact=True).fill("Authorization")
    page.get_by_label("Value of Authorization").fill("Bearer 0123456789")
    still(page, pictures / "add-http.jpg")


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_batch_that_the_server_paused(
    server: ServerProcess, open_page: OpenPage, pictures: Path, size: str
) -> None:
    wide = {"width": 1440, "height": 900}
    phone = {"width": 390, "height": 844, "device_scale_factor": 2 * SHARPNESS}
    page = open_page(server.office_url, reduced_motion="reduce", **(wide if size == "wide" else phone))
    ready(page)
    light(page, False)
    fill(server, ("Company research", 30), seconds=[1, 9], fail=0.1)
    page.wait_for_function("() => window.__tendesks.state().office.finished !== undefined", timeout=60_000)
    batch = submit(server, 60, name="Check supplier sites", kind="command", params={"argv": FAILING})
    page.wait_for_function(f"() => window.__tendesks.state().batches['{batch}']?.state === 'paused'")
    if size == "phone":
        page.get_by_role("button", name="Batches").last.click()
    page.get_by_role("button", name="Check supplier sites").click()
    page.locator(".why-failed li").wait_for()
    still(page, pictures / f"paused-{size}.jpg")
    if size == "wide":
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Company research").click()
        page.locator(".spread").wait_for()
        still(page, pictures / "batch.jpg")


def test_a_provider_with_a_limit(chatting: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    page = open_page(chatting.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    light(page, True)
    params = {"prompt": "Who supplies {n}?", "model": "small"}
    submit(chatting, 40, name="Who supplies them", kind="chat", params=params)
    page.wait_for_function("() => window.__tendesks.state().queue.blocked === 'ratelimit'")
    page.locator(".headline .honey").wait_for()
    still(page, pictures / "rate-limit.jpg")


def test_the_quota_of_a_month(tmp_path: Path, open_page: OpenPage, pictures: Path) -> None:
    with serving(tmp_path / "data", tier="free", environ={"TENDESKS_QUOTA": "enforce"}) as server:
        page = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
        ready(page)
        light(page, False)
        fill(server, ("Company research", 100), seconds=0)
        page.wait_for_function("() => window.__tendesks.state().queue.blocked === 'quota'", timeout=60_000)
        page.locator(".headline .honey").wait_for()
        page.keyboard.press("1")
        page.locator(".lead").wait_for()
        page.wait_for_timeout(600)
        still(page, pictures / "quota-desk.jpg")
        page.keyboard.press("Escape")
        page.wait_for_timeout(600)
        still(page, pictures / "quota.jpg")


def test_an_office_that_is_shared(server: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    server.api("PATCH", "/account", json={"tier": "enterprise", "name": "Juniper Research"})
    for label, view in (("Weekly sync", "titles"), ("Lobby screen", "figures"), ("Client: Orrin", "batches")):
        made = server.api("POST", "/links", json={"label": label, "view": view, "card": True})
    server.api("DELETE", f"/links/{made['id']}")
    fill(server, ("Company research", 160), ("Fix flaky tests", 60), seconds=[20, 60])
    fill(server, ("Summarise interviews", 60), ("Check supplier sites", 60), seconds=[20, 60])
    owner = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(owner)
    light(owner, False)
    owner.keyboard.press("s")
    owner.get_by_label("For whom").fill("Design review")
    owner.get_by_label("Live figures on preview pictures").check()
    owner.get_by_role("button", name="Make the link").click()
    link = owner.get_by_label("The link's address", exact=True).input_value()
    owner.wait_for_function("() => document.querySelector('.share-card')?.naturalWidth > 0", timeout=60_000)
    still(owner, pictures / "share.jpg")
    owner.close()
    guest = open_page(link, width=1440, height=900, reduced_motion="reduce")
    ready(guest)
    light(guest, False)
    guest.wait_for_timeout(600)
    still(guest, pictures / "spectator.jpg")
    guest.close()
    framed = link.replace("/s/", "/embed/").replace("#", "?theme=night#")
    embed = open_page(framed, width=960, height=600, reduced_motion="reduce")
    ready(embed)
    embed.wait_for_timeout(600)
    still(embed, pictures / "embed.jpg")


def test_a_replay(server: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    fill(server, ("Company research", 40), ("Fix flaky tests", 16), seconds=[2, 6], fail=0.12)
    until(lambda: over(server), within_s=120, what="the end of the work")
    recording = recording_of(server)
    failed = [each["at"] for each in recording["markers"] if each["kind"] == "failed"]
    address = f"{server.url}/?replay={recording['id']}&t={failed[len(failed) // 2] + 400}&speed=4#token={server.token}"
    page = open_page(address, width=1440, height=900, reduced_motion="reduce")
    replaying(page)
    ready(page)
    light(page, True)
    page.wait_for_timeout(600)
    still(page, pictures / "replay.jpg")
    page.close()
    phone = open_page(
        address, width=390, height=844, reduced_motion="reduce", device_scale_factor=2 * SHARPNESS
    )
    replaying(phone)
    ready(phone)
    phone.wait_for_timeout(600)
    still(phone, pictures / "replay-phone.jpg")


def over(server: ServerProcess) -> bool:
    return all(batch["state"] == "done" for batch in server.api("GET", "/batches")["items"])


def walled(url: str) -> str:
    address, _, secret = url.partition("#")
    return f"{address}?wall#{secret}"


def test_a_wall(server: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    server.api("PATCH", "/account", json={"tier": "enterprise", "name": "Juniper Research"})
    fill(server, ("Company research", 160), ("Fix flaky tests", 60), seconds=[20, 60])
    fill(server, ("Summarise interviews", 60), ("Check supplier sites", 60), seconds=[20, 60])
    link = server.api("POST", "/links", json={"view": "batches"})["url"]
    page = open_page(walled(link), width=1920, height=1080, reduced_motion="reduce")
    ready(page)
    page.locator(".wall-rows li").first.wait_for()
    for night in (False, True):
        for _ in range(3):  # there is no button here to say which light it is
            if page.evaluate("() => document.documentElement.classList.contains('night')") == night:
                break
            page.keyboard.press("d")
        page.wait_for_timeout(600)
        still(page, pictures / f"wall-{'night' if night else 'day'}.jpg")
    page.close()
    panel = open_page(link.replace("#", "?panel#"), width=340, height=720, reduced_motion="reduce")
    panel.locator(".batch").first.wait_for()
    still(panel, pictures / "panel.jpg")


def test_a_batch_in_figures(server: ServerProcess, open_page: OpenPage, pictures: Path) -> None:
    server.api("PATCH", "/account", json={"tier": "enterprise"})
    fill(server, ("Company research", 240), seconds=[1, 9], fail=0.06)
    page = open_page(server.office_url, width=1440, height=900, reduced_motion="reduce")
    ready(page)
    light(page, False)
    page.wait_for_function("() => window.__tendesks.state().office.finished !== undefined", timeout=120_000)
    page.get_by_role("button", name="Company research").first.click()
    page.locator(".why-failed li").first.wait_for()
    page.locator(".results tbody tr").first.wait_for()
    still(page, pictures / "batch-figures.jpg")
    page.get_by_role("button", name="Speed").click()
    page.locator(".pace canvas").wait_for()
    light(page, True)
    page.wait_for_timeout(600)
    still(page, pictures / "batch-speed.jpg")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator(".switches").wait_for()
    light(page, False)
    page.wait_for_timeout(600)
    still(page, pictures / "keys.jpg")
