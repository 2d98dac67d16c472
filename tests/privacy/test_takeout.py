"""All that an account has, as one file."""

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from server.privacy.takeout import lines, told
from server.recording.file import RecordingFile
from server.store.holdings import LISTS, WHOLE
from tests.privacy.busy import CANARY, EMAIL, busy
from tests.routes.hosted import hosted


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
        (hook,) = records(found["webhooks.ndjson"])
        assert (hook["url"], hook["label"]) == (f"https://hooks.example/{CANARY}", CANARY)
        (sent,) = records(found["webhook_deliveries.ndjson"])
        assert (sent["hook"], sent["kind"], sent["state"]) == (hook["id"], "ping", "waiting")
        assert b"whsec_" not in b"".join(found.values())
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
