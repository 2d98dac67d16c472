"""The kind `demo`: sleeps, to try the office. Its results say that they are a demo."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from server.errors import InvalidInputError
from server.kinds.contract import Context
from server.model import ExecutionState, Outcome, Reason, Work

SECONDS_MAX = 86_400


class DemoKind:
    """Params `{"seconds": 2 | [lo, hi], "fail": 0.1}`; 2 and 0 unless said.

    How long an execution takes and whether it fails is drawn from its id alone, so a repeated test repeats them.
    The result is `{"demo": true, "seconds": 1.234}`.
    """

    name = "demo"
    attempts = 1

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:  # noqa: ARG002
        """See Kind. The normal form is `{"seconds": [lo, hi], "fail": share}`."""
        if unknown := params.keys() - {"seconds", "fail"}:
            raise InvalidInputError(f"demo: expected seconds and fail, got {', '.join(sorted(unknown))}")
        seconds = params.get("seconds", 2)
        low, high = seconds if isinstance(seconds, list) and len(seconds) == 2 else (seconds, seconds)
        if not (_is_within(low, SECONDS_MAX) and _is_within(high, SECONDS_MAX) and low <= high):
            raise InvalidInputError(
                f"demo: expected seconds as a number from 0 to {SECONDS_MAX} or as [lo, hi], got {seconds!r}"
            )
        fail = params.get("fail", 0)
        if not _is_within(fail, 1):
            raise InvalidInputError(f"demo: expected fail as a share from 0 to 1, got {fail!r}")
        return {"seconds": [low, high], "fail": fail}

    async def perform(self, work: Work, context: Context) -> Outcome:
        """See Kind."""
        chance = random.Random(hashlib.sha256(work.execution.encode()).digest())  # noqa: S311  no secret
        low, high = work.params["seconds"]
        duration_ms = round(1000 * (low + chance.random() * (high - low)))
        fails = chance.random() < work.params["fail"]
        context.note("a demo")
        context.progress(0, duration_ms)  # it knows how long it takes, so one call is the whole truth
        context.log(f"This is a demo: it sleeps for {duration_ms / 1000:.1f} s and does nothing else.")
        await context.clock.sleep(duration_ms)
        if fails:
            return Outcome(
                state=ExecutionState.FAILED, reason=Reason.EXIT, message="this demo was asked to fail"
            )
        result = orjson.dumps({"demo": True, "seconds": duration_ms / 1000})
        return Outcome(state=ExecutionState.DONE, result=result)


def _is_within(value: object, highest: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= highest
