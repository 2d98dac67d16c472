"""From shares to moments: the last tasks, what hangs, and ranges that grow with doubt."""

import pytest

from server.scheduler.span import Going, span, unsureness
from tests.scheduler.test_curve import MINUTE, curve
from tests.scheduler.test_sharing import wish

KNOWN = curve([30_000, 45_000, 60_000, 75_000, 90_000] * 40)


def going(**changes: object) -> Going:
    share = wish(100, each_ms=KNOWN.mean_ms)
    share.ends_ms, share.lanes = share.work_ms / 10, 10.0
    given = {
        "share": share, "curve": KNOWN, "count": 200, "ages_ms": (), "again": 0.0, "doubt_ms": 0.0, "least_ms": 0.0,
        "played_ms": 0.0,
    }  # fmt: skip
    return Going(**{**given, **changes})  # type: ignore[arg-type]


def test_the_last_tasks_outlast_an_even_share_of_the_work() -> None:
    half, most = span(going())
    assert 10 * MINUTE < half < 11 * MINUTE
    assert half < most < 13 * MINUTE


def test_doubt_widens_the_range_and_leaves_its_middle() -> None:
    sure, unsure = span(going()), span(going(doubt_ms=(3.0 * MINUTE) ** 2))
    assert unsure[0] == pytest.approx(sure[0], rel=0.02)
    assert unsure[1] > sure[1] + MINUTE
    assert unsureness(KNOWN, 4) > unsureness(KNOWN, 400)


def test_the_longest_of_many_that_run_is_what_the_end_waits_for() -> None:
    def ending(count: int) -> tuple[float, float]:
        share = wish(0, running=count, left_ms=count * KNOWN.left_ms(0))
        return span(going(share=share, ages_ms=(0.0,) * count))

    assert ending(1)[0] < ending(5)[0] < ending(40)[0] <= 100_000


def test_nothing_ends_before_its_last_backoff() -> None:
    assert span(going(least_ms=30.0 * MINUTE))[0] > 30 * MINUTE
