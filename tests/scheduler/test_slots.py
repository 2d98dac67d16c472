"""Free slots and what is left of a quota, downgrades included."""

import pytest

from server.scheduler.slots import free_slots, quota_left


@pytest.mark.parametrize(("slots", "running", "free"), [(3, 0, 3), (3, 2, 1), (3, 3, 0), (1, 50, 0)])
def test_nothing_starts_until_what_runs_is_under_the_cap(slots: int, running: int, free: int) -> None:
    assert free_slots(slots, running) == free


@pytest.mark.parametrize(
    ("quota", "used", "binding", "left"),
    [(50, 0, True, 50), (50, 50, True, 0), (50, 400, True, 0), (50, 400, False, None)],
)
def test_usage_survives_a_downgrade_and_a_soft_quota_holds_nothing_back(quota, used, binding, left) -> None:
    assert quota_left(quota, used, binding=binding) == left
