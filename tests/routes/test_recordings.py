"""Recordings over HTTP: who sees what of them, what may be kept by whom, and what is not there."""

import zlib
from dataclasses import replace
from io import BytesIO
from typing import Any

import httpx2
import orjson
import pytest

from server.model import Identity, Role, Scope, View
from server.recording.file import RecordingFile
from server.recording.segment import unpack
from server.routes.recordings import deflates
from server.store.accounts import add_account
from server.store.offices import add_office
from server.store.recordings import segment_body
from server.store.statements import fetch
from simulation.views import project
from tests.routes.conftest import Front

HOUR_MS = 3_600_000


async def recorded(front: Front, seconds: int = 100) -> str:
    """A session that goes on; its id."""
    front.record()
    await front.submit(20)
    await front.clock.advance(seconds * 1_000)
    (item,) = (await front.get("/recordings"))["items"]
    return str(item["id"])


async def over(front: Front) -> str:
    """A session that has ended."""
    recording = await recorded(front)
    await front.clock.advance(HOUR_MS + 200_000)
    return recording


def as_seen_by(front: Front, monkeypatch: pytest.MonkeyPatch, view: View) -> None:
    """Let every token be one of somebody who sees so much."""
    by_token = type(front.tokens).by_token

    async def lesser(self: Any, token: str) -> Identity | None:
        identity = await by_token(self, token)
        return None if identity is None else replace(identity, view=view)

    monkeypatch.setattr(type(front.tokens), "by_token", lesser)


