"""Curves are made anew when they have changed, and no more often."""

from server.scheduler.curve import Measured
from server.scheduler.paces import BATCHES_MAX, Paces

MINUTE = 60_000


def measured(count: int) -> Measured:
    return Measured(count=count, mean_ms=MINUTE, spread_ms=0.0, most_ms=20 * MINUTE)


def filled(count: int) -> Paces:
    paces = Paces()
    for _ in range(count):
        paces.took("b", MINUTE)
    return paces


def test_a_curve_is_kept_until_a_sixteenth_more_is_measured() -> None:
    paces = filled(100)
    first = paces.curve("b", (), measured(100), 0)
    assert paces.curve("b", (), measured(106), 9 * MINUTE) is first
    assert paces.curve("b", (), measured(107), 9 * MINUTE) is not first


def test_what_runs_makes_a_young_curve_age() -> None:
    paces = filled(10)
    first = paces.curve("b", (1.0,), measured(10), 0)
    assert paces.curve("b", (5_000.0,), measured(10), 5_000) is first
    assert paces.curve("b", (10_000.0,), measured(10), 10_000) is not first


def test_batches_that_are_gone_are_forgotten_and_their_number_is_limited() -> None:
    paces = filled(3)
    paces.keep({"another"})
    assert paces._of == {}
    for number in range(BATCHES_MAX + 5):
        paces.took(f"b{number}", MINUTE)
    assert len(paces._of) == BATCHES_MAX
    assert "b0" not in paces._of
