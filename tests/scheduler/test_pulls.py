"""Who asks for work gets at most so much, of the batch it asked for, and nothing after it has left."""

import asyncio
from pathlib import Path

import pytest

from server.scheduler.pulling import Lease
from server.scheduler.pulls import Pull
from tests.fakes.office import chunks_of, house, new_batch
from tests.kinds.bodies import WORK


class Asker:
    def __init__(self, *, patient: bool, batch: str | None = None, left: int = 1) -> None:
        self.told = 0
        self.pull = Pull(batch=batch, left=left, patient=patient, given=self._tell)

    def _tell(self) -> None:
        self.told += 1


def test_who_is_patient_hears_once_there_is_some() -> None:
    asker = Asker(patient=True)
    asker.pull.looked_at()
    assert asker.told == 0
    asker.pull.got.append(WORK)
    asker.pull.looked_at()
    assert asker.told == 1


def test_who_is_not_hears_after_the_first_look() -> None:
    asker = Asker(patient=False)
    asker.pull.looked_at()
    assert asker.told == 1


async def test_who_asks_while_a_cycle_is_under_way_is_answered_by_the_next(tmp_path: Path) -> None:
    async with house(tmp_path, tier="free") as it:
        await it.scheduler.account("o1")
        submitted = it.scheduler.submit("o1", new_batch(kind="external", params={}), chunks_of(1))
        arriving = asyncio.ensure_future(submitted)
        while not it.scheduler._index.offices["o1"].batches:  # noqa: ASYNC110 - it is told by no event
            await asyncio.sleep(0)
        (lease,) = await it.scheduler.lease("o1", None, 1, 0)  # its arrival's cycle has not returned yet
        assert lease.work.title == "Task 0"
        await arriving


def test_who_is_hurried_waits_no_longer() -> None:
    asker = Asker(patient=True)
    asker.pull.hurry()
    assert (asker.told, asker.pull.patient) == (1, False)


@pytest.mark.parametrize(
    ("batch", "left", "closed", "wants"),
    [(None, 1, False, True), ("b1", 1, False, True), ("b2", 1, False, False), (None, 0, False, False), (None, 1, True, False)],
)  # fmt: skip
def test_it_wants_what_it_asked_for(batch: str | None, left: int, closed: bool, wants: bool) -> None:
    pull = Asker(patient=True, batch=batch, left=left).pull
    pull.closed = closed
    assert pull.wants("b1") is wants


def test_a_lease_is_the_right_to_one_execution() -> None:
    assert Lease(work=WORK, expires_ms=5).work.token == "e00000000001.1"
