"""What guests must never get, each test named after what it guards: over the whole of HTTP and a real store.

Those that need real sockets, processes and files are in test_safety_served.py.
"""

import asyncio
import hmac
from pathlib import Path
from typing import Any

import aiosqlite
import httpx2
import orjson
import pytest

from server.model import Role, Scope, Shared
from server.recording.file import RecordingFile
from server.routes.create import ENTRIES
from server.routes.entry import Entry
from server.spectators.grant import Grant, sign
from server.store.links import grant_key
from tests.fakes.clock import START_MS
from tests.guests import at_once
from tests.routes.conftest import API, Front, fronted

HOUR_MS = 3_600_000
EXCHANGE = f"{API}/links/exchange"
CHANGING = [entry for entry in ENTRIES if entry.method != "GET"]


async def made(front: Front, **members: Any) -> dict[str, str]:
    """A link's id and secret."""
    answer = (await front.ask("POST", "/links", json=members)).json()
    return {"id": answer["id"], "secret": answer["url"].partition("#")[2]}


async def exchanged(front: Front, body: Any) -> httpx2.Response:
    async with front.nobody() as client:
        return await client.post(EXCHANGE, json=body)


def said(response: httpx2.Response, *ids: str) -> tuple[int, str, list[str]]:
    """Status, body and headers, without what differs by nature: the request's id, and what was asked for."""
    text = response.text
    for id_ in ids:
        text = text.replace(id_, "ID")
    document = {name: value for name, value in orjson.loads(text).items() if name != "request"}
    headers = [
        f"{name}: {value}"
        for name, value in response.headers.items()
        if name not in {"x-request-id", "content-length"}
    ]
    return response.status_code, orjson.dumps(document).decode(), sorted(headers)


async def recorded(front: Front, name: str = "List") -> str:
    """A session of two minutes that has ended; its id."""
    front.record()
    await front.submit(20, name=name)
    await front.clock.advance(HOUR_MS + 200_000)
    return str((await front.get("/recordings"))["items"][0]["id"])


async def a_guest_of_each(front: Front) -> tuple[dict[Shared, str], dict[Shared, str]]:
    """Grants, and the ids of what they open."""
    recording = await recorded(front)
    batch = await front.submit()
    ids = {Shared.OFFICE: front.owner.office, Shared.RECORDING: recording, Shared.BATCH: batch}
    grants = {
        Shared.OFFICE: await front.grant(view="titles"),
        Shared.RECORDING: await front.grant(recording=recording, view="titles"),
        Shared.BATCH: await front.grant(batch=batch),
    }
    return grants, ids


def placed(entry: Entry, ids: dict[Shared, str], link: str, task: str) -> str:
    """The entry's path with the ids of things that are there."""
    nouns = {
        "batches": ids[Shared.BATCH], "recordings": ids[Shared.RECORDING], "links": link, "tasks": task,
        "executions": task,
    }  # fmt: skip
    noun = entry.path.removeprefix(API).split("/")[1]
    return at_once(entry, entry.path.replace("{id}", nouns.get(noun, "nothing1")).replace("{n}", "0"))


def test_only_looking_is_ever_opened_to_a_grant() -> None:
    opened = {(entry.method, entry.path) for entry in CHANGING if entry.guests}
    assert opened == {("POST", EXCHANGE)}, "a route that changes anything was opened to guests"


async def test_no_route_that_changes_anything_exists_for_a_grant(front: Front) -> None:
    grants, ids = await a_guest_of_each(front)
    link = (await made(front))["id"]
    task = (await front.get(f"/batches/{ids[Shared.BATCH]}/tasks"))["items"][0]["id"]
    before = await front.get("/links")
    for grant in (*grants.values(), "tdg_", "tdg_" + "x" * 86):
        async with front.guest(grant) as guest:
            for entry in CHANGING:
                if (entry.method, entry.path) == ("POST", EXCHANGE):
                    continue
                path = placed(entry, ids, link, task)
                response = await guest.request(entry.method, path, json={})
                nothing = await guest.request(entry.method, "/nothing/here", json={})
                assert said(response, path) == said(nothing, "/nothing/here"), (entry.name, response.text)
                assert response.status_code == 404
    assert await front.get("/links") == before
    assert (await front.get(f"/recordings/{ids[Shared.RECORDING]}"))["id"]


