"""An account is deleted for good: a whole house over a real store, time alone is fake."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from server.errors import UnavailableError
from server.privacy.clearing import Clearing
from server.privacy.deletion import Deletion
from server.privacy.erasure import Erasure
from server.privacy.privacy import Privacy
from server.privacy.sweeps import Sweeps, soon_ms
from server.privacy.takeout import Takeouts, moment_of
from server.store.clearing import DAY_MS
from server.store.database import Database
from server.store.erasure import plain_tables
from server.store.tables import metadata
from tests.privacy.busy import CANARY, EMAIL, account_id, busy, found_in, rows_with, swept
from tests.routes.hosted import hosted


def test_the_rooms_are_put_together_from_these() -> None:
    assert {Clearing, Deletion, Erasure, Takeouts, Sweeps}.isdisjoint({Privacy})


async def test_an_account_that_is_deleted_is_nowhere_and_others_are_as_before(tmp_path: Path) -> None:
    async with hosted(tmp_path) as it:
        it.front.record()
        it.front.privacy.sweeps.begin()
        owner = await busy(it, EMAIL, CANARY)
        other = await busy(it, "other@example.org", "Otherwise")
        account, sockets = await account_id(it), it.front.tokens.callers
        before = {path: await other.get(path) for path in ("/batches", "/tasks", "/account", "/usage")}
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
    """A provider of payments: satisfies server.privacy.erasure.Leaving."""

    def __init__(self) -> None:
        self.running, self.down = True, True
        self.erased: list[str] = []

    async def check(self, account: str) -> None:
        if self.running:
            raise UnavailableError("nobody answers there now")

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
        assert (refused.status_code, refused.json()["detail"]) == (503, "nobody answers there now")
        assert "deletes" not in await owner.get("/account")
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
        "audit", "recordings", "segments", "pieces", "parts", "stripe_events",
    }  # fmt: skip
    assert {table.name for table in metadata.sorted_tables} == known | set(plain_tables())


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
