import pytest

from server.billing.tiers import TIERS
from server.errors import TierRequiredError
from server.spectators.room import check_room


@pytest.mark.parametrize(
    ("tier", "count", "wider"),
    [("free", 1, "starter"), ("free", 7, "pro"), ("starter", 5, "pro"), ("pro", 50, "enterprise")],
)
def test_a_full_plan_names_the_next_one_that_has_room(tier: str, count: int, wider: str) -> None:
    with pytest.raises(TierRequiredError) as refused:
        check_room(TIERS, tier, count)
    assert refused.value.extra == {"tier": wider}
    assert TIERS[wider].title in refused.value.detail


def test_a_plan_that_has_room_says_nothing() -> None:
    check_room(TIERS, "free", 0)
    check_room(TIERS, "starter", 4)


def test_where_no_plan_has_room_none_is_named() -> None:
    with pytest.raises(TierRequiredError) as refused:
        check_room({"free": TIERS["free"]}, "free", 1)
    assert refused.value.extra == {}


def test_enterprise_has_as_many_as_one_likes() -> None:
    check_room(TIERS, "enterprise", 10**6)
