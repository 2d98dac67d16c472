"""The system clock really waits; the fake one moves only when told."""

import asyncio

from server.clock import SystemClock
from tests.fakes.clock import START_MS, FakeClock


async def test_system_clock_calls_back_no_earlier_than_asked() -> None:
    clock = SystemClock()
    fired = asyncio.get_running_loop().create_future()
    began_ms = clock.monotonic_ms()
    clock.call_later(20, lambda: fired.set_result(clock.monotonic_ms()))
    assert await fired - began_ms >= 19  # both ends are cut to whole milliseconds


async def test_system_clock_timers_can_be_called_off() -> None:
    clock = SystemClock()
    fired: list[int] = []
    clock.call_later(0, lambda: fired.append(1)).cancel()
    await clock.sleep(1)
    assert fired == []


async def test_fake_clock_fires_in_order_and_lets_each_come_to_rest() -> None:
    seen: list[tuple[str, int]] = []

    async def settle() -> None:
        seen.append(("rest", clock.now_ms() - START_MS))

    clock = FakeClock(settle=settle)
    clock.call_later(200, lambda: seen.append(("b", clock.now_ms() - START_MS)))
    clock.call_later(100, lambda: seen.append(("a", clock.now_ms() - START_MS)))
    await clock.advance(300)
    assert seen == [("rest", 0), ("a", 100), ("rest", 100), ("b", 200), ("rest", 200), ("rest", 300)]


async def test_fake_clock_wakes_sleepers_and_keeps_wall_and_monotonic_apart() -> None:
    clock = FakeClock()
    sleeper = asyncio.create_task(clock.sleep(1000))
    await clock.advance(999)
    assert not sleeper.done()
    await clock.advance(1)
    assert sleeper.done()
    clock.set_wall(START_MS - 5000)
    assert (clock.now_ms(), clock.monotonic_ms()) == (START_MS - 5000, START_MS + 1000)
