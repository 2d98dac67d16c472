"""Starts played through: the same order that the scheduler keeps."""

from server.scheduler.rounds import play
from tests.scheduler.test_sharing import MINUTE, wish


def test_whole_rounds() -> None:
    assert play([wish(100)], [[]], 3) == [34 * MINUTE]
    assert play([wish(7, running=3)], [[MINUTE / 2] * 3], 3) == [3.5 * MINUTE]


def test_two_batches_take_turns_and_the_oldest_begins() -> None:
    assert play([wish(2, turn=2), wish(2, turn=1)], [[], []], 1) == [4 * MINUTE, 3 * MINUTE]


def test_a_cap_and_a_weight_are_kept() -> None:
    assert play([wish(4, most=1), wish(4)], [[], []], 10) == [4 * MINUTE, MINUTE]
    heavy, light = play([wish(8, weight=4), wish(8)], [[], []], 10)
    assert heavy < light


def test_more_running_than_slots_end_first_after_a_downgrade() -> None:
    assert play([wish(1, running=3)], [[MINUTE] * 3], 1) == [2 * MINUTE]
