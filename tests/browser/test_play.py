"""Recordings as files in a real browser: played without an account, dropped on the office, and saved from the player."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from server.recording.file import RecordingFile
from server.routes.recordings import FILE
from tests.browser.conftest import OpenPage
from tests.browser.test_office import ready
from tests.preview.sample import data
from tests.processes import ServerProcess

GRAPHICS = False

DROP = """
(bytes) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], "day.tendesks"));
  for (const type of ["dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}
"""


def plays(page: Page) -> Any:
    page.wait_for_function("() => window.__tendesks?.replay()?.known && !window.__tendesks.replay().waiting")
    return page.evaluate("() => window.__tendesks.replay().bounds")


def test_a_file_is_played_without_an_account(
    server: ServerProcess, open_page: OpenPage, tmp_path: Path
) -> None:
    file = RecordingFile(data(count=6))
    page = open_page(f"{server.url}/play")
    (tmp_path / "wrong.tendesks").write_bytes(b"no recording at all")
    (tmp_path / "day.tendesks").write_bytes(data(count=6))
    page.set_input_files("input[type=file]", tmp_path / "wrong.tendesks")
    expect(page.get_by_text("This is no recording of Ten Desks")).to_be_visible()
    page.set_input_files("input[type=file]", tmp_path / "day.tendesks")
    bounds = plays(page)
    assert bounds == [file.segments[0].start_ms, file.segments[-1].end_ms]
    at_ms = bounds[0] + 100_000
    page.keyboard.press("Space")  # it plays by itself
    page.wait_for_function("() => !window.__tendesks.replay().playing")
    page.evaluate("(at) => window.__tendesks.replay().seek(at)", at_ms)
    page.wait_for_function("(at) => window.__tendesks.replay().shown === at", arg=at_ms)
    assert page.evaluate("() => window.__tendesks.state()") == file.state_at(at_ms)
    expect(page.get_by_role("button", name="Save as")).to_have_count(0)


def test_one_that_is_dropped_on_the_office_opens_there(server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(server.office_url)
    ready(page)
    page.evaluate(DROP, list(data(count=6)))
    assert plays(page)[0] == RecordingFile(data(count=6)).segments[0].start_ms
    page.keyboard.press("g")
    page.wait_for_function("() => window.__tendesks.replay() === undefined")


def test_a_recording_is_saved_from_the_player(
    server: ServerProcess, open_page: OpenPage, tmp_path: Path
) -> None:
    sent = server.raw("POST", "/recordings", content=data(count=2), headers={"content-type": FILE}).json()
    page = open_page(server.office_url.replace("/#", f"/?replay={sent['id']}#"))
    plays(page)
    page.get_by_role("button", name="Save as").click()
    page.get_by_role("button", name="File", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the file").click()
    saved.value.save_as(tmp_path / "saved.tendesks")
    assert len(RecordingFile((tmp_path / "saved.tendesks").read_bytes()).segments) == 2
    page.get_by_role("button", name="GIF", exact=True).click()
    page.get_by_role("button", name="Make the GIF").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Make the GIF")).to_be_visible()
