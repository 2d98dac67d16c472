"""Guests of recordings: the link's recording and no other, its stretch and no more, in the link's view."""

from io import BytesIO
from typing import Any

import httpx2
import orjson

from server.recording.file import RecordingFile
from tests.fakes.clock import START_MS
from tests.routes.conftest import API, Front
from tests.routes.test_recordings import HOUR_MS, messages, over, recorded

FROM, TO = "2026-11-18T11:07:05.250Z", "2026-11-18T11:07:45.000Z"
FROM_MS, TO_MS = START_MS + 25_250, START_MS + 65_000


async def asked(guest: httpx2.AsyncClient, path: str, **headers: str) -> httpx2.Response:
    return await guest.get(f"{API}/recordings/{path}", headers=headers)


async def test_a_guest_sees_the_whole_recording_where_nothing_is_locked(front: Front) -> None:
    recording = await recorded(front)
    async with front.guest(await front.grant(recording=recording)) as guest:
        found = (await asked(guest, recording)).json()
        mine = await front.get(f"/recordings/{recording}", view="batches")
        assert found == mine
        for n in range(len(found["segments"])):
            response = await asked(guest, f"{recording}/segments/{n}?view=batches")
            theirs = await front.ask("GET", f"/recordings/{recording}/segments/{n}?view=batches")
            assert response.content == theirs.content
        assert messages(await asked(guest, f"{recording}/segments/open"))[0]["type"] == "keyframe"
        assert (await asked(guest, f"{recording}/file")).status_code == 200
        assert (await guest.head(f"{API}/recordings/{recording}")).status_code == 200


async def test_a_guest_of_one_recording_has_no_other_and_none_of_the_rest(front: Front) -> None:
    recording = await over(front)
    await front.submit(1)
    await front.clock.advance(40_000)
    other, _ = [item["id"] for item in (await front.get("/recordings"))["items"]]
    assert other != recording
    nothing = "0123456789ab"
    async with front.guest(await front.grant(recording=recording)) as guest:
        for tail in ("", "/segments/0", "/segments/open", "/file"):
            there, not_there = [await asked(guest, f"{each}{tail}") for each in (other, nothing)]
            assert there.status_code == not_there.status_code == 404
            assert _said(there, other) == _said(not_there, nothing)
        for path in ("/recordings", "/office", "/batches", "/account", "/links"):
            assert (await guest.get(API + path)).status_code == 404
        assert (await guest.delete(f"{API}/recordings/{recording}")).status_code == 404


def _said(response: httpx2.Response, id_: str) -> dict[str, Any]:
    return {
        name: str(value).replace(id_, "ID") for name, value in response.json().items() if name != "request"
    }


async def test_a_locked_recording_is_as_long_as_its_stretch(front: Front) -> None:
    recording = await over(front)
    whole = await front.get(f"/recordings/{recording}", view="batches")
    async with front.guest(await front.grant(recording=recording, **{"from": FROM, "to": TO})) as guest:
        found = (await asked(guest, recording)).json()
    assert (found["from"], found["to"], found["started"], found["ended"]) == (FROM, TO, FROM, TO)
    assert found["seconds"] == (TO_MS - FROM_MS) / 1_000
    assert (found["frames"], found["bytes"]) != (whole["frames"], whole["bytes"])
    inside = [each for each in whole["segments"] if each["end"] > FROM and each["start"] <= TO]
    assert [each["n"] for each in found["segments"]] == [each["n"] for each in inside]
    assert len(inside) >= 2
    assert found["segments"][0]["start"] == "2026-11-18T11:07:05.200Z"
    assert found["segments"][-1]["end"] == TO
    assert all(FROM_MS <= marker["at"] <= marker.get("to", TO_MS) <= TO_MS for marker in found["markers"])
    assert all(FROM_MS <= since < to <= TO_MS for since, to in found["idle"])
    assert whole["idle"]


async def test_each_segment_of_a_locked_recording_is_what_its_list_says(front: Front) -> None:
    recording = await over(front)
    whole = await front.get(f"/recordings/{recording}")
    async with front.guest(
        await front.grant(recording=recording, view="titles", **{"from": FROM, "to": TO})
    ) as guest:
        listed = (await asked(guest, recording)).json()["segments"]
        shown = {each["n"] for each in listed}
        for each in whole["segments"]:
            response = await asked(guest, f"{recording}/segments/{each['n']}")
            if each["n"] not in shown:
                assert response.status_code == 404
                continue
            first, *later = messages(response)
            assert first["now"] >= FROM_MS - 100
            for one in later:
                moment = first["now"] + (one["tick"] - first["tick"]) * 100
                assert FROM_MS < moment <= TO_MS
        assert (await asked(guest, f"{recording}/segments/open")).status_code == 404


async def test_the_file_of_a_locked_recording_ends_with_it(front: Front) -> None:
    recording = await over(front)
    async with front.guest(await front.grant(recording=recording, **{"from": FROM, "to": TO})) as guest:
        response = await asked(guest, f"{recording}/file")
        listed = (await asked(guest, recording)).json()
    read = RecordingFile(BytesIO(response.content))
    assert read.indexed
    assert read.header.view == "batches"
    assert read.header.start_ms == FROM_MS
    assert [place.end_ms for place in read.segments][-1] == TO_MS
    assert [orjson.loads(orjson.dumps(each)) for each in read.index.markers] == listed["markers"]
    for n in range(len(read.segments)):
        assert read.lines(n)
    assert read.state_at(FROM_MS) is not None
    assert read.state_at(FROM_MS - 100) is None
    assert read.state_at(TO_MS + 100) is None


async def test_a_live_recording_that_is_locked_shows_no_open_segment(front: Front) -> None:
    recording = await recorded(front)
    async with front.guest(await front.grant(recording=recording, **{"from": FROM})) as guest:
        assert (await asked(guest, f"{recording}/segments/open")).status_code == 404
        found = (await asked(guest, recording)).json()
        assert "ended" not in found
        assert "to" not in found
    await front.clock.advance(HOUR_MS + 100_000)
    async with front.guest(await front.grant(recording=recording, **{"from": FROM})) as guest:
        ended = (await asked(guest, recording)).json()["ended"]
    assert ended == (await front.get(f"/recordings/{recording}"))["ended"]


async def test_no_cache_gives_one_stretch_the_bytes_of_another(front: Front) -> None:
    recording = await over(front)
    answers, segment = [], f"{recording}/segments/2?view=batches"
    for stretch in ({}, {"from": FROM}, {"from": FROM, "to": TO}):
        async with front.guest(await front.grant(recording=recording, **stretch)) as guest:
            answers.append(await asked(guest, segment))
            for before in answers[:-1]:
                again = await asked(guest, segment, **{"if-none-match": before.headers["etag"]})
                assert again.status_code == 200
    assert len({answer.headers["etag"] for answer in answers}) == len(answers)
    kept = [answer.headers["cache-control"] for answer in answers]
    assert "immutable" in kept[0]
    assert kept[1:] == ["private, no-cache"] * 2
    assert all("Authorization" in answer.headers["vary"] for answer in answers)
