"""When an attempt is made again (pure)."""

import random
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from server.webhooks.schedule import JITTER_PART, WAITS_MS, asked_wait_ms, retry_after_ms_max, wait_ms
from tests.fakes.clock import START_MS

DAY_MS = 86_400_000


def test_it_is_three_days_and_each_wait_is_no_shorter_than_the_one_before() -> None:
    assert list(WAITS_MS) == sorted(WAITS_MS)
    assert 2.9 * DAY_MS < sum(WAITS_MS) < 3.1 * DAY_MS
    assert len(WAITS_MS) + 1 == 14
    assert wait_ms(len(WAITS_MS), lambda: 0.5) is None


def test_jitter_stays_within_its_part() -> None:
    chance = random.Random(7)
    for step, planned_ms in enumerate(WAITS_MS):
        found = [wait_ms(step, chance.random) for _ in range(200)]
        assert all(
            abs(each - planned_ms) <= JITTER_PART * planned_ms + 1 for each in found if each is not None
        )
        assert len(set(found)) > 100
    assert wait_ms(0, lambda: 0.5) == WAITS_MS[0]


def test_who_asks_for_time_gets_it_but_no_more_than_a_day() -> None:
    assert wait_ms(0, lambda: 0.5, 60_000) == 60_000
    assert wait_ms(0, lambda: 0.5, 1) == WAITS_MS[0]
    assert wait_ms(0, lambda: 0.5, 30 * DAY_MS) == retry_after_ms_max
    assert wait_ms(12, lambda: 0.5, 60_000) == WAITS_MS[12]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", 120_000), (" 0 ", 0), ("99999999999999999", retry_after_ms_max), (None, None), ("", None), ("soon", None),
        ("-5", None), ("1.5", None), ("Wed, 99 Nov 2026 11:06:40 GMT", None), ("٣", None),
        (format_datetime(datetime.fromtimestamp(START_MS / 1000 + 90, UTC), usegmt=True), 90_000),
        (format_datetime(datetime.fromtimestamp(START_MS / 1000 - 90, UTC), usegmt=True), 0),
        ("Wed, 18 Nov 2026 11:08:10 -0000", 90_000), ("Fri, 18 Nov 2126 11:08:10 GMT", retry_after_ms_max),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_and_as_a_date(text: str | None, expected: int | None) -> None:
    assert asked_wait_ms(text, START_MS) == expected
