"""What subscriptions give at a moment, and which plan follows."""

from dataclasses import replace

import pytest

from server.billing.setup import read_prices
from server.billing.terms import DAY_MS, Standing, Terms, grace_ms_max, terms_of, tier_to_be
from server.billing.tiers import TIERS
from server.store.subscriptions import Subscription

PRICES = read_prices("starter:price_s, pro:price_p,pro:price_old", TIERS)
NOW_MS = 1_795_000_000_000
PRO = Subscription(
    id="sub_1", status="active", price="price_p", item="si_1", period_end_ms=NOW_MS + 20 * DAY_MS
)
STARTER = replace(PRO, id="sub_2", price="price_s")


def test_nothing_gives_nothing() -> None:
    assert terms_of([], PRICES, NOW_MS) == Terms(state=Standing.NONE)


def test_what_is_paid_gives_its_tier_and_renews() -> None:
    terms = terms_of([PRO], PRICES, NOW_MS)
    assert (terms.state, terms.gives, terms.tier) == (Standing.ACTIVE, "pro", "pro")
    assert (terms.renews_ms, terms.ends_ms, terms.look_ms) == (PRO.period_end_ms, None, None)


def test_a_former_price_of_a_tier_gives_it_too() -> None:
    assert terms_of([replace(PRO, price="price_old")], PRICES, NOW_MS).gives == "pro"


@pytest.mark.parametrize("status", ["incomplete", "incomplete_expired", "canceled"])
def test_what_was_never_paid_or_is_over_gives_nothing(status: str) -> None:
    assert terms_of([replace(PRO, status=status)], PRICES, NOW_MS) == Terms(state=Standing.NONE)


def test_what_is_cancelled_gives_its_tier_to_its_end() -> None:
    ends_ms = NOW_MS + 3 * DAY_MS
    terms = terms_of([replace(PRO, cancel_ms=ends_ms)], PRICES, NOW_MS)
    assert (terms.state, terms.gives, terms.ends_ms, terms.renews_ms) == (
        Standing.ENDING, "pro", ends_ms, None
    )  # fmt: skip
    assert terms.look_ms is not None
    assert terms.look_ms > ends_ms


@pytest.mark.parametrize("status", ["past_due", "unpaid"])
def test_what_is_not_paid_gives_its_tier_for_seven_days(status: str) -> None:
    behind = replace(PRO, status=status, behind_ms=NOW_MS)
    last_ms = NOW_MS + grace_ms_max - 1
    terms = terms_of([behind], PRICES, last_ms)
    assert (terms.state, terms.gives, terms.grace_ms, terms.look_ms) == (
        Standing.PAST_DUE, "pro", last_ms + 1, last_ms + 1
    )  # fmt: skip
    terms = terms_of([behind], PRICES, last_ms + 1)
    assert (terms.state, terms.gives, terms.tier, terms.look_ms) == (Standing.UNPAID, None, "pro", None)


def test_of_several_the_one_that_gives_most_counts() -> None:
    assert terms_of([STARTER, PRO], PRICES, NOW_MS).tier == "pro"
    behind = replace(PRO, status="past_due", behind_ms=NOW_MS - grace_ms_max)
    terms = terms_of([STARTER, behind], PRICES, NOW_MS)
    assert (terms.state, terms.gives) == (Standing.ACTIVE, "starter")


def test_a_price_that_nobody_knows_makes_it_uncertain() -> None:
    unknown = replace(PRO, price="price_x")
    assert terms_of([unknown], PRICES, NOW_MS).uncertain
    assert terms_of([unknown, STARTER], PRICES, NOW_MS).uncertain
    assert not terms_of([replace(unknown, status="canceled")], PRICES, NOW_MS).uncertain


@pytest.mark.parametrize(
    ("gives", "applied", "current", "expected"),
    [
        ("pro", None, "free", "pro"),  # bought
        ("pro", None, "pro", None),  # bought what an operator had given
        ("pro", "pro", "enterprise", None),  # an operator's choice stays
        ("pro", "starter", "enterprise", "pro"),  # until the subscription changes
        ("starter", "pro", "pro", "starter"),
        (None, "pro", "pro", "free"),  # ended
        (None, "pro", "enterprise", None),  # it takes away what it gave, and nothing else
        (None, None, "enterprise", None),
    ],
)
def test_which_plan_follows(
    gives: str | None, applied: str | None, current: str, expected: str | None
) -> None:
    assert tier_to_be(Terms(gives=gives), applied=applied, current=current, first="free") == expected


def test_while_it_is_uncertain_nothing_changes() -> None:
    assert tier_to_be(Terms(uncertain=True), applied="pro", current="pro", first="free") is None