def messages(response: httpx2.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    assert response.content.endswith(b"\n")
    return [orjson.loads(line) for line in response.content.splitlines()]


async def test_a_session_is_listed_from_its_first_moment_on(front: Front) -> None:
    front.record()
    assert await front.get("/recordings") == {"items": []}
    await front.submit(1)
    await front.clock.advance(0)
    (item,) = (await front.get("/recordings"))["items"]
    assert item == {
        "id": item["id"], "started": "2026-11-18T11:06:40.000Z", "seconds": 0, "hz": 10, "frames": 0, "bytes": 0,
    }  # fmt: skip
    response = await front.ask("GET", f"/recordings/{item['id']}/segments/open")
    assert messages(response)[0]["state"] == (await front.get("/office"))["state"]


async def test_one_recording_has_its_closed_segments_and_what_happened(front: Front) -> None:
    recording = await over(front)
    found = await front.get(f"/recordings/{recording}")
    segments = found["segments"]
    assert found["id"] == recording
    assert [segment["n"] for segment in segments] == list(range(len(segments)))
    assert segments[0]["start"] == found["started"]
    assert segments[-1]["end"] == found["ended"]
    assert found["seconds"] > 3_600
    assert sum(segment["frames"] for segment in segments) == found["frames"]
    assert sum(segment["bytes"] for segment in segments) == found["bytes"]
    (end,) = [marker for marker in found["markers"] if marker["kind"] == "batch"]
    assert (end["name"], end["done"]) == ("List", 20)
    assert sum(marker.get("starts", 0) for marker in found["markers"]) == 10, (
        "the first ten ran when it began"
    )
    assert sum(marker.get("ends", 0) for marker in found["markers"]) == 20
    assert found["idle"]


async def test_a_recording_says_its_view_and_whether_it_is_still_made(front: Front) -> None:
    recording = await recorded(front)
    found = await front.get(f"/recordings/{recording}")
    assert (found["view"], found["open"]) == ("full", True)
    less = await front.get(f"/recordings/{recording}?view=batches")
    assert (less["view"], less["open"]) == ("batches", True)
    await front.clock.advance(HOUR_MS + 200_000)
    assert (await front.get(f"/recordings/{recording}"))["open"] is False


async def test_a_segment_is_the_messages_of_the_live_socket(front: Front) -> None:
    recording = await recorded(front)
    first = messages(await front.ask("GET", f"/recordings/{recording}/segments/0"))
    second = messages(await front.ask("GET", f"/recordings/{recording}/segments/1"))
    assert [message["type"] for message in first] == ["keyframe", *["diff"] * (len(first) - 1)]
    assert len(first) + len(second) > 2
    assert [message["seq"] for message in first] == list(range(len(first)))
    assert second[0]["seq"] == first[-1]["seq"]


@pytest.mark.parametrize("view", [View.TITLES, View.BATCHES, View.FIGURES])
async def test_a_lesser_view_gets_what_its_viewers_would_have_got(front: Front, view: View) -> None:
    recording = await recorded(front)
    path = f"/recordings/{recording}/segments"
    for n in (0, 1, "open"):
        full, less = [
            messages(await front.ask("GET", f"{path}/{n}", params=query)) for query in (None, {"view": view})
        ]
        assert less[0]["state"] == project(full[0]["state"], view)
        assert less[0]["state"] != full[0]["state"]
        assert [message["seq"] for message in less] == list(range(less[0]["seq"], less[0]["seq"] + len(less)))
        assert b'"execution"' not in orjson.dumps(less)


async def test_nobody_is_shown_more_than_they_may_see(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = await over(front)
    as_seen_by(front, monkeypatch, View.BATCHES)
    for path in (
        f"/recordings/{recording}",
        f"/recordings/{recording}/segments/0",
        f"/recordings/{recording}/file",
    ):
        response = await front.ask("GET", path, params={"view": "full"})
        assert response.status_code == 403
        assert response.json()["detail"] == "view: expected batches or one that shows less, got full"
        for less in ("batches", "figures"):
            assert (await front.ask("GET", path, params={"view": less})).status_code == 200
        response = await front.ask("GET", path, params={"view": "everything"})
        assert (response.status_code, response.json()["code"]) == (400, "invalid")
    own = messages(await front.ask("GET", f"/recordings/{recording}/segments/0"))
    assert own == messages(
        await front.ask("GET", f"/recordings/{recording}/segments/0", params={"view": "batches"})
    )
    assert b"row 1" not in orjson.dumps(own)
    markers = (await front.get(f"/recordings/{recording}"))["markers"]
    assert {"name"} <= set().union(*markers)
    assert not {"execution", "task", "title"} & set().union(*markers)
    taken = RecordingFile((await front.ask("GET", f"/recordings/{recording}/file")).content)
    assert (taken.header.view, b"row 1" in b"".join(taken.lines(0))) == (View.BATCHES, False)


async def test_what_may_be_kept_names_its_view_and_depends_on_who_asks(front: Front) -> None:
    recording = await recorded(front)
    path = f"/recordings/{recording}/segments"
    named = await front.ask("GET", f"{path}/0", params={"view": "titles"})
    assert named.headers["cache-control"] == "private, max-age=31536000, immutable"
    unnamed = await front.ask("GET", f"{path}/0")
    assert unnamed.headers["cache-control"] == "private, no-cache"
    still_open = await front.ask("GET", f"{path}/open")
    assert still_open.headers["cache-control"] == "no-store"
    for response in (named, unnamed, still_open):
        assert response.headers["vary"] == "Authorization, Cookie, Accept-Encoding"
    assert named.headers["etag"] != unnamed.headers["etag"]


async def test_whoever_has_a_segment_is_told_so_and_only_who_has_this_view_of_it(front: Front) -> None:
    recording = await recorded(front)
    path = f"/recordings/{recording}/segments/0"
    etags = {view: (await front.ask("GET", path, params={"view": view})).headers["etag"] for view in View}
    assert len(set(etags.values())) == 4
    for view, etag in etags.items():
        again = await front.ask("GET", path, params={"view": view}, headers={"if-none-match": f'"x", {etag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        other = etags[View.FIGURES if view is View.FULL else View.FULL]
        again = await front.ask("GET", path, params={"view": view}, headers={"if-none-match": other})
        assert again.status_code == 200


async def test_what_is_stored_is_sent_as_it_is_to_whoever_can_inflate_it(front: Front) -> None:
    recording = await recorded(front)
    path = f"/recordings/{recording}/segments/0"
    async with front.db.read() as conn:
        stored = await segment_body(conn, front.owner.office, recording, 0)
    plain = await front.ask("GET", path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    async with front.client.stream(
        "GET", f"/api/v1{path}", headers={"accept-encoding": "gzip, deflate"}
    ) as response:
        raw = b"".join([chunk async for chunk in response.aiter_raw()])
    assert response.headers["content-encoding"] == "deflate"
    assert raw == stored
    assert zlib.decompress(raw) == plain.content
    assert response.headers["etag"] != plain.headers["etag"]
    less = await front.ask("GET", path, params={"view": "figures"}, headers={"accept-encoding": "deflate"})
    assert messages(less)[0]["state"] == project(messages(plain)[0]["state"], "figures")


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("", False), ("gzip", False), ("deflate", True), ("gzip, Deflate;q=0.5", True), ("deflate; q=0", False),
        ("deflate;q=0.000", False), ("deflate;q=1.0", True), ("xdeflate", False), ("*", False), (",;,deflate", True),
    ],
)  # fmt: skip
def test_deflate_is_used_where_it_is_named_and_not_refused(accepted: str, wanted: bool) -> None:
    assert deflates(accepted) is wanted


@pytest.mark.parametrize("path", ["", "/segments/0", "/segments/open", "/file"])
async def test_what_is_unknown_and_what_is_anothers_is_not_found_alike(front: Front, path: str) -> None:
    await recorded(front)
    async with front.db.write() as tx:
        await add_account(tx.conn, account="another1", name="Bo", tier="pro", now_ms=0)
        await add_office(tx.conn, office="another1", account="another1", name="Bo", now_ms=0)
        await fetch(
            tx.conn,
            "INSERT INTO recordings (id, office, hz, started_ms, last_ms, segments, frames, bytes) "
            "VALUES ('foreign1', 'another1', 10, 0, 0, 1, 1, 1)",
        )
        await fetch(
            tx.conn, "INSERT INTO segments SELECT 'foreign1', n, start_ms, end_ms, first, last, frames, bytes, markers, idle, piece "
            "FROM segments WHERE n = 0",
        )  # fmt: skip
    said = []
    for recording in ("foreign1", "nothing1"):
        response = await front.ask("GET", f"/recordings/{recording}{path}")
        assert response.status_code == 404
        said.append(response.json()["detail"].replace(recording, ""))
    assert said[0] == said[1]


@pytest.mark.parametrize("n", ["99", "-1", "x", "1.0", "٣", "9" * 30, "%00"])
async def test_a_segment_that_is_not_there_is_not_found(front: Front, n: str) -> None:
    recording = await recorded(front)
    response = await front.ask("GET", f"/recordings/{recording}/segments/{n}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_after_its_end_no_segment_is_open(front: Front) -> None:
    recording = await over(front)
    assert (await front.ask("GET", f"/recordings/{recording}/segments/open")).status_code == 404


async def test_the_file_has_it_all(front: Front) -> None:
    recording = await over(front)
    response = await front.ask("GET", f"/recordings/{recording}/file")
    assert response.headers["content-type"] == "application/vnd.tendesks.recording"
    assert f"{recording}.tendesks" in response.headers["content-disposition"]
    file = RecordingFile(BytesIO(response.content))
    found = await front.get(f"/recordings/{recording}")
    assert file.indexed
    assert (file.header.view, file.header.hz) == (View.FULL, 10)
    assert list(file.index.markers) == found["markers"]
    assert [list(stretch) for stretch in file.index.idle] == found["idle"]
    assert len(file.segments) == len(found["segments"])
    for n in range(len(file.segments)):
        async with front.db.read() as conn:
            assert file.lines(n) == unpack(await segment_body(conn, front.owner.office, recording, n))


async def test_it_can_be_deleted_once_it_is_over(front: Front) -> None:
    recording = await recorded(front)
    response = await front.ask("DELETE", f"/recordings/{recording}")
    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    await front.clock.advance(HOUR_MS + 200_000)
    assert (await front.ask("DELETE", "/recordings/nothing1")).status_code == 404
    assert (await front.ask("DELETE", f"/recordings/{recording}")).status_code == 204
    for path in ("", "/segments/0", "/file"):
        assert (await front.ask("GET", f"/recordings/{recording}{path}")).status_code == 404
    assert (await front.ask("DELETE", f"/recordings/{recording}")).status_code == 404
    await front.retention.settled()
    async with front.db.read() as conn:
        for table in ("recordings", "segments", "parts"):
            assert await fetch(conn, f"SELECT count(*) FROM {table}") == [(0,)]


async def test_who_may_only_look_deletes_nothing(front: Front) -> None:
    token = await front.issue(Role.OWNER, Scope.READ)
    response = await front.ask("DELETE", "/recordings/nothing1", headers={"authorization": f"Bearer {token}"})
    assert response.status_code == 403


async def test_lists_are_cut_into_pages_the_newest_first(front: Front) -> None:
    front.record()
    for _ in range(3):
        await front.submit(1)
        await front.clock.advance(2 * HOUR_MS)
    whole = [item["id"] for item in (await front.get("/recordings"))["items"]]
    assert (len(whole), sorted(whole, reverse=True)) == (3, whole)
    first = await front.get("/recordings", limit=2)
    second = await front.get("/recordings", limit=2, cursor=first["next"])
    assert [item["id"] for item in (*first["items"], *second["items"])] == whole
    assert "next" not in second
