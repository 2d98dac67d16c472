"""The process that writes: real, dying, late, and too many of it."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import IO

import psutil
import pytest

from server.errors import TooManyError, UnavailableError
from server.sheets import making
from server.sheets.making import PASSED, Tables, table_ms_max, tables_waiting_max
from tests.fakes.clock import FakeClock
from tests.sheets.test_parquet import Found

SLOW = "import time; time.sleep(600)"
ROW = b'[["a","done",1,null],null,{"n":1},{"ok":true}]\n'


async def rows(count: int = 3) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield ROW


def tables(folder: Path, program: str | None = None, clock: FakeClock | None = None) -> Tables:
    command = making.PROGRAM if program is None else (sys.executable, "-c", program)
    return Tables(clock=clock or FakeClock(), folder=folder, program=command)


async def refused(asked: Awaitable[IO[bytes]], words: str) -> None:
    with pytest.raises(UnavailableError, match=words):
        await asked


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.status() != "zombie"]


async def test_a_process_of_its_own_writes_the_file(tmp_path: Path) -> None:
    with await tables(tmp_path).parquet({"tendesks.batch": "b"}, rows()) as file:
        found = Found(tmp_path / "f", file.read())
    assert found.rows == [("a", "done", 1, None, 1, True)] * 3
    assert found.told["tendesks.batch"] == "b"
    assert "arro3" not in sys.modules or "server.sheets.parquet" in sys.modules, (
        "the server itself needs none of it"
    )
    assert os.listdir(tmp_path) == ["f"], "its files have no names"  # noqa: PTH208


async def test_it_is_given_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENDESKS_MASTER_KEYS", "secret")
    told = "import os, sys; sys.stdout.write(' '.join(sorted(os.environ)))"
    with await tables(tmp_path, told).parquet({}, rows()) as file:
        names = file.read().decode().split()
    assert "TENDESKS_MASTER_KEYS" not in names
    assert set(names) <= {*PASSED, "LC_CTYPE"}


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)", "1 / 0"])
async def test_one_that_dies_is_told_and_leaves_nothing(tmp_path: Path, program: str) -> None:
    await refused(tables(tmp_path, program).parquet({}, rows()), "could not be written")
    assert os.listdir(tmp_path) == []  # noqa: PTH208


async def test_one_that_does_not_start_is_told(tmp_path: Path) -> None:
    nowhere = Tables(clock=FakeClock(), folder=tmp_path, program=(str(tmp_path / "nothing"),))
    await refused(nowhere.parquet({}, rows()), "could not be written")


async def test_rows_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield ROW
        yield b"[\n"

    await refused(tables(tmp_path).parquet({}, broken()), "could not be written")


async def begun() -> None:
    async with asyncio.timeout(30):
        while not children():  # noqa: ASYNC110 - a process that starts sets no event
            await asyncio.sleep(0)


async def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    clock = FakeClock()
    asked = asyncio.ensure_future(tables(tmp_path, SLOW, clock).parquet({}, rows()))
    await begun()
    async with asyncio.timeout(30):
        while not asked.done():
            await clock.advance(table_ms_max)
    await refused(asked, "table_ms_max: the Parquet file took longer than 5 minutes")
    assert children() == []


async def test_whoever_goes_away_ends_it(tmp_path: Path) -> None:
    room = tables(tmp_path, SLOW)
    asked = asyncio.ensure_future(room.parquet({}, rows()))
    await begun()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert children() == []
    assert os.listdir(tmp_path) == []  # noqa: PTH208


async def test_one_is_written_at_once_and_so_many_wait(tmp_path: Path) -> None:
    room = tables(tmp_path, SLOW)
    asked = [asyncio.ensure_future(room.parquet({}, rows())) for _ in range(tables_waiting_max)]
    await begun()
    with pytest.raises(TooManyError, match=f"tables_waiting_max: expected at most {tables_waiting_max}"):
        await room.parquet({}, rows())
    assert len(children()) == 1
    for each in asked:
        each.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    assert children() == []
    room._program = (sys.executable, "-c", "print('next')")
    with await room.parquet({}, rows()) as file:
        assert file.read() == b"next\n"


def test_its_limits_are_set_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    from server.sheets import parquet_child

    told: list[str] = []
    monkeypatch.setattr(parquet_child, "confine", lambda limits, **_: told.extend(limits))
    monkeypatch.setattr(os, "fdopen", lambda *_: told.append("reads") or io.BytesIO())
    monkeypatch.setattr("server.sheets.parquet.write", lambda _rows, _file: None)
    parquet_child.main()
    assert told == ["DATA", "CPU", "FSIZE", "reads", "reads"]


def test_the_process_reads_and_writes_what_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess

    done = subprocess.run(making.PROGRAM, input=b"{}\n" + ROW, capture_output=True, check=False)
    assert done.returncode != 0, "a pipe cannot be read twice: it is no file"
    with (tmp_path / "in").open("w+b") as source, (tmp_path / "out").open("w+b") as target:
        source.write(b"{}\n" + ROW)
        source.seek(0)
        assert subprocess.run(making.PROGRAM, stdin=source, stdout=target, check=False).returncode == 0
    assert len(Found(tmp_path / "f", (tmp_path / "out").read_bytes()).rows) == 1
    assert io.BytesIO((tmp_path / "out").read_bytes()).read(4) == b"PAR1"
