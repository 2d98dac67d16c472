"""Named moments on one timer."""

from server.scheduler.alarms import LOOK_MS, Alarms
from tests.fakes.clock import START_MS, FakeClock


async def test_alarms_ring_in_order_and_once() -> None:
    clock, rung = FakeClock(), []
    alarms = Alarms(clock)
    for name, delay in (("b", 20), ("a", 10), ("c", 200_000)):
        alarms.at(START_MS + delay, name, lambda name=name: rung.append((name, clock.now_ms() - START_MS)))
    await clock.advance(15)
    assert rung == [("a", 10)]
    await clock.advance(500_000)
    assert rung == [("a", 10), ("b", 20), ("c", 200_000)]


async def test_setting_a_name_again_moves_it_and_sooner_only_forward() -> None:
    clock, rung = FakeClock(), []
    alarms = Alarms(clock)
    alarms.at(START_MS + 10, "a", lambda: rung.append("early"))
    alarms.at(START_MS + 30, "a", lambda: rung.append("late"))
    alarms.sooner(START_MS + 40, "a", lambda: rung.append("later"))
    await clock.advance(29)
    assert rung == []
    alarms.sooner(START_MS + 29, "a", lambda: rung.append("now"))
    await clock.advance(100)
    assert rung == ["now"]


async def test_an_alarm_may_set_itself_again_and_all_can_be_called_off() -> None:
    clock, rung = FakeClock(), []
    alarms = Alarms(clock)

    def again() -> None:
        rung.append(clock.now_ms() - START_MS)
        alarms.at(clock.now_ms() + 10, "a", again)

    alarms.at(START_MS + 10, "a", again)
    await clock.advance(35)
    alarms.clear()
    await clock.advance(100)
    assert rung == [10, 20, 30]


async def test_a_wall_clock_that_was_set_is_noticed_within_a_minute() -> None:
    clock, rung = FakeClock(), []
    Alarms(clock).at(START_MS + 3_600_000, "month", lambda: rung.append(clock.monotonic_ms() - START_MS))
    clock.set_wall(START_MS + 3_600_000)
    await clock.advance(LOOK_MS)
    assert rung == [LOOK_MS]


async def test_a_wall_clock_that_was_set_back_puts_nothing_off() -> None:
    clock, rung = FakeClock(), []
    alarms = Alarms(clock)
    for name, delay in (("lease", 10_000), ("month", 3_600_000)):
        alarms.at(START_MS + delay, name, lambda name=name: rung.append(name))
    clock.set_wall(START_MS - 31 * 86_400_000)
    await clock.advance(LOOK_MS)
    assert rung == ["lease", "month"]  # whoever is called too early looks, and sets it again
