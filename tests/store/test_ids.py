"""Ids are short, ordered and never come twice."""

import re

from server.store.ids import Ids, base36
from tests.fakes.clock import FakeClock


def test_ids_have_the_wire_form() -> None:
    assert re.fullmatch(r"[a-z0-9]{6,16}", Ids(FakeClock()).new())


async def test_ids_grow_also_within_a_millisecond_and_when_the_clock_goes_back() -> None:
    clock = FakeClock()
    ids = Ids(clock)
    made = [ids.new() for _ in range(1000)]
    clock.set_wall(clock.now_ms() - 60_000)
    made += [ids.new() for _ in range(1000)]
    clock.set_wall(clock.now_ms() + 120_000)
    made += [ids.new() for _ in range(1000)]
    assert made == sorted(set(made))


def test_many_at_once_are_those_that_would_come_one_by_one() -> None:
    clock = FakeClock()
    one, other = Ids(clock, start=lambda _most: 1_290), Ids(clock, start=lambda _most: 1_290)
    assert [*one.many(3_000), one.new()] == [other.new() for _ in range(3_001)]


def test_base36_counts() -> None:
    assert [base36(n, 3) for n in (0, 35, 36, 46_655)] == ["000", "00z", "010", "zzz"]
