"""What an office is fed with, tick by tick: the trace, or the worst that can be."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any, TypeAlias, TypeVar

from bench.trace import BASE_MS, HZ, Trace, trace
from simulation.inputs import BatchChanged, Ended, Input, Progressed, Started
from simulation.pending import Pending

Feed: TypeAlias = Callable[[int], Sequence[Input]]
"""The inputs of tick n, 0 for those an office begins with; their moments are those of an office that begins at BASE_MS."""

Fact = TypeVar("Fact", bound=Any)

DESKS = 10
LONG_MS = 60_000
WARM_TICKS = 60 * HZ
"""The trace is fed from its second minute on: before it, hardly anything is known of how long a task takes."""
LARGE_BATCHES = 20
MOMENTS = frozenset({"at_ms", "until_ms", "retry_ms", "ended_ms", "resets_ms", "eta_ms"})
WIDE = "\N{GRINNING FACE}"
"""Takes as many bytes as a character can."""


def worst(tick: int) -> Sequence[Input]:
    """Something to tell at every tick: one desk's note and bar, by turns."""
    if tick == 0:
        return [_batch(0, "Research on competitors"), *map(_started, range(DESKS))]
    desk, permille = tick % DESKS, 100 + tick // DESKS * 97 % 800
    at_ms = BASE_MS + tick * 1000 // HZ
    return [
        Progressed(
            execution=f"execution{desk:03}", at_ms=at_ms, permille=permille, remaining_ms=LONG_MS,
            note=f"reading page {tick}",
        )
    ]  # fmt: skip


def large(tick: int) -> Sequence[Input]:
    """Frames about as long as frames get: every batch has another name at every tick, and every desk other work.

    In the widest letters there are, and as many batches as leave each text most of its length.
    """
    text, at_ms = f"{tick:06}" + WIDE * 120, BASE_MS + tick * 1000 // HZ
    inputs: list[Input] = [_batch(number, text) for number in range(LARGE_BATCHES)]
    for desk in range(DESKS):
        before, execution = f"execution{tick - 1:05}{desk}", f"execution{tick:05}{desk}"
        if tick:
            inputs.append(Ended(execution=before, at_ms=at_ms, state="done", reason=None, retry_ms=None))
        begun = replace(
            _started(desk), execution=execution, task=f"task{tick:05}{desk}", title=text, at_ms=at_ms
        )
        inputs += [
            begun,
            Progressed(execution=execution, at_ms=at_ms, permille=None, remaining_ms=None, note=text),
        ]
    return inputs


def quiet(tick: int) -> Sequence[Input]:
    """Nothing happens."""
    return () if tick else worst(0)


class Traced:
    """The trace from its second minute on."""

    def __init__(self, played: Trace | None = None) -> None:
        before = Pending()
        self._steps: dict[int, Sequence[Input]] = {}
        moved_ms = -WARM_TICKS * 1000 // HZ
        for step in (played or trace()).steps:
            inputs = [moved(new, moved_ms) for new in step.inputs]
            if step.tick > WARM_TICKS:
                self._steps[step.tick - WARM_TICKS] = inputs
            else:
                for new in inputs:
                    before.add(new)
        self._steps[0] = before.take()

    def __call__(self, tick: int) -> Sequence[Input]:
        """See Feed; nothing happens after its end."""
        return self._steps.get(tick, ())


def moved(new: Fact, by_ms: int) -> Fact:
    """The same at another time: whatever is a moment in it, moved."""
    moments: dict[str, Any] = {}
    for name in _moments(type(new)):
        value = getattr(new, name)
        if isinstance(value, tuple):
            moments[name] = (value[0] + by_ms, value[1] + by_ms)
        elif value is not None:
            moments[name] = value + by_ms
    return replace(new, **moments) if moments else new


@cache
def _moments(kind: type[Any]) -> tuple[str, ...]:
    """The fields of an input that are moments."""
    return tuple(field.name for field in fields(kind) if field.name in MOMENTS)


def _started(number: int) -> Started:
    return Started(
        execution=f"execution{number:03}", task=f"task{number:08}", batch="batch0000000", title=f"Acme Robotics {number}",
        attempt=1, attempts=3, at_ms=BASE_MS, estimate_ms=LONG_MS,
    )  # fmt: skip


def _batch(number: int, name: str) -> BatchChanged:
    return BatchChanged(
        batch=f"batch{number:07}", name=name, state="running", total=100, done=3, failed=0, running=DESKS,
        order=number + 1, eta_ms=None, ended_ms=None,
    )  # fmt: skip


FEEDS: dict[str, Callable[[], Feed]] = {
    "worst": lambda: worst,
    "large": lambda: large,
    "quiet": lambda: quiet,
    "trace": Traced,
    "three": lambda: Traced(trace(slots=3)),
}
"""By the names under which `bench.fed` knows them; three: the trace on three slots, as smaller offices have them."""
