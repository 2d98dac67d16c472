import csv
import io
import json
from pathlib import Path

import duckdb
import orjson
import pytest

from server.cli.api import Api
from server.cli.handing import spooled
from server.cli.kept import Finished
from server.cli.merge import Whole, merge
from server.cli.source import Source
from server.intake.stream import Format
from tests.cli.office import FakeOffice, Served, quick_clock

LIST = b"id,name\n1,Acme\n2,=SUM(1)\n3,Foo\n4,Bar\n"
IDS = ["1", "2", "3", "4"]


def line(number: str, **more: object) -> bytes:
    row = {"task": f"t{number}", "title": number, "state": "done", "attempts": 1, "input": {"id": number}}
    return orjson.dumps(row | more)


async def merged(
    office: FakeOffice, server: Served, target: Path, new: list[str], folders: Path | None = None
) -> str:
    """The file of a list whose rows 2 and 3 were done before and of which `new` was handed in."""
    office.results = b"".join(line(number, result=f"new {number}") + b"\n" for number in new)
    source = Source(io.BytesIO(LIST), name="list.csv", shape=Format.CSV)
    async with Api(server.address, quick_clock()) as api, spooled(source, title=None, key="id") as spool:
        with Finished() as finished:
            for number in ("3", "2"):
                finished.add(number, line(number, result={"text": "=1+1"}))
            whole = Whole(spool=spool, finished=finished, batches=["b1"], folders=folders)
            await merge(api, whole, target.suffix[1:], target)
    return read(target)


def read(target: Path) -> str:
    assert list(target.parent.glob(".*.part")) == []
    return target.read_text(errors="replace")


async def test_old_and_new_come_in_the_order_of_the_list(
    office: FakeOffice, server: Served, tmp_path: Path
) -> None:
    text = await merged(office, server, tmp_path / "r.ndjson", ["1", "4"])
    assert [json.loads(found)["title"] for found in text.splitlines()] == IDS
    assert json.loads(await merged(office, server, tmp_path / "r.json", ["1", "4"]))[3]["result"] == "new 4"


async def test_a_table_has_all_columns_and_no_formulas(
    office: FakeOffice, server: Served, tmp_path: Path
) -> None:
    rows = list(csv.DictReader(io.StringIO(await merged(office, server, tmp_path / "r.csv", ["1", "4"]))))
    assert [row["id"] for row in rows] == IDS
    assert [row["text"] for row in rows] == ["", "'=1+1", "'=1+1", ""]
    assert [row["result"] for row in rows] == ["new 1", "", "", "new 4"]


async def test_parquet_has_them_typed(office: FakeOffice, server: Served, tmp_path: Path) -> None:
    target = tmp_path / "r.parquet"
    await merged(office, server, target, ["1", "4"])
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT title, attempts, id, text, result FROM read_parquet('{target}')"
        ).fetchall()
    assert rows == [
        ("1", 1, "1", None, "new 1"), ("2", 1, "2", "=1+1", None), ("3", 1, "3", "=1+1", None), ("4", 1, "4", None, "new 4"),
    ]  # fmt: skip


@pytest.mark.parametrize("shape", ["csv", "json", "ndjson"])
async def test_rows_that_were_never_handed_in_are_not_in_it(
    office: FakeOffice, server: Served, tmp_path: Path, shape: str
) -> None:
    text = await merged(office, server, tmp_path / f"r.{shape}", ["1"])
    assert "new 1" in text
    assert "new 4" not in text


async def test_each_row_says_where_the_folder_of_its_last_attempt_is(
    office: FakeOffice, server: Served, tmp_path: Path
) -> None:
    for name in ("1", "2"):
        (tmp_path / "dirs" / "b1" / "t1" / name).mkdir(parents=True)
    text = await merged(office, server, tmp_path / "r.ndjson", ["1", "4"], folders=tmp_path)
    first, *_, last = [json.loads(found) for found in text.splitlines()]
    assert first["dir"] == str(tmp_path / "dirs" / "b1" / "t1" / "2")
    assert "dir" not in last
