"""The logs of leased executions: what their runners say, shown while it comes, over restarts, up to their end."""

from pathlib import Path
from typing import Any

import pytest

from server.executions.logs import FLUSH_MS
from server.routes.leaseschemas import LOG_CHARACTERS_MAX
from tests.routes.conftest import Front, fronted
from tests.routes.test_leases import external, leased, said


async def log_of(front: Front, lease: dict[str, Any], after: int = 0) -> tuple[list[str], int, bool]:
    found = await front.get(f"/executions/{lease['execution']}/log", after=after)
    return [line["text"] for line in found["lines"]], found["next"], found["ended"]


async def test_what_a_runner_says_is_shown_while_it_works_and_the_log_ends_with_it(front: Front) -> None:
    await external(front, 1)
    (lease,) = await leased(front)
    assert await log_of(front, lease) == ([], 0, False)
    await said(front, "progress", lease, log="reading\n12 pages")
    lines, after, ended = await log_of(front, lease)
    assert (lines, ended) == (["reading", "12 pages"], False)
    await said(front, "progress", lease, progress=0.5, log="")
    assert await log_of(front, lease, after) == ([], after, False)
    await said(front, "complete", lease, result=1, log="done\n")
    lines, after, ended = await log_of(front, lease, after)
    assert (lines, ended) == (["done"], True)
    for verb in ("progress", "complete", "fail"):
        await said(front, verb, lease, log="too late")
    assert await log_of(front, lease, after) == ([], after, True)


async def test_a_failure_has_last_words(front: Front) -> None:
    await external(front, 1)
    (lease,) = await leased(front)
    await said(front, "fail", lease, message="HTTP 503", log="Traceback…")
    assert await log_of(front, lease) == (["Traceback…"], len("1794999999999 Traceback…\n".encode()), True)


async def test_a_log_ends_when_its_lease_is_lost_and_the_next_attempt_has_its_own(front: Front) -> None:
    await external(front, 1)
    (old,) = await leased(front)
    await said(front, "progress", old, log="old")
    await front.clock.advance(60_000)
    (new,) = await leased(front)
    await said(front, "progress", old, log="from the dead")
    await said(front, "progress", new, log="new")
    assert (await log_of(front, old))[::2] == (["old"], True)
    assert (await log_of(front, new))[::2] == (["new"], False)


async def test_runners_that_never_come_back_leave_nothing_in_memory(front: Front) -> None:
    await external(front, 10)
    for lease in await leased(front, 10):
        await said(front, "progress", lease, log="here I am")
    assert len(front.logs._living) == 10
    await front.clock.advance(FLUSH_MS)
    await front.logs.flush()
    assert not front.logs._living


async def test_the_log_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with fronted(tmp_path) as front:
        await external(front, 1)
        (lease,) = await leased(front)
        await said(front, "progress", lease, log="before")
    async with fronted(tmp_path) as front:
        assert (await log_of(front, lease))[::2] == (["before"], False)
        assert (await said(front, "progress", lease, log="after"))[0] == 200
        assert (await said(front, "complete", lease, result=1))[0] == 200
        assert (await log_of(front, lease))[::2] == (["before", "after"], True)


async def test_no_token_writes_into_the_log_of_another(front: Front) -> None:
    await external(front, 2)
    first, second = await leased(front, 2)
    assert (await said(front, "progress", {**first, "token": second["token"]}, log="x"))[0] == 409
    wrong = {**first, "token": f"{first['execution']}.7"}
    assert (await said(front, "progress", wrong, log="x"))[0] == 409
    assert (await log_of(front, first))[0] == []
    await front.submit(1)
    ((work, _),) = front.runner.running.values()
    here = {"execution": work.execution, "token": work.token}
    assert (await said(front, "progress", here, log="x"))[0] == 409
    assert (await log_of(front, here))[0] == []


@pytest.mark.parametrize("verb", ["progress", "complete", "fail"])
async def test_lines_have_a_limit_and_the_lease_goes_on(front: Front, verb: str) -> None:
    await external(front, 1)
    (lease,) = await leased(front)
    status, problem = await said(front, verb, lease, log="x" * (LOG_CHARACTERS_MAX + 1))
    assert (status, problem["code"]) == (413, "limit_exceeded")
    assert "log_characters_max" in problem["detail"]
    status, problem = await said(front, verb, lease, log=["x"])
    assert (status, problem["detail"]) == (400, "log: expected a text")
    assert (await said(front, verb, lease, log="x" * LOG_CHARACTERS_MAX))[0] == 200
    assert (await log_of(front, lease))[0] == ["x" * LOG_CHARACTERS_MAX]
