import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from sqlalchemy import insert

from server.model import ExecutionState, Outcome, Reason
from server.routes.formats import FORMATS
from server.routes.results import WRITERS, disposition
from server.routes.times import rfc3339
from server.scheduler.account import PlanChange
from server.settings import Mode
from server.store.audit import Deed
from server.store.tables import batches, results, tasks
from tests.routes.conftest import API, URL, Front, fronted

FAILED = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="=exit code 2")


async def export(front: Front, batch: str, form: str, **query: str) -> Any:
    response = await front.ask("GET", f"/batches/{batch}/results", params={"format": form, **query})
    assert response.status_code == 200, response.text
    return response


async def mixed(front: Front) -> str:
    """One task is done, one failed, one waits."""
    items = [{"input": {"name": "=1+1", "n": -1}}, {"input": {"name": "Zeta"}}, {"input": {"state": "x"}}]
    batch = await front.submit(tasks=items, slots=2, name='Größe: "50 %"')
    done, failed, _ = (await front.get(f"/batches/{batch}/tasks"))["items"]
    result = Outcome(state=ExecutionState.DONE, result=b'{"name": "A\\nB", "lines": 7, "deep": {"a": [1]}}')
    await front.ask("POST", f"/batches/{batch}/pause")
    front.runner.end(done["executions"][0]["id"], result)
    front.runner.end(failed["executions"][0]["id"], FAILED)
    await front.scheduler.settled()
    return batch


async def test_a_table_has_the_columns_of_all_rows(front: Front) -> None:
    response = await export(front, await mixed(front), "csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(response.text, newline=""))) == [
        [
            "title",
            "state",
            "attempts",
            "reason",
            "message",
            "name",
            "n",
            "input.state",
            "result.name",
            "lines",
            "deep",
        ],
        ["'=1+1", "done", "1", "", "", "'=1+1", "-1", "", "A\nB", "7", '{"a":[1]}'],
        ["Zeta", "failed", "1", "exit", "'=exit code 2", "Zeta", "", "", "", "", ""],
        ["x", "waiting", "0", "", "", "", "", "x", "", "", ""],
    ]


async def test_lines_and_the_array_hold_the_same(front: Front) -> None:
    batch = await mixed(front)
    lines = (await export(front, batch, "ndjson")).text.splitlines()
    found = [orjson.loads(line) for line in lines]
    assert found == (await export(front, batch, "json")).json()
    ids = [task["id"] for task in (await front.get(f"/batches/{batch}/tasks"))["items"]]
    assert [item["task"] for item in found] == ids
    assert found[0]["result"] == {"name": "A\nB", "lines": 7, "deep": {"a": [1]}}
    assert (found[1]["state"], found[1]["reason"], found[1]["message"]) == ("failed", "exit", "=exit code 2")
    assert "result" not in found[1]
    assert set(found[2]) == {"task", "title", "state", "attempts", "input"}


async def test_json_is_the_format_unless_said(front: Front) -> None:
    batch = await front.submit(1)
    response = await front.ask("GET", f"/batches/{batch}/results")
    assert response.headers["content-type"] == "application/json"
    assert len(response.json()) == 1


async def test_an_export_can_be_of_one_state(front: Front) -> None:
    batch = await mixed(front)
    assert [item["title"] for item in (await export(front, batch, "json", state="failed")).json()] == ["Zeta"]
    assert (await export(front, batch, "json", state="cancelled")).text == "[]\n"
    assert (await export(front, batch, "ndjson", state="cancelled")).text == ""
    assert (await export(front, batch, "csv", state="cancelled")).text == "title,state,attempts,reason\r\n"


@pytest.mark.parametrize("form", ["xlsx", "CSV", "Parquet"])
async def test_another_format_is_refused_with_those_there_are(front: Front, form: str) -> None:
    response = await front.ask("GET", f"/batches/{await front.submit(1)}/results", params={"format": form})
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert response.json()["detail"] == f"format: expected one of json, ndjson, csv, parquet, got '{form}'"


async def test_a_file_has_the_name_of_its_batch(front: Front) -> None:
    response = await export(front, await mixed(front), "csv")
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"Gr__e_ _50 __.csv\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%3A%20%2250%20%25%22.csv"
    )


@pytest.mark.parametrize("name", ['a"b', "a\r\nSet-Cookie: x", "a;b", "é", "../../etc/passwd", "a\\b"])
def test_no_name_breaks_the_header(name: str) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.count(";") == 2
    assert "/" not in header
    assert "\\" not in header


