"""Processor sharing by the rules of fairness: who holds how many slots, and until when."""

import pytest

from server.scheduler.sharing import Share, lanes, share

MINUTE = 60_000.0


def wish(starts: float = 100, **changes: object) -> Share:
    given = {
        "weight": 1, "most": 1_000, "turn": 0, "starts": starts, "each_ms": MINUTE, "left_ms": 0.0, "running": 0,
    }  # fmt: skip
    return Share(**{**given, **changes})  # type: ignore[arg-type]


def held(slots: int, *wishes: Share) -> list[float]:
    lanes(wishes, slots)
    return [round(each.lanes, 3) for each in wishes]


def test_equals_share_equally_and_the_odd_slot_goes_round() -> None:
    assert held(10, wish(), wish()) == [5, 5]
    assert held(10, wish(), wish(), wish()) == [3.333, 3.333, 3.333]


def test_weights_count_in_whole_slots_as_the_ring_gives_them() -> None:
    assert held(10, wish(weight=1), wish(weight=4)) == [2, 8]
    assert held(3, wish(weight=1), wish(weight=4)) == [1, 2]  # nobody stays without one while another has two


def test_with_more_batches_than_slots_weights_play_no_part_and_long_tasks_hold_on() -> None:
    assert held(1, wish(), wish(weight=4)) == [0.5, 0.5]
    assert held(1, wish(each_ms=1_000.0), wish(each_ms=3_000.0)) == [0.25, 0.75]  # one start each in turn
    assert held(2, wish(each_ms=100.0), wish(each_ms=MINUTE), wish(each_ms=100.0))[1] == 1


def test_a_cap_leaves_its_slots_to_the_others() -> None:
    assert held(10, wish(most=2), wish()) == [2, 8]
    assert held(10, wish(most=2), wish(most=3)) == [2, 3]


def test_the_slots_are_busy_to_the_end_and_those_that_are_left_speed_up() -> None:
    first, second = wish(30), wish(90)
    share([first, second], 6)
    assert first.ends_ms == pytest.approx(10 * MINUTE)
    assert second.ends_ms == pytest.approx(20 * MINUTE)


def test_what_only_ends_keeps_its_slots_until_then() -> None:
    ending, going = wish(0, running=2, left_ms=4 * MINUTE), wish(10)
    share([ending, going], 3)
    assert ending.ends_ms == pytest.approx(2 * MINUTE)
    assert going.ends_ms == pytest.approx(2 * MINUTE + 8 / 3 * MINUTE)


@pytest.mark.parametrize("count", [15, 17, 60])
def test_many_batches_end_in_the_order_of_their_work_and_all_of_it_is_done(count: int) -> None:
    wishes = [wish(10 + number) for number in range(count)]
    share(wishes, 10)
    ends = [each.ends_ms for each in wishes]
    assert ends == sorted(ends)
    assert ends[-1] == pytest.approx(sum(each.work_ms for each in wishes) / 10, rel=0.15)
