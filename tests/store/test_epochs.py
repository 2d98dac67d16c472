"""Epochs: each begins once, those asked for together are one write, and what fails is told to whoever asked."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.errors import NotFoundError
from server.store.epochs import Epochs
from tests.fakes.office import FlakyDatabase, prepare


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[FlakyDatabase]:
    database = await prepare(tmp_path / "epochs.sqlite3", "pro", offices=50)
    yield database
    await database.close()


async def test_each_epoch_is_the_next_one(db: FlakyDatabase) -> None:
    epochs = Epochs(db)
    first = await epochs.begin("o1")
    assert await epochs.begin("o1") == first + 1
    assert await epochs.begin("o2") == first


async def test_fifty_offices_that_wake_at_once_are_two_writes_at_most(db: FlakyDatabase) -> None:
    writes = 0
    writing = db.write

    def counted(*, first: bool = False):
        nonlocal writes
        writes += 1
        return writing(first=first)

    db.write = counted  # type: ignore[method-assign]
    epochs = Epochs(db)
    found = await asyncio.gather(*(epochs.begin(f"o{number}") for number in range(1, 51)))
    assert len(set(found)) == 1
    assert writes <= 2


async def test_who_asks_for_an_office_that_is_not_there_hears_so_and_the_others_do_not(
    db: FlakyDatabase,
) -> None:
    epochs = Epochs(db)
    found = await asyncio.gather(epochs.begin("o1"), epochs.begin("nobody"), return_exceptions=True)
    assert found[0] == 1
    assert isinstance(found[1], NotFoundError)


async def test_a_store_that_fails_fails_those_who_asked_and_nobody_after(db: FlakyDatabase) -> None:
    epochs = Epochs(db)
    db.failing = "before"
    with pytest.raises(Exception, match="full"):
        await epochs.begin("o1")
    db.failing = None
    assert await epochs.begin("o1") == 1
