"""Figures of what ended in a batch, over HTTP; the list of what failed for one reason, and trying exactly those again."""

import pytest

from server.errors import InvalidInputError
from server.model import ExecutionState, Outcome, Reason
from server.routes.figures import why_of
from tests.routes.conftest import Front

WHYS = [
    (Reason.EXIT, "exit 1: no"),
    (Reason.EXIT, "exit 1"),
    (Reason.EXIT, "exit 2"),
    (Reason.TIMEOUT, "late"),
]


async def broken(front: Front) -> str:
    """A batch of twelve of which four have failed after a second, for three reasons, and the others are done."""
    batch = await front.submit(12, attempts=1)
    await front.clock.advance(1_000)
    for execution, (reason, message) in zip(list(front.runner.running), WHYS, strict=False):
        front.runner.end(execution, Outcome(state=ExecutionState.FAILED, reason=reason, message=message))
    await front.scheduler.settled()
    await front.clock.advance(120_000)
    return batch


async def test_figures_of_a_batch_that_has_ended(front: Front) -> None:
    batch = await broken(front)
    told = await front.get(f"/batches/{batch}/figures")
    assert told["reasons"] == [
        {"why": "exit 1", "count": 2},
        {"why": "exit 2", "count": 1},
        {"why": "timeout", "count": 1},
    ]
    assert (told["every"], told["more"]) == (1, 0)
    durations = told["durations"]
    assert (durations["of"], sum(durations["bars"]), durations["longer"]) == (8, 8, 0)
    assert (durations["half"], durations["most"], durations["longest"]) == (60, 60, 60)
    ends = told["ends"]
    assert (sum(ends["done"]), sum(ends["failed"]), len(ends["done"])) == (8, 4, len(ends["failed"]))
    assert ends["from"] == (await front.get(f"/batches/{batch}"))["started"]


async def test_a_batch_that_has_just_begun_has_none(front: Front) -> None:
    batch = await front.submit(3)
    assert await front.get(f"/batches/{batch}/figures") == {"every": 1, "reasons": [], "more": 0}
    assert (await front.ask("GET", "/batches/nobody/figures")).status_code == 404


async def test_what_failed_for_one_reason_is_listed_and_tried_again_alone(front: Front) -> None:
    batch = await broken(front)
    listed = await front.get(f"/batches/{batch}/tasks", why="exit 1")
    assert [task["message"] for task in listed["items"]] == ["exit 1: no", "exit 1"]
    assert (await front.get(f"/batches/{batch}/tasks", why="exit 3"))["items"] == []
    assert (await front.get(f"/batches/{batch}/tasks", why="exit 1", state="done"))["items"] == []
    response = await front.ask("POST", f"/batches/{batch}/retry", params={"why": "exit 1"})
    assert response.status_code == 200, response.text
    assert (response.json()["failed"], response.json()["total"]) == (2, 12)
    await front.clock.advance(120_000)
    again = await front.get(f"/batches/{batch}")
    assert (again["done"], again["failed"], again["state"]) == (10, 2, "done")
    gone = await front.ask("POST", f"/batches/{batch}/retry", params={"why": "exit 1"})
    assert (gone.status_code, gone.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("why", ["exit", "limit"])
async def test_a_reason_that_nothing_failed_for_is_no_mistake(front: Front, why: str) -> None:
    batch = await broken(front)
    assert (await front.get(f"/batches/{batch}/tasks", why=why))["items"] == []


@pytest.mark.parametrize("why", ["1", "exit x", "' OR 1=1 --", "Exit 1"])
async def test_what_is_no_reason_is_refused(front: Front, why: str) -> None:
    batch = await front.submit(1)
    for method, path in (("GET", "tasks"), ("POST", "retry")):
        refused = await front.ask(method, f"/batches/{batch}/{path}", params={"why": why})
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid")


def test_a_reason_is_a_word_of_ours_or_a_code() -> None:
    assert [why_of({"why": why}) for why in ("timeout", "exit 12")] == ["timeout", "exit 12"]
    assert why_of({}) is None
    for wrong in ("no", ""):
        with pytest.raises(
            InvalidInputError, match=rf"why: expected one of exit, .* or exit and a code, got '{wrong}'"
        ):
            why_of({"why": wrong})
