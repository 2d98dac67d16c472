"""The tiers' table is what the product promises."""

import pytest

from server.billing.tiers import TIERS, slots_of, tier_named
from server.errors import InvalidInputError


def test_figures_of_the_four_tiers() -> None:
    assert {name: (tier.price, tier.slots, tier.quota) for name, tier in TIERS.items()} == {
        "free": (0, 1, 50),
        "starter": (29, 3, 500),
        "pro": (79, 10, 5_000),
        "enterprise": (None, 50, 50_000),
    }


def test_an_own_key_gives_at_least_twenty_from_pro_on() -> None:
    assert [slots_of(tier, with_key=True) for tier in TIERS.values()] == [1, 3, 20, 50]


def test_an_operators_number_wins() -> None:
    assert slots_of(TIERS["free"], 7) == 7


def test_an_unknown_tier_names_those_there_are() -> None:
    with pytest.raises(
        InvalidInputError, match=r"expected one of free, starter, pro, enterprise, got 'gold'"
    ):
        tier_named("gold")
