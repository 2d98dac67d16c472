"""Accounts on their way out, as the scheduler sees them."""

from pathlib import Path

import pytest

from server.errors import NotFoundError
from server.scheduler.departures import Departures
from server.store.audit import Deed
from tests.fakes.office import house


def deed(account: str = "a1") -> Deed:
    return Deed(account=account, actor="ada@example.org", what="account.deleting", about=account, at_ms=0)


async def test_nothing_of_it_starts_and_what_runs_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        batch = await it.submit(3)
        assert isinstance(it.scheduler.departures, Departures)
        await it.scheduler.departures.change("a1", 5_000, deed())
        await it.minutes(3)
        assert (await it.states(batch.id)) == {"done": 1, "waiting": 2}
        await it.scheduler.departures.change("a1", None, deed())
        await it.minutes(3)
        assert (await it.states(batch.id)) == {"done": 3}
        with pytest.raises(NotFoundError):
            await it.scheduler.departures.change("nobody", None, deed("nobody"))


async def test_an_office_is_forgotten_once_nothing_of_it_runs(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        batch = await it.submit(30)
        assert not await it.scheduler.departures.empty("o1"), "ten run, and are asked to end"
        await it.minutes(1)
        assert await it.scheduler.departures.empty("o1")
        assert (await it.row(batch.id)).state == "cancelled"
        assert it.scheduler.figures().offices == 0
        assert await it.scheduler.departures.empty("o1"), "harmless"
