import io
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.sheets.columns import COLUMNS_MAX
from server.sheets.parquet import GROUP_ROWS, Survey, group_bytes_max, write
from tests.sheets.test_valuetype import JSON

Row = tuple[list[Any], str | None, dict[str, Any], Any]


def done(title: str, given: dict[str, Any], result: Any = None, message: str | None = None) -> Row:
    return (["" if title is None else title, "done", 1, None], message, given, result)


def made(rows: list[Row], told: dict[str, str] | None = None) -> bytes:
    source = io.BytesIO(b"".join(orjson.dumps(one) + b"\n" for one in (told or {}, *rows)))
    file = io.BytesIO()
    write(source, file)
    return file.getvalue()


class Found:
    """A Parquet file as DuckDB reads it, which shares no code with what writes it."""

    def __init__(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)
        self._path = str(path)

    def ask(self, query: str) -> list[Any]:
        with duckdb.connect() as connection:
            return connection.execute(query.replace("FILE", f"'{self._path}'")).fetchall()

    @property
    def types(self) -> dict[str, str]:
        return {name: kind for name, kind, *_ in self.ask("DESCRIBE SELECT * FROM read_parquet(FILE)")}

    @property
    def names(self) -> list[str]:
        """As they are stored, the schema's own before them; DuckDB has none that is empty."""
        return [name for (name,) in self.ask("SELECT name FROM parquet_schema(FILE)")][1:]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        return self.ask("SELECT * FROM read_parquet(FILE)")

    @property
    def told(self) -> dict[str, str]:
        found = self.ask("SELECT key, value FROM parquet_kv_metadata(FILE)")
        return {key.decode(): value.decode() for key, value in found if key != b"ARROW:schema"}

    @property
    def groups(self) -> list[int]:
        query = "SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(FILE) ORDER BY 1"
        return [count for _, count in self.ask(query)]


def test_columns_have_the_types_of_their_values(tmp_path: Path) -> None:
    rows = [
        done(
            "=1+1",
            {"name": "=x", "n": -1, "zip": "007"},
            {"score": 0.5, "ok": True, "deep": {"a": [1]}, "odd": "7"},
        ),
        done("b", {"name": "ü\n", "n": 2**53 + 1}, {"score": 2, "odd": 7}, "it warned"),
        done("c", {"state": None}),
    ]
    found = Found(tmp_path / "f", made(rows))
    assert found.types == {
        "title": "VARCHAR", "state": "VARCHAR", "attempts": "BIGINT", "reason": "VARCHAR", "message": "VARCHAR",
        "name": "VARCHAR", "n": "BIGINT", "zip": "VARCHAR", "input.state": "VARCHAR",
        "score": "DOUBLE", "ok": "BOOLEAN", "deep": "VARCHAR", "odd": "VARCHAR",
    }  # fmt: skip
    assert found.rows == [
        ("=1+1", "done", 1, None, None, "=x", -1, "007", None, 0.5, True, '{"a":[1]}', "7"),
        ("b", "done", 1, None, "it warned", "ü\n", 2**53 + 1, None, None, 2.0, None, None, "7"),
        ("c", "done", 1, None, None, None, None, None, None, None, None, None, None),
    ]
    assert orjson.loads(found.told["tendesks.columns"]) == {"deep": "json", "odd": "mixed"}


def test_a_file_says_of_what_it_is(tmp_path: Path) -> None:
    found = Found(tmp_path / "f", made([done("a", {})], {"tendesks.batch": "b1", "tendesks.name": "Größe"}))
    assert found.told == {"tendesks.batch": "b1", "tendesks.name": "Größe", "tendesks.columns": "{}"}


def test_no_rows_are_a_file_too(tmp_path: Path) -> None:
    found = Found(tmp_path / "f", made([]))
    assert list(found.types) == ["title", "state", "attempts", "reason"]
    assert found.rows == []


def test_odd_names_stay_as_they_are(tmp_path: Path) -> None:
    given = {"": "nothing", "a.b": "dot", '"q"': "quotes", "=1": "formula", "名前": "name", "a\0": "nul"}
    found = Found(tmp_path / "f", made([done("a", given, {"a.b": 1})]))
    assert found.names[4:] == ["", "a.b", '"q"', "=1", "名前", "a\ufffd", "result.a.b"]
    assert found.rows[0][4:] == ("nothing", "dot", "quotes", "formula", "name", "nul", 1)


def test_what_is_too_much_for_columns_stands_together(tmp_path: Path) -> None:
    given = {f"f{n}": n for n in range(COLUMNS_MAX + 2)}
    found = Found(tmp_path / "f", made([done("a", given)]))
    assert len(found.types) == 4 + COLUMNS_MAX + 1
    assert orjson.loads(found.rows[0][-1]) == {"input": {"f1000": 1000, "f1001": 1001}}


def test_light_rows_come_in_large_groups_and_heavy_ones_in_small(tmp_path: Path) -> None:
    light = Found(tmp_path / "l", made([done(str(n), {}) for n in range(25_000)]))
    assert light.groups == [20_000, 5_000]
    heavy = [done(str(n), {"text": "x" * 6_000}) for n in range(3_000)]
    assert Found(tmp_path / "h", made(heavy)).groups == [1_000, 1_000, 1_000]


def test_one_heavy_stretch_is_enough_for_small_groups() -> None:
    survey = Survey()
    for n in range(40_000):
        text = "x" * (group_bytes_max // 250 if 30_000 <= n < 30_300 else 1)
        survey.see(orjson.dumps(done("a", {"t": text})))
    assert survey.group_rows(5) == GROUP_ROWS[-1]
    assert Survey().group_rows(5) == GROUP_ROWS[0]
    assert Survey().group_rows(500) == 1_000


@pytest.mark.parametrize("cut", [4, 40, 400])
def test_a_part_of_a_file_is_none(tmp_path: Path, cut: int) -> None:
    data = made([done(str(n), {"n": n}) for n in range(100)])
    with pytest.raises(duckdb.Error):
        assert Found(tmp_path / "f", data[:-cut]).rows


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
FIELDS = st.dictionaries(TEXT, JSON, max_size=4)
ROWS = st.lists(
    st.tuples(st.tuples(TEXT, st.just("done"), st.integers(0, 9), st.none() | TEXT), st.none() | TEXT, FIELDS, JSON), max_size=8
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(rows=ROWS)
def test_whatever_json_there_is_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    """By another reader: as many rows, and the fixed columns as they were; what the others hold, `test_valuetype` tells."""
    found = Found(tmp_path_factory.mktemp("p") / "f", made(rows))
    assert [row[:4] for row in found.rows] == [row[0] for row in rows]
    if any(row[1] is not None for row in rows):
        assert [row[4] for row in found.rows] == [row[1] for row in rows]
