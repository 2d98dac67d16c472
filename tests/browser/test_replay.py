"""What was live is replayed: the same states by their hashes and the same pictures, at any moment, whatever the way there."""

from random import Random

from playwright.sync_api import expect

from tests.browser.conftest import KILLED, OpenPage
from tests.browser.replaying import (
    BUSY,
    HASHING,
    LIVE_PICTURE,
    PICTURE,
    ROUNDING,
    Watched,
    finished,
    furthest,
    ms,
    recording_of,
    replaying,
    room,
    seek,
    standing,
    stopped,
)
from tests.browser.test_office import ready, submit
from tests.processes import ServerProcess, until

SEED = 20261130
MOMENTS = 20
PICTURES = 6
SEEK_MS_MAX = 150
"""R2 of bench.md; measured as a figure there, here only that nothing is far off."""

TWO_RENDERS = "() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))"


def test_a_session_is_replayed_as_it_was_by_hash_and_by_picture(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page("about:blank")
    live = Watched(page)
    page.goto(server.office_url)
    ready(page)
    page.keyboard.press("d")  # day, whatever the hour
    page.evaluate(HASHING)
    submit(server, 50, params={"seconds": [2, 6], "fail": 0.2})
    submit(server, 20, name="Fix flaky tests", params={"seconds": [2, 6], "fail": 0.2})
    page.wait_for_function("() => window.__tendesks.state().office.running > 0", timeout=60_000)
    pictures: dict[int, str] = {}
    while len(pictures) < PICTURES and page.evaluate("() => window.__tendesks.state().office.running") > 0:
        at, picture, after, known, hashed = page.evaluate(LIVE_PICTURE)
        # Another frame may have been of this moment, too. And a page that draws slowly may have been given a keyframe
        # instead of what was a quarter of a second before: then it cannot know from which pose somebody comes.
        lately = {moment for moment in live.hashes if at - 500 < moment <= at}
        if after != at and lately <= set(known) and hashed == live.hashes[at]:
            pictures[at] = picture
    finished(page)
    page.wait_for_timeout(2_000)
    recording = recording_of(server)
    page.get_by_role("button", name="Replay", exact=True).last.click()
    replaying(page)
    stopped(page)
    [start, end] = standing(page)["bounds"]
    random = Random(SEED)
    took = []
    for at in [random.randint(start, end) for _ in range(MOMENTS)]:
        took.append(seek(page, at))
        shown = page.evaluate("() => window.hashOf(window.__tendesks.state())")
        assert shown == live.at(at), f"seed {SEED}: another state at {at - start} ms"
    assert sorted(took)[MOMENTS // 2] < SEEK_MS_MAX * 4, f"{took} ms"
    # Before the first quarter of a second is over, the page saw from which pose somebody came, and the recording begins later.
    compared = {at: picture for at, picture in pictures.items() if at - start >= 500}
    assert compared
    for at, picture in compared.items():
        seek(page, at)
        assert page.evaluate(PICTURE, at) == picture, f"another picture at {at - start} ms"

    seek(page, end - 3_000)
    for _ in range(6):
        page.keyboard.press(">")
    page.keyboard.press(" ")
    page.wait_for_function(f"() => window.__tendesks.replay().position >= {end}", timeout=60_000)
    assert not standing(page)["playing"]
    # The session is still being recorded: its end may have come later meanwhile.
    shown = page.evaluate("() => window.hashOf(window.__tendesks.state())")
    assert shown == live.at(standing(page)["shown"])
    assert recording["id"] in page.url


def test_a_moment_is_the_same_picture_whatever_the_way_there_and_stands_still(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(server.office_url)
    ready(page)
    page.keyboard.press("d")  # day, whatever the hour
    submit(server, 30, **BUSY)
    finished(page)
    page.wait_for_timeout(1_000)
    page.keyboard.press("r")
    page.get_by_role("button", name="From the start").click()
    replaying(page)
    stopped(page)
    [start, end] = standing(page)["bounds"]
    random = Random(SEED)
    for at in [random.randint(start, end) for _ in range(4)]:
        seek(page, at)
        page.evaluate(TWO_RENDERS)
        first, shown = page.evaluate(PICTURE, at), room(page)
        page.wait_for_timeout(600)
        assert furthest(shown, room(page)) <= ROUNDING, "it stands still"
        seek(page, random.randint(start, end))
        seek(page, max(start, at - 900))
        page.keyboard.press(" ")
        page.wait_for_function(f"() => window.__tendesks.replay().shown >= {at} - 300")
        page.keyboard.press(" ")
        stopped(page)
        seek(page, at)
        assert page.evaluate(PICTURE, at) == first, f"seed {SEED}: another picture at {at - start} ms"


def test_what_a_killed_server_did_not_store_is_shown_as_missing(
    server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(server.office_url, allowed=KILLED)
    ready(page)
    submit(server, 40, params={"seconds": 8})
    page.wait_for_timeout(9_000)
    server.kill()
    server.start()
    until(
        lambda: server.query("SELECT count(*) FROM parts") != [(0,)],
        what="work, and its recording",
    )
    page.wait_for_timeout(2_000)
    recording = recording_of(server)
    (gap,) = [marker for marker in recording["markers"] if marker["kind"] == "gap"] or [None]
    page.close()
    replay = open_page(f"{server.url}/?replay={recording['id']}&t=0#token={server.token}")
    replaying(replay)
    ready(replay)
    # A segment may also have ended at its time; the one before the gap is followed by nothing for a while.
    ends = [ms(one["end"]) for one in recording["segments"]]
    begins = [*(ms(one["start"]) for one in recording["segments"][1:]), float("inf")]
    end = next(ended for ended, begun in zip(ends, begins, strict=True) if begun - ended > 500)
    if gap is not None:
        assert gap["at"] == end
    seek(replay, end + 500)
    assert not standing(replay)["known"]
    expect(replay.get_by_text("not stored").first).to_be_visible()
    expect(replay.locator("canvas.stage.stale")).to_have_count(1)
    expect(replay.locator(".track rect[fill='url(#replay-missing)']")).to_have_count(1)
