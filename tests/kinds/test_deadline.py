import asyncio

import pytest

from server.errors import UnavailableError
from server.kinds.deadline import Deadline
from tests.fakes.clock import FakeClock


async def waits(clock: FakeClock, gate: asyncio.Event, deadline: Deadline) -> str:
    async with deadline:
        await gate.wait()
    return "through"


async def test_in_time_nothing_happens() -> None:
    clock, gate = FakeClock(), asyncio.Event()
    task = asyncio.ensure_future(waits(clock, gate, Deadline(clock, 1000, "too slow")))
    await clock.advance(999)
    gate.set()
    assert await task == "through"
    await clock.advance(10_000)


async def test_too_late_is_said_in_its_words() -> None:
    clock = FakeClock()
    task = asyncio.ensure_future(waits(clock, asyncio.Event(), Deadline(clock, 1000, "too slow")))
    await clock.advance(1000)
    with pytest.raises(UnavailableError, match="too slow"):
        await task
    assert task.cancelling() == 0


async def test_put_off_it_begins_anew_and_can_be_changed() -> None:
    clock, gate = FakeClock(), asyncio.Event()
    deadline = Deadline(clock, 1000, "too slow")
    task = asyncio.ensure_future(waits(clock, gate, deadline))
    for _ in range(3):
        await clock.advance(900)
        deadline.put_off()
    await clock.advance(900)
    assert not task.done()
    deadline.change(50)
    await clock.advance(49)
    assert not task.done()
    await clock.advance(1)
    with pytest.raises(UnavailableError):
        await task


async def test_a_cancellation_by_somebody_else_stays_one() -> None:
    clock = FakeClock()
    task = asyncio.ensure_future(waits(clock, asyncio.Event(), Deadline(clock, 1000, "too slow")))
    await clock.advance(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await clock.advance(2000)


async def test_both_at_once_is_a_cancellation() -> None:
    clock = FakeClock()
    deadline = Deadline(clock, 1000, "too slow")
    task = asyncio.ensure_future(waits(clock, asyncio.Event(), deadline))
    await asyncio.sleep(0)
    deadline.change(0)
    deadline._due()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_of_the_body_is_its_own() -> None:
    with pytest.raises(KeyError):
        async with Deadline(FakeClock(), 1000, "too slow"):
            raise KeyError("x")
