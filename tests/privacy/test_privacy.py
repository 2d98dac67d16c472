"""An account is taken home, kept for so long, deleted for good: a whole house over a real store, time alone is fake."""

import io
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from server.errors import ConflictError
from server.privacy.clearing import Clearing
from server.privacy.deletion import Deletion
from server.privacy.erasure import Erasure
from server.privacy.privacy import Privacy
from server.privacy.sweeps import Sweeps, soon_ms
from server.privacy.takeout import Takeouts, lines, moment_of, told
from server.recording.file import RecordingFile
from server.store.clearing import DAY_MS
from server.store.database import Database
from server.store.erasure import plain_tables
from server.store.holdings import LISTS, WHOLE
from server.store.tables import metadata
from tests.routes.hosted import Hosted, Person, hosted

CANARY = "Kanarienvogel-7Qz0vLrT"
EMAIL = "canary-7qz0vlrt@example.org"


def test_the_rooms_are_put_together_from_these() -> None:
    assert {Clearing, Deletion, Erasure, Takeouts, Sweeps}.isdisjoint({Privacy})


async def busy(it: Hosted, email: str, word: str) -> Person:
    """Somebody who has one of everything, with a word in it that nobody else uses."""
    front = it.front
    owner = await it.person(email)
    await it.change(email, tier="pro")
    await owner.ask("PATCH", "/account", json={"name": f"Office {word}"})
    tasks = [
        {"input": {"name": f"{word} {n}"}, "title": f"{word} {n}", "key": f"{word}-{n}"} for n in range(5)
    ]
    body = {"name": f"List {word}", "kind": "demo", "params": {"seconds": 60}, "tasks": tasks}
    batch = (await owner.ask("POST", "/batches", json=body)).json()["id"]
    await front.clock.advance(30_000)
    executions = [each["id"] for task in await tasks_in(owner, batch) for each in task["executions"]]
    for execution in executions:
        log = front.logs.begin(execution)
        log.write(f"{word} was here")
        log.end()
    await front.logs.flush()
    await front.clock.advance(60_000)
    assert (await owner.ask("POST", "/links", json={"label": word})).status_code == 201
    assert (await owner.ask("POST", "/tokens", json={"label": word})).status_code == 201
    await owner.ask("POST", "/members", json={"email": f"{word.lower()}@invited.example", "role": "viewer"})
    await it.mail()
    key = {"key": f"sk-{word}-abcdefgh", "base": "https://127.0.0.1/v1"}
    assert (await owner.ask("PUT", "/keys/mine", json=key)).status_code in {200, 400}
    folder = front.settings.data / "dirs" / batch / "task"
    folder.mkdir(parents=True)
    (folder / "left.txt").write_text(word)
    return owner


async def tasks_in(owner: Person, batch: str) -> list[dict[str, Any]]:
    return list((await owner.get(f"/batches/{batch}/tasks"))["items"])


def inflated(data: bytes) -> Iterator[bytes]:
    """Whatever zlib stream begins anywhere in these bytes: packed segments lie in pieces of a few hundred bytes."""
    place = data.find(b"\x78")
    while place >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[place : place + 100_000])
        place = data.find(b"\x78", place + 1)


