"""Bodies that do what their seed says, and the witness that saw all of them."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from server.errors import RateLimitedError
from server.kinds.contract import Context
from server.model import Allowance, ExecutionState, Outcome, RateFacts, Reason, Work

KEY = "platform:api.example.com"
ASKS_MAX = 3
WORDS = ("no answer", "refused", "not there", "bad key")


class Witness:
    """Sees every body begin and end, through all lives of the server.

    `admitted` says whether rows have the execution as running under that fence at this moment.
    """

    def __init__(self, seed: str, admitted: Callable[[str, int], bool]) -> None:
        self.seed = seed
        self.living: dict[str, Work] = {}
        self.fences: dict[str, int] = {}
        self.begun: set[str] = set()
        self.amiss: list[str] = []
        self.tame = False
        self._admitted = admitted

    def begins(self, work: Work) -> None:
        if work.task in self.living:
            self.amiss.append(f"a body of task {work.task} beside its successor")
        if work.fence <= self.fences.get(work.task, 0):
            self.amiss.append(f"fence {work.fence} of task {work.task} after {self.fences[work.task]}")
        if work.execution in self.begun:
            self.amiss.append(f"execution {work.execution} began twice")
        if not self._admitted(work.execution, work.fence):
            self.amiss.append(f"execution {work.execution} began before its admission was committed")
        self.living[work.task] = work
        self.fences[work.task] = work.fence
        self.begun.add(work.execution)

    def ends(self, work: Work) -> None:
        if self.living.get(work.task) is work:
            del self.living[work.task]

    def died(self) -> None:
        """The process is gone, and its bodies with it."""
        self.living.clear()


class ScriptedKind:
    """Satisfies server.kinds.contract.Kind: how long, how well and how stubbornly, drawn from task and fence."""

    name = "scripted"
    attempts = 1

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        return dict(params)

    async def perform(self, work: Work, context: Context) -> Outcome:
        witness = self._witness
        chance = random.Random(f"{witness.seed}:{work.task}:{work.fence}")
        stubborn_ms = chance.choice((0, 0, 300, 4_000))
        witness.begins(work)
        try:
            return await self._perform(work, context, chance)
        except asyncio.CancelledError:
            if work.task in witness.living:
                await context.clock.sleep(stubborn_ms)
            raise
        finally:
            witness.ends(work)

    async def _perform(self, work: Work, context: Context, chance: random.Random) -> Outcome:
        how = self._way(work, chance)
        if how == "asks":
            return await self._asks(work, context, chance)
        context.note(f"attempt {work.attempt}")
        for part in range(1, chance.choice((1, 2, 3)) + 1):
            await context.clock.sleep(chance.choice((0, 20, 400, 2_500, 30_000)))
            context.progress(part * 300)
        if how == "waits":
            context.waiting(context.clock.now_ms() + 5_000)
            await context.clock.sleep(5_000)
            context.waiting(None)
        if how == "put back":
            raise RateLimitedError("not now")
        if how == "alike":
            return Outcome(
                state=ExecutionState.FAILED, reason=Reason.EXIT, message=f"bad key {work.execution}"
            )
        if how == "raise":
            raise RuntimeError("scripted")
        if how in {"failed", "final"}:
            return Outcome(
                state=ExecutionState.FAILED, reason=Reason.EXIT, message=chance.choice(WORDS), retryable=how == "failed"
            )  # fmt: skip
        return done(work)

    def _way(self, work: Work, chance: random.Random) -> str:
        """How a body goes: as its batch wants it, or as it comes."""
        way = str(work.params.get("way", "any"))
        if way == "asks":
            return way
        if self._witness.tame:
            return "done"
        if way == "alike":
            return way
        return chance.choice(("done",) * 6 + ("failed", "failed", "final", "raise", "waits", "put back"))

    async def _asks(self, work: Work, context: Context, chance: random.Random) -> Outcome:
        """Ask a provider, again where it refuses; who has no turn soon is put back by the runner."""
        for _ in range(ASKS_MAX):
            await context.turn(KEY, chance.choice((0, 50, 400)))
            facts = RateFacts(requests=Allowance(limit=600)) if self._witness.tame else refusing(chance)
            await context.clock.sleep(chance.choice((20, 900, 6_000)))
            context.learned(KEY, facts)
            if facts.retry_ms is None:
                return done(work)
        return Outcome(state=ExecutionState.FAILED, reason=Reason.UNREACHABLE, message="refused")


def refusing(chance: random.Random) -> RateFacts:
    """What a provider says: its limits, what is left of them, and now and then that it wants to hear nothing for a while."""
    return chance.choice((
        RateFacts(), RateFacts(requests=Allowance(limit=60, remaining=chance.choice((0, 5, 59)))),
        RateFacts(requests=Allowance(limit=12), tokens=Allowance(limit=3_000, remaining=chance.choice((0, 900)))),
        RateFacts(retry_ms=chance.choice((500, 4_000, 9_500, 25_000, 700_000))),
    ))  # fmt: skip


def done(work: Work) -> Outcome:
    return Outcome(state=ExecutionState.DONE, result=orjson.dumps({"token": work.token}))
