"""Every case ends as its line says, and leaves the server as it was: serving truly, with nothing kept and nothing logged."""

import gc
import random

import psutil
import pytest

from tests.hostile.cases import CASES, GONE, LIVE, Case
from tests.hostile.raw import Raw
from tests.hostile.target import Target

pytestmark = [pytest.mark.flow, pytest.mark.asyncio(loop_scope="module")]

ROUNDS = 300
SEED = 20261124


async def play(target: Target, case: Case, *, deflates: bool = False) -> str:
    async with Raw(target.port, deflates=deflates) as raw:
        if case.to == "shaken":
            await raw.shake()
        elif case.to == "live":
            await raw.enter()
        if callable(case.data):
            if (ended := await case.data(raw, target)) is not None:
                return ended
        else:
            await raw.send(case.data)
        if case.ends == {GONE}:
            return GONE
        if case.ends == {LIVE}:
            return await alive(raw, target)
        ended = await raw.outcome()
        return ended.replace(" ", "")


async def alive(raw: Raw, target: Target) -> str:
    """It is told what happens next."""
    if (ended := await raw.goes_on(b"keyframe")) != LIVE:
        return ended
    raw.texts.clear()
    await target.house.clock.advance(3_000)
    return await raw.goes_on(b"clock", b"diff")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_it_ends_as_it_should_and_nothing_is_left_of_it(
    target: Target, silent: None, case: Case
) -> None:
    before = target.census()
    ended = await play(target, case)
    assert ended in case.ends, f"expected {sorted(case.ends)}, got {ended}"
    await target.is_as(before)
    await target.serves_truly()
    await target.is_as(before)


async def test_hundreds_of_them_leave_no_more_than_a_few(target: Target, silent: None) -> None:
    chance = random.Random(SEED)
    quick = [case for case in CASES if "http408" not in case.ends and "16 MiB" not in case.name]
    before = target.census()
    for case in chance.choices(quick, k=ROUNDS // 3):
        await play(target, case)
    await target.is_as(before)
    objects, memory = weigh()
    for case in chance.choices(quick, k=ROUNDS):
        ended = await play(target, case)
        assert ended in case.ends, f"seed {SEED}: {case.name}"
    await target.is_as(before)
    await target.serves_truly()
    more_objects, more_memory = weigh()
    assert more_objects - objects < ROUNDS, f"seed {SEED}"
    assert more_memory - memory < 8 * 1024 * 1024, f"seed {SEED}"


def weigh() -> tuple[int, int]:
    gc.collect()
    return len(gc.get_objects()), psutil.Process().memory_info().rss
