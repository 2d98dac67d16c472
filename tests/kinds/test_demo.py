import asyncio
from dataclasses import replace
from typing import Any

import orjson
import pytest

from server.errors import InvalidInputError
from server.kinds.demo import DemoKind
from server.model import ExecutionState, Outcome, Reason
from tests.fakes.clock import FakeClock
from tests.kinds.bodies import WORK, Listener


async def performed(params: dict[str, Any], execution: str) -> tuple[Outcome, int, Listener]:
    """Return (the outcome, milliseconds it took, what was said)."""
    clock = FakeClock()
    listener = Listener(clock)
    checked = DemoKind().check(params, [])
    begun_ms = clock.monotonic_ms()
    ended_ms: list[int] = []
    task = asyncio.ensure_future(
        DemoKind().perform(replace(WORK, execution=execution, params=checked), listener)
    )
    task.add_done_callback(lambda _: ended_ms.append(clock.monotonic_ms()))
    await clock.advance(100_000)
    return task.result(), ended_ms[0] - begun_ms, listener


async def test_it_sleeps_for_what_it_was_told_and_says_that_it_is_a_demo() -> None:
    outcome, took_ms, listener = await performed({"seconds": 2}, "e00000000001")
    assert took_ms == 2000
    assert outcome.state is ExecutionState.DONE
    assert orjson.loads(outcome.result or b"") == {"demo": True, "seconds": 2.0}
    assert listener.told == [("note", "a demo"), ("progress", (0, 2000))]
    assert "demo" in listener.text


async def test_lengths_and_failures_follow_from_the_execution_alone() -> None:
    params = {"seconds": [1, 10], "fail": 0.5}
    ids = [f"e{number:011}" for number in range(40)]
    first = [await performed(params, execution) for execution in ids]
    again = [await performed(params, execution) for execution in ids]
    assert [(outcome, took) for outcome, took, _ in first] == [(outcome, took) for outcome, took, _ in again]
    lengths = [took for _, took, _ in first]
    assert min(lengths) >= 1000
    assert max(lengths) <= 10_000
    assert len(set(lengths)) > 30
    failed = [outcome for outcome, _, _ in first if outcome.state is ExecutionState.FAILED]
    assert 10 < len(failed) < 30
    assert {outcome.reason for outcome in failed} == {Reason.EXIT}


@pytest.mark.parametrize(("fail", "state"), [(0, ExecutionState.DONE), (1, ExecutionState.FAILED)])
async def test_never_and_always(fail: int, state: ExecutionState) -> None:
    states = {(await performed({"seconds": 0, "fail": fail}, f"e{n:011}"))[0].state for n in range(20)}
    assert states == {state}


async def test_cancelling_ends_it_at_once() -> None:
    clock = FakeClock()
    params = DemoKind().check({"seconds": 60}, [])
    task = asyncio.ensure_future(DemoKind().perform(replace(WORK, params=params), Listener(clock)))
    await clock.advance(1000)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_two_seconds_unless_said() -> None:
    assert DemoKind().check({}, ["name"]) == {"seconds": [2, 2], "fail": 0}


@pytest.mark.parametrize(
    "params",
    [
        {"seconds": "2"},
        {"seconds": -1},
        {"seconds": True},
        {"seconds": [3, 1]},
        {"seconds": [1, 2, 3]},
        {"seconds": [1, None]},
        {"seconds": float("nan")},
        {"seconds": 1e9},
        {"fail": 2},
        {"fail": "no"},
        {"second": 2},
    ],
)
def test_wrong_params_are_refused(params: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="demo: expected"):
        DemoKind().check(params, [])
