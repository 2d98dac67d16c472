"""What the quota holds back ends in the month that lets it start."""

import pytest

from server.scheduler.months import MONTHS_MAX, Quota, by_month
from tests.scheduler.test_estimate import MINUTE, backlog


def months(*counts: int, left: int = 50, monthly: int = 50, slots: int = 1) -> list[tuple[int, float]]:
    backlogs = [backlog(count, curve=None, measured=0) for count in counts]
    found = by_month(backlogs, counts, slots, Quota(left=left, monthly=monthly))
    return [(month, half / MINUTE) for month, (half, _) in found]


@pytest.mark.parametrize(
    ("count", "left", "month", "minutes"),
    [(50, 50, 0, 50), (51, 50, 1, 1), (100, 50, 1, 50), (101, 50, 2, 1), (30, 0, 1, 30), (620, 50, 12, 20)],
)
def test_each_month_takes_its_quota(count: int, left: int, month: int, minutes: int) -> None:
    assert months(count, left=left) == [(month, minutes)]


def test_a_small_batch_ends_before_the_quota_does() -> None:
    small, large = months(10, 90)
    assert small == (0, pytest.approx(20, abs=1))
    assert large[0] == 1


def test_a_list_for_centuries_is_counted_in_whole_months() -> None:
    ((month, _),) = months(100_000)
    assert month >= MONTHS_MAX
    assert month == pytest.approx(100_000 / 50, abs=2)


def test_no_quota_at_all_is_survived() -> None:
    assert months(5, left=0, monthly=0)[0][0] >= MONTHS_MAX


def test_counted_tasks_go_on_while_the_quota_is_out() -> None:
    found = by_month([backlog(3, curve=None, measured=0)], [0], 1, Quota(left=0, monthly=50))
    assert found == [(0, (3 * MINUTE, 3 * MINUTE * 3 // 2))]