def found_in(folder: Path, *words: str) -> list[str]:
    """The files with one of these words in them, as it is, or in what is packed in them."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        texts = [data, *inflated(data)]
        if any(word.encode() in text for word in words for text in texts):
            found.append(path.name)
    return found


def rows_with(folder: Path, word: str) -> list[str]:
    """The tables that have a word in some row."""
    store = sqlite3.connect(folder / "tendesks.sqlite3")
    try:
        return [
            table.name
            for table in metadata.sorted_tables
            if any(
                word.encode() in repr(row).encode() for row in store.execute(f"SELECT * FROM {table.name}")
            )
        ]
    finally:
        store.close()


async def account_id(it: Hosted, email: str = EMAIL) -> str:
    return str((await it.account_of(email))["id"])


async def swept(it: Hosted) -> None:
    """Have a sweep of this very moment, and not the one of an hour that may just be under way."""
    await it.front.privacy.sweeps.settled()
    it.front.privacy.sweeps.hurry()
    await it.front.privacy.sweeps.settled()


async def test_an_account_that_is_deleted_is_nowhere_and_others_are_as_before(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        it.front.record()
        it.front.privacy.sweeps.begin()
        owner = await busy(it, EMAIL, CANARY)
        other = await busy(it, "other@example.org", "Otherwise")
        account, sockets = await account_id(it), it.front.tokens.callers
        before = {
            path: await other.get(path) for path in ("/batches", "/tasks", "/account", "/members", "/usage")
        }
        assert any(name.startswith("tendesks.sqlite3") for name in found_in(tmp_path, CANARY))
        assert len(found_in(tmp_path, CANARY)) > 3, "also logs, and what programs left"
        stamp = sockets.stamp
        asked = await owner.ask("DELETE", "/account", json={"confirm": f"Office {CANARY}"})
        deletes = moment_of(it.front.clock.now_ms() + 7 * DAY_MS)
        assert (asked.status_code, asked.json()) == (202, {"deletes": deletes})
        assert sockets.stamp > stamp, "sockets are closed"
        shown = await owner.get("/account")
        assert shown["deletes"] == deletes
        body = {"kind": "demo", "params": {"seconds": 60}, "tasks": [{"input": {}}]}
        assert (await owner.ask("POST", "/batches", json=body)).json()["code"] == "suspended"
        await it.front.clock.advance(6 * DAY_MS)
        assert (await owner.get("/account"))["deletes"] == deletes, "all can be read until then"
        await it.front.clock.advance(DAY_MS)
        await swept(it)
        assert (await owner.ask("GET", "/account")).status_code == 401
        assert (await it.front.get("/accounts", email=EMAIL))["items"] == []
        for word in (CANARY, EMAIL, CANARY.lower(), account):
            assert rows_with(tmp_path, word) == (["audit"] if word == account else []), word
        deeds = [row for row in (await it.front.get("/audit"))["items"] if row["what"] == "account.deleted"]
        assert [(row["about"], row["actor"]) for row in deeds] == [(account, "server")]
        assert found_in(tmp_path, CANARY, EMAIL, CANARY.lower()) == []
        after = {path: await other.get(path) for path in before}
        assert after == before
        assert len((await other.get("/recordings"))["items"]) == 1
        assert found_in(tmp_path, "Otherwise") != []


async def test_a_deletion_can_be_taken_back_and_work_goes_on(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        it.front.privacy.sweeps.begin()
        owner = await it.person(EMAIL)
        body = {"kind": "demo", "params": {"seconds": 60}, "tasks": [{"input": {}}] * 3}
        batch = (await owner.ask("POST", "/batches", json=body)).json()["id"]
        await it.front.scheduler.settled()
        name = (await owner.get("/account"))["name"]
        assert (await owner.ask("DELETE", "/account", json={"confirm": name})).status_code == 202
        again = await owner.ask("DELETE", "/account", json={"confirm": name})
        await it.front.clock.advance(300_000)
        assert again.json()["deletes"] == (await owner.get("/account"))["deletes"], "the moment stays"
        assert (await owner.get(f"/batches/{batch}"))["done"] == 1, "what ran went on to its end"
        assert (await owner.ask("POST", "/account/keep")).status_code == 204
        assert "deletes" not in await owner.get("/account")
        await it.front.clock.advance(300_000)
        assert (await owner.get(f"/batches/{batch}"))["done"] == 3
        assert (await owner.ask("POST", "/account/keep")).json()["code"] == "conflict"
        assert [deed["what"] for deed in (await owner.get("/audit"))["items"]][:2] == [
            "account.kept",
            "account.deleting",
        ]


async def test_to_keep_it_takes_no_suspension_away(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        owner = await it.person(EMAIL)
        name = (await owner.get("/account"))["name"]
        await it.change(EMAIL, suspended=True)
        assert (await owner.ask("DELETE", "/account", json={"confirm": name})).status_code == 202
        await it.change(EMAIL, suspended=False)
        assert (await owner.get("/session"))["suspended"] is True, "it is to be deleted still"
        await it.change(EMAIL, suspended=True)
        assert (await owner.ask("POST", "/account/keep")).status_code == 204
        assert (await owner.get("/session"))["suspended"] is True
        await it.change(EMAIL, suspended=False)
        assert "suspended" not in await owner.get("/session")


@pytest.mark.parametrize("confirm", [None, "", "another name", 7])
async def test_it_has_to_be_named(tmp_path: Path, confirm: object) -> None:
    async with hosted(tmp_path) as it:
        owner = await it.person(EMAIL)
        refused = await owner.ask("DELETE", "/account", json={"confirm": confirm})
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
        assert "deletes" not in await owner.get("/account")


async def test_the_operators_own_account_stays_and_a_local_server_says_what_to_do(
    tmp_path: Path, front: Any
) -> None:
    refused = await front.ask("DELETE", "/account", json={"confirm": "Your office"})
    assert (refused.status_code, refused.json()["code"]) == (409, "hosted_only")
    assert "delete its data folder" in refused.json()["detail"]
    (tmp_path / "hosted").mkdir()
    async with hosted(tmp_path / "hosted") as it:
        refused = await it.front.ask("DELETE", f"/accounts/{it.front.owner.account}")
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


async def test_the_operator_deletes_and_keeps(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        await it.person(EMAIL)
        account = await account_id(it)
        asked = await it.front.ask("DELETE", f"/accounts/{account}")
        assert asked.status_code == 202
        assert (await it.account_of(EMAIL))["deletes"] == asked.json()["deletes"]
        assert (await it.front.ask("POST", f"/accounts/{account}/keep")).status_code == 204
        assert "deletes" not in await it.account_of(EMAIL)
        for method, path in (("DELETE", "/accounts/nothing1"), ("POST", "/accounts/nothing1/keep")):
            assert (await it.front.ask(method, path)).json()["code"] == "not_found"


class Subscribed:
    """A part with a say: satisfies server.privacy.erasure.Leaving."""

    def __init__(self) -> None:
        self.running, self.down = True, True
        self.erased: list[str] = []

    async def check(self, account: str) -> None:
        if self.running:
            raise ConflictError("subscription: expected it to be cancelled first")

    async def erase(self, account: str) -> None:
        if self.down:
            raise OSError("nobody answers")
        self.erased.append(account)


async def test_who_has_something_elsewhere_has_a_say_and_is_asked_until_it_is_done(tmp_path: Path) -> None:
    async with hosted(tmp_path, deletion_days=0) as it:
        stripe = Subscribed()
        it.front.privacy.sweeps.erasure.leaving.append(stripe)
        it.front.privacy.sweeps.begin()
        owner = await it.person(EMAIL)
        account, name = await account_id(it), (await owner.get("/account"))["name"]
        refused = await owner.ask("DELETE", "/account", json={"confirm": name})
        assert (refused.status_code, refused.json()["detail"]) == (
            409,
            "subscription: expected it to be cancelled first",
        )
        stripe.running = False
        assert (await owner.ask("DELETE", "/account", json={"confirm": name})).status_code == 202
        await it.front.privacy.sweeps.settled()
        assert await account_id(it), "it is there as long as something of it is elsewhere"
        stripe.down = False
        await it.front.clock.advance(soon_ms)
        await it.front.privacy.sweeps.settled()
        assert stripe.erased == [account]
        assert (await it.front.get("/accounts", email=EMAIL))["items"] == []


async def test_what_runs_is_ended_before_it_is_deleted(tmp_path: Path) -> None:
    async with hosted(tmp_path, deletion_days=0) as it:
        it.front.record()
        it.front.privacy.sweeps.begin()
        owner = await it.person(EMAIL)
        body = {"kind": "demo", "params": {"seconds": 600}, "tasks": [{"input": {}}] * 3}
        await owner.ask("POST", "/batches", json=body)
        await it.front.clock.advance(1_000)
        assert (await owner.get("/account"))["running"] == 1
        name = (await owner.get("/account"))["name"]
        await owner.ask("DELETE", "/account", json={"confirm": name})
        for _ in range(30):
            await it.front.clock.advance(soon_ms)
            await it.front.privacy.sweeps.settled()
        assert (await it.front.get("/accounts", email=EMAIL))["items"] == []
        assert rows_with(tmp_path, EMAIL) == []


async def test_a_person_of_two_offices_stays_in_the_other_one(tmp_path: Path) -> None:
    async with hosted(tmp_path, deletion_days=0) as it:
        it.front.privacy.sweeps.begin()
        ada, bob = await it.person("ada@example.org"), await it.person("bob@example.org")
        await it.change("ada@example.org", tier="pro")
        await ada.ask("POST", "/members", json={"email": "bob@example.org", "role": "viewer"})
        await bob.enter(await it.mail())
        name = (await ada.get("/account"))["name"]
        assert (await ada.ask("DELETE", "/account", json={"confirm": name})).status_code == 202
        await it.front.privacy.sweeps.settled()
        assert (await bob.ask("GET", "/session")).status_code == 401, (
            "this session was in the office that is gone"
        )
        again = await it.person("bob@example.org")
        assert [place["role"] for place in (await again.get("/session"))["offices"]] == ["owner"]
        assert rows_with(tmp_path, "ada@example.org") == []


def test_every_table_is_thought_of() -> None:
    """A new table that belongs to an account is deleted by its column `account`, or needs a thought in erasure.py."""
    known = {
        "meta", "accounts", "offices", "batches", "tasks", "executions", "results", "tokens", "people", "members", "letters",
        "audit", "recordings", "segments", "pieces", "parts",
    }  # fmt: skip
    assert {table.name for table in metadata.sorted_tables} == known | set(plain_tables())


def files_of(body: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(body)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def records(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


async def test_all_of_an_account_is_taken_home_and_no_secret(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        it.front.record()
        owner = await busy(it, EMAIL, CANARY)
        await busy(it, "other@example.org", "Otherwise")
        answer = await owner.ask("GET", "/account/export")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        assert f"Office {CANARY}" in answer.headers["content-disposition"]
        found = files_of(answer.content)
        lists = {f"{name}.ndjson" for name in (*LISTS, *WHOLE, "tasks", "logs")}
        recordings = {name for name in found if name.startswith("recordings/")}
        assert set(found) == lists | recordings | {"README.txt", "account.json"}
        account = json.loads(found["account.json"])
        assert (account["name"], account["office_name"], account["tier"]) == (
            EMAIL,
            f"Office {CANARY}",
            "pro",
        )
        tasks = records(found["tasks.ndjson"])
        assert [task["input"] for task in tasks] == [{"name": f"{CANARY} {n}"} for n in range(5)]
        assert all(task["state"] == "done" and task["executions"][0]["state"] == "done" for task in tasks)
        assert [line["text"] for line in records(found["logs.ndjson"])] == [f"{CANARY} was here"] * 5
        assert [person["email"] for person in records(found["people.ndjson"])] == [EMAIL]
        assert [row["used"] for row in records(found["usage.ndjson"])] == [5]
        assert {deed["what"] for deed in records(found["audit.ndjson"])} >= {
            "account.made",
            "link.made",
            "token.made",
        }
        (name,) = recordings
        recording = RecordingFile(io.BytesIO(found[name]))
        assert recording.indexed
        assert recording.segments
        everything = b"".join(found.values())
        assert b"Otherwise" not in everything
        for column in ("hash", "wrapped", "secret", "former"):
            assert f'"{column}"'.encode() not in everything
        assert b"tds_" not in everything


def test_no_list_of_an_export_has_a_column_with_a_secret() -> None:
    told_ = {column.strip() for _, _, columns in LISTS.values() for column in columns.split(",")}
    assert not told_ & {"hash", "former", "wrapped", "body", "carried", "master", "version"}


async def test_one_export_of_an_account_at_a_time(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        owner = await it.person(EMAIL)
        facts = await owner.get("/account")
        first = it.front.privacy.takeouts.begin(facts["id"], facts["office"])
        await anext(first)
        refused = await owner.ask("GET", "/account/export")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
        await first.aclose()
        assert (await owner.ask("GET", "/account/export")).status_code == 200


def test_records_are_told_as_people_read_them() -> None:
    record = {"id": "a", "at_ms": 1_795_000_000_000, "timeout_ms": 5, "detail": '{"a": 1}', "gone": None}
    assert json.loads(lines([record])) == {
        "id": "a",
        "at": "2026-11-18T11:06:40.000Z",
        "timeout_ms": 5,
        "detail": {"a": 1},
    }
    assert told({}) == {}


async def test_a_large_account_is_taken_home_in_little_memory(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        owner = await it.person(EMAIL)
        tasks = [{"input": {"text": "x" * 20_000, "n": n}} for n in range(40)]
        for _ in range(5):
            await owner.ask(
                "POST", "/batches", json={"kind": "demo", "params": {"seconds": 60}, "tasks": tasks}
            )
        facts = await owner.get("/account")
        pieces = [len(piece) async for piece in it.front.privacy.takeouts.begin(facts["id"], facts["office"])]
        assert sum(pieces) > 10_000
        assert max(pieces) < 200_000, "what was read is sent before more is read"


async def test_results_are_kept_as_long_as_their_account_wishes(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        it.front.privacy.sweeps.begin()
        owner = await busy(it, EMAIL, CANARY)
        (batch,) = (await owner.get("/batches"))["items"]
        patched = await owner.ask("PATCH", "/account", json={"retention": {"results": 2}})
        assert patched.json()["retention"] == {"results": 2, "recordings_max": 365}
        await it.front.clock.advance(DAY_MS)
        assert "cleared" not in await owner.get(f"/batches/{batch['id']}")
        await it.front.clock.advance(DAY_MS)
        await swept(it)
        shown = await owner.get(f"/batches/{batch['id']}")
        assert shown["cleared"]
        assert (shown["total"], shown["done"], shown["name"]) == (5, 5, f"List {CANARY}")
        tasks = await tasks_in(owner, batch["id"])
        assert [(task["title"], task["input"], task.get("result")) for task in tasks] == [
            (f"Task {n + 1}", {}, None) for n in range(5)
        ]
        assert all(task["executions"][0]["state"] == "done" for task in tasks)
        assert not list((tmp_path / "logs").rglob("*.log"))
        assert not (tmp_path / "dirs" / batch["id"]).exists()
        for path in (f"/batches/{batch['id']}/retry", f"/tasks/{tasks[0]['id']}/retry"):
            refused = await owner.ask("POST", path)
            assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
            assert "deleted" in refused.json()["detail"]
        patched = await owner.ask("PATCH", "/account", json={"retention": {"results": None}})
        assert patched.json()["retention"] == {"recordings_max": 365}


async def test_recordings_are_kept_for_less_than_they_may_and_never_for_more(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        it.front.record()
        it.front.retention.begin()
        owner = await busy(it, EMAIL, "Word")
        for days in (366, 0, 1.5, "two", True):
            refused = await owner.ask("PATCH", "/account", json={"retention": {"recordings": days}})
            assert (refused.status_code, refused.json()["code"]) == (400, "invalid"), days
        for wrong in ({}, {"logs": 1}, 5, None):
            assert (await owner.ask("PATCH", "/account", json={"retention": wrong})).status_code == 400
        patched = await owner.ask("PATCH", "/account", json={"retention": {"recordings": 3}})
        assert patched.json()["retention"] == {"recordings": 3, "recordings_max": 365}
        await it.front.clock.advance(2 * DAY_MS)
        assert len((await owner.get("/recordings"))["items"]) == 1
        await it.front.clock.advance(DAY_MS + 2 * 3_600_000)
        await it.front.retention.settled()
        assert (await owner.get("/recordings"))["items"] == []


async def test_the_audit_log_is_kept_for_a_while(tmp_path: Path) -> None:
    async with hosted(tmp_path, audit_days=30) as it:
        it.front.privacy.sweeps.begin()
        owner = await it.person(EMAIL)
        await it.front.clock.advance(20 * DAY_MS)
        await owner.ask("POST", "/tokens", json={"label": "later"})
        await it.front.clock.advance(11 * DAY_MS)
        await swept(it)
        assert [deed["what"] for deed in (await owner.get("/audit"))["items"]] == ["token.made"]


async def test_an_operators_numbers_for_one_account_hold(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        owner = await it.person(EMAIL)
        changed = await it.change(EMAIL, quota=7, links=2, viewers=3, recording_days=9)
        assert {name: changed[name] for name in ("quota", "links", "viewers", "recording_days")} == {
            "quota": 7, "links": 2, "viewers": 3, "recording_days": 9,
        }  # fmt: skip
        account = await owner.get("/account")
        assert (account["quota"]["limit"], account["retention"]["recordings_max"]) == (7, 9)
        for _ in range(2):
            assert (await owner.ask("POST", "/links", json={})).status_code == 201
        refused = await owner.ask("POST", "/links", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "tier_required")
        assert [link["viewers_max"] for link in (await owner.get("/links"))["items"]] == [3, 3]
        estimate = (await owner.ask("GET", "/estimate?tasks=20&tier=free")).json()
        assert (estimate["now"], estimate["later"]) == (7, 13)
        changed = await it.change(EMAIL, quota=0, links=0, viewers=0, recording_days=0)
        assert not {"quota", "links", "viewers", "recording_days"} & set(changed)
        assert (await owner.get("/account"))["quota"]["limit"] == 50


async def test_the_write_ahead_log_is_folded_unless_somebody_reads(tmp_path: Path) -> None:
    db = Database(f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite3'}")
    assert await db.fold(), "nothing was written yet"
    async with db.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
    wal = tmp_path / "a.sqlite3-wal"
    reader = sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM meta").fetchall()
    async with db.write() as tx:
        await tx.conn.exec_driver_sql("INSERT INTO meta VALUES ('a', 'b')")
    assert not await db.fold()
    reader.execute("COMMIT")
    assert await db.fold()
    assert wal.stat().st_size == 0
    reader.close()
    await db.close()
