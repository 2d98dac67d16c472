"""Who may be asked now (pure): held against rules that are said here in another way."""

import random

from server.store.deliveries import Due
from server.webhooks.turns import (
    Turns,
    deliveries_at_once_max,
    deliveries_of_account_max,
    deliveries_of_hook_max,
)

SEED = 20261130


def due(number: int, hook: str = "h1", account: str = "a1", *, failing: bool = False) -> Due:
    return Due(
        id=f"d{number}", hook=hook, account=account, url="", edition=0, failing=failing, kind="batch.done", body="", step=0
    )  # fmt: skip


def test_one_address_has_two_and_one_that_fails_one() -> None:
    turns = Turns()
    assert [turns.take(due(number)) for number in range(3)] == [True, True, False]
    assert turns.full(["h1", "h2", "h1"]) == ["h1"]
    assert [turns.take(due(number, "h2", failing=True)) for number in range(2)] == [True, False]
    turns.give_back(due(0))
    assert turns.full(["h1"]) == []
    assert turns.take(due(3))


def test_failing_ones_never_take_more_than_half() -> None:
    turns = Turns()
    dead = [due(n, f"dead{n}", f"a{n}", failing=True) for n in range(100)]
    assert sum(map(turns.take, dead)) == deliveries_at_once_max // 2
    well = [due(n, f"well{n}", f"b{n}") for n in range(100)]
    assert sum(map(turns.take, well)) == deliveries_at_once_max // 2
    assert not turns.take(due(0, "one more", "c"))


def test_one_account_cannot_hold_up_another_nor_its_own_good_address() -> None:
    turns = Turns()
    assert (
        sum(turns.take(due(n, f"dead{n}", failing=True)) for n in range(10)) == deliveries_of_account_max // 2
    )
    assert turns.take(due(10, "well")), "its own"
    assert turns.take(due(11, "other", "a2"))


def test_whatever_comes_the_limits_hold_and_nothing_is_left_over() -> None:
    chance, turns, going = random.Random(SEED), Turns(), []
    for number in range(5_000):
        if going and chance.random() < 0.45:
            turns.give_back(going.pop(chance.randrange(len(going))))
            continue
        each = due(
            number, f"h{chance.randrange(60)}", f"a{chance.randrange(12)}", failing=chance.random() < 0.5
        )
        if turns.take(each):
            going.append(each)
        assert len(going) <= deliveries_at_once_max, SEED
        for most, name in ((deliveries_of_account_max, "account"), (deliveries_of_hook_max, "hook")):
            for value in {getattr(other, name) for other in going}:
                same = [other for other in going if getattr(other, name) == value]
                assert len(same) <= most, SEED
                assert sum(other.failing for other in same) <= most // 2, SEED
    for each in going:
        turns.give_back(each)
    assert not turns._taken, "memory does not grow with addresses that once were"