async def test_a_route_that_nobody_thought_of_is_closed_to_a_grant(front: Front) -> None:
    grants, ids = await a_guest_of_each(front)
    link = (await made(front))["id"]
    task = (await front.get(f"/batches/{ids[Shared.BATCH]}/tasks"))["items"][0]["id"]
    for shared, grant in grants.items():
        async with front.guest(grant) as guest:
            for entry in ENTRIES:
                if entry.method != "GET" or entry.scope is None:
                    continue
                path = placed(entry, ids, link, task)
                response = await guest.get(path)
                if shared in entry.guests:
                    assert response.is_success or path.endswith("/segments/open"), (entry.name, shared)
                else:
                    nothing, bare = await guest.get("/nothing/here"), path.partition("?")[0]
                    assert said(response, bare) == said(nothing, "/nothing/here"), (entry.name, shared)


async def test_cve_2024_1313_a_right_to_view_cannot_delete(front: Front) -> None:
    link = await made(front)
    recording = await recorded(front)
    for token in (await front.issue(Role.VIEWER, *Scope), await front.issue(Role.OWNER, Scope.READ)):
        headers = {"authorization": f"Bearer {token}"}
        for path in (f"/links/{link['id']}", f"/recordings/{recording}"):
            assert (await front.ask("DELETE", path, headers=headers)).status_code == 403
        assert (await front.ask("POST", f"/links/{link['id']}/rotate", headers=headers)).status_code == 403
    for grant in (await front.grant(), await front.grant(recording=recording)):
        async with front.guest(grant) as guest:
            for path in (f"/links/{link['id']}", f"/recordings/{recording}"):
                assert (await guest.delete(API + path)).status_code == 404
    assert (await exchanged(front, link)).status_code == 200
    assert (await front.get(f"/recordings/{recording}"))["id"] == recording


@pytest.mark.parametrize(
    "id_", [":key", ":id", "{id}", "", "0", "a" * 18, "a" * 20, "%", "*", "null", "\x00"]
)
@pytest.mark.parametrize("secret", [":key", "", "x", "A" * 42, "A" * 44, "%", "null", None])
async def test_cve_2021_39226_literal_placeholders_and_short_secrets_match_nothing(
    front: Front, id_: str, secret: str | None
) -> None:
    link = await made(front)
    for body in (
        {"id": id_, "secret": link["secret"] if secret is None else secret},
        {**link, "secret": secret or ""},
    ):
        assert said(await exchanged(front, body)) == said(
            await exchanged(front, {"id": "a" * 19, "secret": "A" * 43})
        )
    for token in (":key", "", "tdg_", f"tdg_{secret}", f"tdg_{id_}", link["secret"], link["id"]):
        async with front.nobody() as client:
            response = await client.get(
                f"{API}/office", headers={b"authorization": f"Bearer {token}".encode().replace(b"\x00", b"0")}
            )
        assert response.status_code == 401


