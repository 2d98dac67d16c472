from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from server.errors import DiskFullError, InvalidInputError, LimitExceededError
from server.intake.blocks import BLOCK_BYTES_MAX, BLOCK_TASKS_MAX
from server.intake.rows import Row
from server.intake.spool import Spool
from server.model import NewTask


def rows(*fields: dict[str, Any]) -> Iterator[Row]:
    for number, found in enumerate(fields, 1):
        yield Row(number=number, line=number + 1, fields=found, input=orjson.dumps(found))


def spool(folder: Path, **given: Any) -> Spool:
    return Spool(folder, **{"tasks_max": 10_000, "input_bytes_max": 1_000, **given})


async def kept(filled: Spool) -> list[NewTask]:
    return [task async for chunk in filled.chunks() for task in chunk]


async def test_rows_come_back_as_tasks_in_their_order(tmp_path: Path) -> None:
    with spool(tmp_path, title="b", key="a") as filled:
        filled.take(rows({"a": 1, "b": "one\ntwo"}, {"b": "é", "a": "k"}))
        filled.finish()
        assert await kept(filled) == [
            NewTask(title="one two", input=b'{"a":1,"b":"one\\ntwo"}', key="1"),
            NewTask(title="é", input='{"b":"é","a":"k"}'.encode(), key="k"),
        ]
        assert len(await kept(filled)) == 2, "a spool can be read again"


async def test_chunks_hold_a_thousand(tmp_path: Path) -> None:
    with spool(tmp_path) as filled:
        filled.take(rows(*({"n": n} for n in range(2 * BLOCK_TASKS_MAX + 1))))
        assert [len(chunk) async for chunk in filled.chunks()] == [BLOCK_TASKS_MAX] * 2 + [1]


def test_fields_are_those_of_every_row_in_the_order_of_the_first(tmp_path: Path) -> None:
    with spool(tmp_path) as filled:
        filled.take(
            rows({"c": 1, "a": 1, "b": 1}, {"a": 1, "c": 1, "z": 1}, {"z": 1, "c": 1, "a": 1, "b": 1})
        )
        assert filled.fields == ("c", "a")


async def test_a_trial_keeps_the_first_and_checks_the_rest(tmp_path: Path) -> None:
    with spool(tmp_path, first=2) as filled:
        filled.take(rows({"n": 1}, {"n": 2}, {"m": 3}))
        assert (filled.total, filled.kept, filled.fields) == (3, 2, ())
        assert len(await kept(filled)) == 2
        with pytest.raises(LimitExceededError, match="input_bytes_max"):
            filled.take(rows({"n": "x" * 2_000}))


def test_limits_have_names_and_messages_of_their_own(tmp_path: Path) -> None:
    with spool(tmp_path, tasks_max=2) as filled, pytest.raises(LimitExceededError) as caught:
        filled.take(rows({}, {}, {}))
    assert caught.value.detail == "tasks_per_batch_max: expected up to 2 tasks in a batch, the list has more"
    with spool(tmp_path) as filled, pytest.raises(LimitExceededError) as caught:
        filled.take(rows({}, {"n": "x" * 1_000}))
    assert caught.value.detail.startswith("input_bytes_max: expected up to 1,000 bytes")
    assert "row 2 (line 3) has 1,008" in caught.value.detail


@pytest.mark.parametrize("parameter", ["title", "key"])
def test_an_unknown_field_is_refused_with_the_known_ones(tmp_path: Path, parameter: str) -> None:
    with spool(tmp_path, **{parameter: "nam"}) as filled, pytest.raises(InvalidInputError) as caught:
        filled.take(rows({"name": "x", "url": "y"}))
    assert (
        caught.value.detail == f"{parameter}=nam: row 1 (line 2) has no such field, expected one of name, url"
    )


def test_a_key_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with spool(tmp_path, key="k") as filled, pytest.raises(InvalidInputError, match="up to 200 characters"):
        filled.take(rows({"k": "x" * 201}))


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    with spool(tmp_path) as filled, pytest.raises(InvalidInputError, match="The list is empty"):
        filled.finish()


def test_a_full_disk_is_said_so(tmp_path: Path) -> None:
    with spool(tmp_path) as filled, Path("/dev/full").open("r+b", buffering=0) as full:
        filled._blocks._file.close()
        filled._blocks._file = full  # type: ignore[assignment]
        filled.take(rows({"a": 1}))
        with pytest.raises(DiskFullError, match="disk is full"):
            filled.finish()


async def test_large_inputs_make_smaller_blocks(tmp_path: Path) -> None:
    size = 65_000
    with spool(tmp_path, input_bytes_max=65_536) as filled:
        filled.take(rows(*[{"n": "x" * size}] * 100))
        counts = [len(chunk) async for chunk in filled.chunks()]
    assert sum(counts) == 100
    assert max(counts) == BLOCK_BYTES_MAX // size + 1


def test_a_key_with_a_nul_is_refused(tmp_path: Path) -> None:
    with (
        spool(tmp_path, key="k") as filled,
        pytest.raises(InvalidInputError, match=r"row 1 .* NUL character"),
    ):
        filled.take(rows({"k": "a\0b"}))


def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    with spool(tmp_path) as filled:
        filled.take(rows({"a": 1}))
        assert list(tmp_path.iterdir()) == []