@pytest.mark.parametrize("form", list(WRITERS))
async def test_thousands_of_rows_come_complete_and_in_order(front: Front, form: str) -> None:
    count = 2_345
    batch = await front.submit(1)
    async with front.db.write() as tx:
        await tx.conn.execute(batches.update().values(total=count))
        rows = [
            {"id": f"row{number:05}", "batch": batch, "position": number, "title": f"T{number}", "state": "done",
             "attempt": 1, "input": b'{"n":%d}' % number}
            for number in range(1, count)
        ]  # fmt: skip
        await tx.conn.execute(insert(tasks), rows)
        made = [{"task": row["id"], "execution": "e", "body": b'{"square":1}'} for row in rows]
        await tx.conn.execute(insert(results), made)
    text = (await export(front, batch, form)).text
    match form:
        case "csv":
            titles = [row["title"] for row in csv.DictReader(io.StringIO(text))]
        case "ndjson":
            titles = [orjson.loads(line)["title"] for line in text.splitlines()]
        case _:
            titles = [item["title"] for item in orjson.loads(text)]
    assert titles == ["row 0", *(f"T{number}" for number in range(1, count))]


def parquet(response: Any, path: Path) -> list[dict[str, Any]]:
    path.write_bytes(response.content)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM read_parquet('{path}')")
        names = [each[0] for each in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


async def test_parquet_has_the_columns_of_the_table_with_real_types(front: Front, tmp_path: Path) -> None:
    response = await export(front, await mixed(front), "parquet")
    assert response.headers["content-type"] == "application/vnd.apache.parquet"
    assert response.headers["cache-control"] == "no-store"
    assert int(response.headers["content-length"]) == len(response.content)
    assert 'filename="Gr__e_ _50 __.parquet"' in response.headers["content-disposition"]
    nothing = dict.fromkeys(("reason", "message", "name", "n", "input.state", "result.name", "lines", "deep"))
    assert parquet(response, tmp_path / "f") == [
        {**nothing, "title": "=1+1", "state": "done", "attempts": 1, "name": "=1+1", "n": -1, "result.name": "A\nB",
         "lines": 7, "deep": '{"a":[1]}'},
        {**nothing, "title": "Zeta", "state": "failed", "attempts": 1, "reason": "exit", "message": "=exit code 2", "name": "Zeta"},
        {**nothing, "title": "x", "state": "waiting", "attempts": 0, "input.state": "x"},
    ]  # fmt: skip


async def test_parquet_says_of_which_batch_it_is_and_when_it_was_made(front: Front, tmp_path: Path) -> None:
    batch = await mixed(front)
    response = await export(front, batch, "parquet", state="failed")
    assert [row["title"] for row in parquet(response, tmp_path / "f")] == ["Zeta"]
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT key, value FROM parquet_kv_metadata('{tmp_path / 'f'}')"
        ).fetchall()
    told = {key.decode(): value.decode() for key, value in rows if key.startswith(b"tendesks.")}
    about = await front.get(f"/batches/{batch}")
    assert told == {
        "tendesks.batch": batch, "tendesks.name": 'Größe: "50 %"', "tendesks.kind": "demo", "tendesks.state": "failed",
        "tendesks.created": about["created"], "tendesks.started": about["started"], "tendesks.columns": "{}",
        "tendesks.exported": rfc3339(front.clock.now_ms()),
    }  # fmt: skip


async def test_a_batch_says_as_what_its_results_can_be_had(front: Front) -> None:
    batch = await front.submit(1)
    assert (await front.get(f"/batches/{batch}"))["formats"] == ["json", "ndjson", "csv", "parquet"]
    async with front.guest(await front.grant(batch=batch)) as guest:
        assert (await guest.get(f"{API}/batches/{batch}")).json()["formats"] == [
            "json",
            "ndjson",
            "csv",
            "parquet",
        ]
        for form in FORMATS:
            found = await guest.get(f"{API}/batches/{batch}/results", params={"format": form})
            assert found.status_code == 200


@pytest.mark.parametrize(("tier", "formats"), [("free", ["json"]), ("starter", list(FORMATS))])
async def test_files_are_for_plans_that_have_exports_also_for_guests(
    tmp_path: Path, tier: str, formats: list[str]
) -> None:
    """JSON is everybody's: it is what the page of a link reads."""
    async with fronted(tmp_path, mode=Mode.HOSTED, public_url=URL) as front:
        batch = await front.submit(1)
        deed = Deed(account=front.owner.account, actor="operator", what="account.changed", about="", at_ms=0)
        await front.scheduler.change_plan(front.owner.account, PlanChange(tier=tier), deed)
        async with front.guest(await front.grant(batch=batch)) as guest:
            for client in (front.client, guest):
                about = await client.get(f"{API}/batches/{batch}")
                assert about.json()["formats"] == formats
                for form in FORMATS:
                    found = await client.get(f"{API}/batches/{batch}/results", params={"format": form})
                    assert found.status_code == (200 if form in formats else 403), form
                    assert form in formats or found.json()["tier"] == "starter"


async def test_a_full_disk_refuses_what_needs_room(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(_db: Any) -> bool:
        return False

    batch = await front.submit(1)
    monkeypatch.setattr("server.routes.parquet.has_room", none)
    refused = await front.ask("GET", f"/batches/{batch}/results", params={"format": "parquet"})
    assert (refused.status_code, refused.json()["code"]) == (507, "disk_full")
    await export(front, batch, "ndjson")
