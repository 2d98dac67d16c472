"""What a number of tasks would take, over HTTP: the examples of the product's card, before and after something is measured."""

from math import ceil

import pytest

from tests.routes.conftest import Front

# A name of a tier, tasks: minutes, now, later.
CARD = {
    ("starter", 100): (34, 100, 0),
    ("starter", 50): (17, 50, 0),
    ("pro", 100): (10, 100, 0),
    ("free", 100): (50, 50, 50),
    ("enterprise", 100): (2, 100, 0),
}


@pytest.mark.parametrize(("tier", "tasks"), CARD)
async def test_the_examples_of_the_card(front: Front, tier: str, tasks: int) -> None:
    said = await front.get("/estimate", tasks=tasks, tier=tier)
    assert (said["minutes"], said["now"], said["later"]) == CARD[tier, tasks]
    assert (said["each"], said["basis"]) == (60, "assumed")
    assert said["minutes"] == ceil(said["now"] / said["workers"] * said["each"] / 60)
    assert ("resumes" in said) is (said["later"] > 0)


async def test_it_is_of_the_tasks_that_are_asked_about_whatever_waits(front: Front) -> None:
    alone = await front.get("/estimate", tasks=30, tier="pro")
    await front.submit(500)
    assert await front.get("/estimate", tasks=30, tier="pro") == alone


async def test_what_is_used_of_the_quota_is_gone_in_every_tier(front: Front) -> None:
    await front.submit(10)
    await front.scheduler.settled()
    said = await front.get("/estimate", tasks=100, tier="free")
    assert (said["now"], said["later"]) == (40, 60)


async def test_once_something_is_measured_each_is_that_and_the_basis_says_so(front: Front) -> None:
    await front.submit(30)
    await front.clock.advance(3 * 60_000)
    said = await front.get("/estimate", tasks=100, tier="pro")
    assert (said["each"], said["basis"], said["minutes"]) == (60, "measured", 10)