async def test_unknown_wrong_expired_and_revoked_answer_alike_in_body_and_in_work(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, revoked, rotated, expired = [await made(front) for _ in range(3)] + [
        await made(front, expires="2026-11-18T11:06:50Z")
    ]
    gone = await made(front, recording=await recorded(front))
    await front.ask("DELETE", f"/recordings/{(await front.get('/recordings'))['items'][0]['id']}")
    await front.ask("DELETE", f"/links/{revoked['id']}")
    await front.ask("POST", f"/links/{rotated['id']}/rotate")
    cases = {
        "unknown": {"id": "a" * 19, "secret": good["secret"]},
        "malformed": {"id": ":id", "secret": ":secret"},
        "wrong": {"id": good["id"], "secret": revoked["secret"]},
        "expired": expired, "revoked": revoked, "rotated": rotated, "gone": gone,
    }  # fmt: skip
    work: list[str] = []
    asking = asyncio.current_task()  # the server asks the store of its own accord too, meanwhile
    execute, compare = aiosqlite.Connection.execute_fetchall, hmac.compare_digest

    async def watched(self: Any, sql: Any, parameters: Any = None) -> Any:
        if asyncio.current_task() is asking:
            work.append(str(sql))
        return await execute(self, sql, parameters)

    def compared(left: Any, right: Any) -> bool:
        work.append(f"compare {len(left)} {len(right)}")
        return compare(left, right)

    monkeypatch.setattr(aiosqlite.Connection, "execute_fetchall", watched)
    monkeypatch.setattr(hmac, "compare_digest", compared)
    found = {}
    for case, body in cases.items():
        work.clear()
        found[case] = (said(await exchanged(front, body)), [*work])
    first = found["unknown"]
    assert first[0][0] == 404
    assert orjson.loads(first[0][1])["code"] == "link_ended"
    assert len(first[1]) == 3, first[1]
    assert all(each == first for each in found.values()), found
    assert (await exchanged(front, good)).status_code == 200


async def test_an_expired_grant_opens_nothing_while_its_link_is_good(front: Front) -> None:
    link = await made(front)
    grant = (await exchanged(front, link)).json()["grant"]
    await front.clock.advance(600_000)
    async with front.guest(grant) as guest:
        assert (await guest.get(f"{API}/office")).status_code == 401
    async with front.guest((await exchanged(front, link)).json()["grant"]) as guest:
        assert (await guest.get(f"{API}/office")).status_code == 200


async def test_a_rows_existence_is_not_a_right(front: Front) -> None:
    key = await grant_key(front.db)
    unknown = sign(Grant(link="a" * 19, edition=0, expires_ms=START_MS + HOUR_MS), key)
    async with front.guest(unknown) as guest:
        assert (await guest.get(f"{API}/office")).json()["code"] == "link_ended"
    link = await made(front)
    for edition in (1, 5):
        forged = sign(Grant(link=link["id"], edition=edition, expires_ms=START_MS + HOUR_MS), key)
        async with front.guest(forged) as guest:
            assert (await guest.get(f"{API}/office")).json()["code"] == "link_ended"
    batch = await front.submit()
    async with front.guest(await front.grant(batch=await front.submit())) as guest:
        for tail in ("", "/results"):
            there = await guest.get(f"{API}/batches/{batch}{tail}")
            nowhere = await guest.get(f"{API}/batches/nothing12345{tail}")
            assert said(there, batch) == said(nowhere, "nothing12345")


async def test_segment_ids_of_another_recording_are_not_there(front: Front) -> None:
    long = await recorded(front)
    await front.submit(1)
    await front.clock.advance(1_000)
    short = str((await front.get("/recordings"))["items"][0]["id"])
    assert short != long
    last = (await front.get(f"/recordings/{long}"))["segments"][-1]["n"]
    async with front.guest(await front.grant(recording=short)) as guest:
        for path in (
            f"{short}/segments/{last}",
            f"{long}/segments/{last}",
            f"{long}/segments/0",
            f"{short}/segments/-1",
        ):
            assert (await guest.get(f"{API}/recordings/{path}")).status_code == 404, path


async def test_a_cached_segment_of_another_view_is_not_given(front: Front) -> None:
    recording = await recorded(front, name="canarybatch")
    path, tags = f"{API}/recordings/{recording}/segments/0", []
    for view in ("titles", "batches", "figures"):
        async with front.guest(await front.grant(recording=recording, view=view)) as guest:
            for before in tags:
                again = await guest.get(path, headers={"if-none-match": before})
                assert again.status_code == 200
                assert (b"canarybatch" in again.content) == (view != "figures")
            answer = await guest.get(path)
            assert "Authorization" in answer.headers["vary"]
            assert answer.headers["cache-control"] == "private, no-cache"
            tags.append(answer.headers["etag"])
            wider = await guest.get(f"{path}?view=full", headers={"if-none-match": "*"})
            assert wider.status_code == 403
    assert len({*tags}) == 3


async def test_cve_2026_21722_a_locked_range_holds_for_every_sub_request(front: Front) -> None:
    """Titles of what ran before and after only are looked for in whatever can be asked for, in every view and form."""
    front.record()
    for name in ("zeppelinbefore", "withinzeppelin", "zeppelinafter"):
        tasks = [{"title": name, "input": {}}]
        await front.ask("POST", "/batches", json={"kind": "demo", "params": {"seconds": 5}, "tasks": tasks})
        await front.clock.advance(120_000)
    recording = str((await front.get("/recordings"))["items"][0]["id"])
    await front.clock.advance(HOUR_MS)
    stretch = {"from": "2026-11-18T11:08:10Z", "to": "2026-11-18T11:10:00Z"}
    told = b""
    async with front.guest(await front.grant(recording=recording, view="titles", **stretch)) as guest:
        for entry in ENTRIES:
            if Shared.RECORDING not in entry.guests or entry.method != "GET":
                continue
            path = at_once(entry, entry.path.replace("{id}", recording))
            for n in range(150 if "{n}" in path else 1):
                for view in (None, "titles", "batches", "figures"):
                    url = httpx2.URL(path.replace("{n}", str(n)))
                    answer = await guest.get(url if view is None else url.copy_merge_params({"view": view}))
                    told += answer.content
                    if path.endswith("/file"):
                        read = RecordingFile(answer.content)
                        told += b"".join(line for n in range(len(read.segments)) for line in read.lines(n))
    assert b"withinzeppelin" in told
    assert b"zeppelinbefore" not in told
    assert b"zeppelinafter" not in told


async def test_a_poisoned_host_is_refused_here_and_believed_nowhere(front: Front, tmp_path: Path) -> None:
    link = await made(front)
    for host in ("evil.test", "127.0.0.1.evil.test", "localhost@evil.test", "evil.test:8000", ""):
        async with front.nobody() as client:
            response = await client.post(EXCHANGE, json=link, headers={"host": host})
        assert (response.status_code, response.json()["code"]) == (403, "host_refused"), host
    for settings, base in (
        ({"public_url": "https://desks.example.com"}, "https://desks.example.com/s/"),
        ({}, "http://127.0.0.1:"),
    ):
        folder = tmp_path / base[:5]
        folder.mkdir()
        async with fronted(folder, mode="hosted", **settings) as hosted:
            for name in ("host", "x-forwarded-host", "forwarded"):
                answer = await hosted.ask("POST", "/links", json={}, headers={name: "evil.test"})
                assert answer.json()["url"].startswith(base)
                assert "evil" not in answer.text


async def test_the_local_networks_listener_takes_no_hosts_but_addresses_and_its_own_names(
    front: Front,
) -> None:
    transport = httpx2.ASGITransport(front.guests)
    async with httpx2.AsyncClient(transport=transport, base_url="http://192.168.1.7:4") as client:
        for host, status in (
            ("192.168.1.7:4", 200),
            ("[fe80::1]:4", 200),
            ("localhost", 200),
            ("evil.test", 403),
        ):
            assert (await client.get("/healthz", headers={"host": host})).status_code == status, host
        for entry in ENTRIES:
            path = entry.path.replace("{id}", "nothing1").replace("{n}", "0")
            response = await client.request(
                entry.method, path, headers={"authorization": f"Bearer {front.token}"}
            )
            if entry.guests:
                assert (response.status_code == 401) == (entry.scope is not None), entry.name
            else:
                assert response.status_code in {404, 405}, entry.name
