"""Rounds over rows that are due: when somebody says so, at a time, and after a store that failed."""

import asyncio

from server.store.rounds import Rounds
from tests.fakes.clock import FakeClock

AGAIN_MS = 5_000


class Rows:
    """What is due: `later` is what a round answers, `broken` how many rounds the store does not answer."""

    def __init__(self, clock: FakeClock) -> None:
        self.rounds = Rounds(clock, name="tests", look=self.look, busy=lambda: self.going, again_ms=AGAIN_MS)
        self.looks = 0
        self.broken = 0
        self.later: int | None = None
        self.going = False

    async def look(self) -> int | None:
        self.looks += 1
        if self.looks <= self.broken:
            raise OSError("disk I/O error")
        return self.later


async def test_a_round_is_made_at_the_beginning_and_when_somebody_says_so() -> None:
    rows = Rows(clock := FakeClock())
    await rows.rounds.settled()  # before it has begun there is nothing to wait for
    rows.rounds.begin()
    await rows.rounds.settled()
    assert rows.looks == 1
    rows.rounds.wake()
    rows.rounds.wake()
    await rows.rounds.settled()
    assert rows.looks == 2
    await clock.advance(86_400_000)
    assert rows.looks == 2
    await rows.rounds.stop()


async def test_a_round_is_made_when_the_next_is_due() -> None:
    rows = Rows(clock := FakeClock())
    rows.later = 60_000
    rows.rounds.begin()
    await clock.advance(59_999)
    assert rows.looks == 1
    rows.later = None
    await clock.advance(1)
    assert rows.looks == 2
    await clock.advance(86_400_000)
    assert rows.looks == 2
    await rows.rounds.stop()


async def test_a_store_that_failed_is_come_back_to() -> None:
    rows = Rows(clock := FakeClock())
    rows.broken = 2
    rows.rounds.begin()
    await clock.advance(AGAIN_MS - 1)
    assert rows.looks == 1
    await clock.advance(AGAIN_MS + 1)
    assert rows.looks == 3
    await rows.rounds.stop()


async def test_it_is_settled_once_nothing_is_under_way() -> None:
    rows = Rows(clock := FakeClock())
    rows.going = True
    rows.rounds.begin()
    await clock.advance(1)
    waiting = asyncio.ensure_future(rows.rounds.settled())
    await clock.advance(1)
    assert not waiting.done()
    rows.going = False
    rows.rounds.wake()
    await waiting
    await rows.rounds.stop()


async def test_stopped_it_makes_no_round_any_more() -> None:
    rows = Rows(clock := FakeClock())
    rows.later = 1_000
    rows.rounds.begin()
    await rows.rounds.settled()
    await rows.rounds.stop()
    rows.rounds.wake()
    await clock.advance(86_400_000)
    assert rows.looks == 1
