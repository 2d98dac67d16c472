import tracemalloc
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import orjson
import psutil
import pytest

from server.errors import InvalidInputError
from server.intake.blocks import BLOCK_BYTES_MAX
from server.intake.spool import Spool
from server.intake.stream import CHUNK_BYTES_MAX, Format, receive


async def stream(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def spool(folder: Path) -> Spool:
    return Spool(folder, tasks_max=100_000, input_bytes_max=65_536)


@pytest.mark.parametrize(
    ("shape", "data", "fields"),
    [
        (Format.CSV, b"a;b\r\n1;2\r\n", ("a", "b")),
        (Format.NDJSON, b'{"x": 1}\n', ("x",)),
        (Format.LINES, b"one\ntwo", ("line",)),
    ],
)
async def test_each_format_is_received(
    tmp_path: Path, shape: Format, data: bytes, fields: tuple[str, ...]
) -> None:
    with spool(tmp_path) as filled:
        await receive(stream(data, 3), filled, shape=shape, chars_max=65_536)
        assert filled.fields == fields
        assert filled.total > 0


@pytest.mark.parametrize("shape", list(Format))
async def test_nothing_is_no_list(tmp_path: Path, shape: Format) -> None:
    with spool(tmp_path) as filled, pytest.raises(InvalidInputError, match="The list is empty"):
        await receive(stream(b"\n \n", 1), filled, shape=shape, chars_max=65_536)


async def test_a_charset_is_passed_on(tmp_path: Path) -> None:
    with spool(tmp_path) as filled:
        data = "café\n".encode("cp1252")
        await receive(stream(data, 2), filled, shape=Format.LINES, chars_max=99, charset="windows-1252")
        assert [task.title async for chunk in filled.chunks() for task in chunk] == ["café"]


async def test_it_gives_way_after_each_piece_of_a_large_chunk(tmp_path: Path) -> None:
    read: list[int] = []
    line = b"x" * 99 + b"\n"
    with spool(tmp_path) as filled:

        async def give_way() -> None:
            read.append(filled.total)

        data = line * (4 * CHUNK_BYTES_MAX // len(line))
        await receive(
            stream(data, len(data)), filled, shape=Format.LINES, chars_max=99_999, give_way=give_way
        )
    assert len(read) == 4
    assert max(after - before for before, after in pairwise([0, *read])) * len(line) <= CHUNK_BYTES_MAX + 99


async def rows_of_csv(count: int, sizes: list[int]) -> AsyncIterator[bytes]:
    """A list in blocks; each time one is asked for, this process is measured."""
    process = psutil.Process()
    yield b"name,website,notes\r\n"
    block = b"".join(
        b'"Company, no %d",https://www.example.test/%d,"some ""notes"" on it"\r\n' % (number, number)
        for number in range(500)
    )
    for _ in range(count // 500):
        sizes.append(process.memory_info().rss)
        yield block


async def test_a_hundred_thousand_rows_take_little_memory(tmp_path: Path) -> None:
    sizes: list[int] = []
    with spool(tmp_path) as filled:
        await receive(rows_of_csv(100_000, sizes), filled, shape=Format.CSV, chars_max=65_536)
        count = 0
        async for chunk in filled.chunks():
            count += len(chunk)
            sizes.append(psutil.Process().memory_info().rss)
    assert count == filled.total == 100_000
    assert max(sizes) - sizes[0] < 24 * 1024 * 1024, "kept, the rows would take hundreds of MB"


async def test_what_lives_while_a_list_comes_and_goes_is_a_block(tmp_path: Path) -> None:
    """Inputs of 60 kB each: a thousand at a time would be 60 MB."""
    row = orjson.dumps({"text": "x" * 60_000}) + b"\n"

    async def given() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            yield row

    tracemalloc.start()
    try:
        with spool(tmp_path) as filled:
            await receive(given(), filled, shape=Format.NDJSON, chars_max=65_536)
            assert sum([len(chunk) async for chunk in filled.chunks()]) == 1_000
        assert tracemalloc.get_traced_memory()[1] < 6 * BLOCK_BYTES_MAX
    finally:
        tracemalloc.stop()
