import csv
import io
from typing import Any

import orjson
import pytest
from sqlalchemy import insert

from server.model import ExecutionState, Outcome, Reason
from server.routes.results import WRITERS, disposition
from server.store.tables import batches, results, tasks
from tests.routes.conftest import Front

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


@pytest.mark.parametrize("form", ["parquet", "xlsx", "CSV"])
async def test_another_format_is_refused_with_those_there_are(front: Front, form: str) -> None:
    response = await front.ask("GET", f"/batches/{await front.submit(1)}/results", params={"format": form})
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert response.json()["detail"] == f"format: expected one of json, ndjson, csv, got '{form}'"


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
