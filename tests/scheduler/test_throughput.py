"""Ends an hour are what ended in the last ten minutes, or since the first start if that is less."""

from server.scheduler.throughput import Throughput

MINUTE = 60_000


def test_ten_a_minute_are_six_hundred_an_hour_from_the_first_minute_on() -> None:
    speed = Throughput()
    speed.began(0)
    for minute in range(1, 30):
        speed.ended(minute * MINUTE, 10)
        assert speed.perhour(minute * MINUTE) in range(600, 661)


def test_nothing_is_said_before_something_ended_and_after_ten_quiet_minutes() -> None:
    speed = Throughput()
    assert speed.perhour(0) is None
    speed.began(0)
    assert speed.perhour(MINUTE) is None
    speed.ended(MINUTE, 1)
    assert speed.perhour(MINUTE) == 60
    assert speed.perhour(20 * MINUTE) is None


def test_a_clock_that_goes_back_is_survived() -> None:
    speed = Throughput()
    speed.began(100_000)
    speed.ended(200_000, 1)
    speed.ended(150_000, 1)
    assert speed.perhour(90_000) == 2 * 360


def test_ends_by_the_minute() -> None:
    speed = Throughput()
    assert speed.pace(0) == ()
    speed.began(10 * MINUTE + 5_000)
    speed.ended(10 * MINUTE + 20_000, 3)
    assert speed.pace(10 * MINUTE + 30_000) == (), "the minute is not over"
    speed.ended(12 * MINUTE + 1_000, 2)
    speed.ended(12 * MINUTE + 59_000, 2)
    assert speed.pace(13 * MINUTE) == (13 * MINUTE, 3, 0, 4)
    assert speed.pace(13 * MINUTE + 59_999) == (13 * MINUTE, 3, 0, 4)
    assert speed.pace(30 * MINUTE) == (30 * MINUTE, 3, 0, 4, *[0] * 17)
    assert speed.pace(32 * MINUTE) == (32 * MINUTE, 4, *[0] * 19)
    assert speed.pace(40 * MINUTE) == ()
