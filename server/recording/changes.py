"""What happened between one state of the full view and the next that is worth a marker (p)."""

from collections.abc import Iterator
from typing import Any

from server.model import BATCH_ENDED, Blocked
from server.recording.parts import entries, number, part
from simulation.desk import Activity
from simulation.fields import State
from simulation.snapshot import finished_max

DESK_FIELDS = ("execution", "task", "batch", "title", "reason", "attempt", "until")
BATCH_FIELDS = ("name", "state", "total", "done", "failed")


def changes(before: State, after: State) -> Iterator[dict[str, Any]]:
    """Markers without their moment. What is the same object in both states is not looked into."""
    if after.get("desks") is not before.get("desks"):
        yield from _failed(before, after)
    if after.get("batches") is not before.get("batches"):
        yield from _ended(before, after)
    if after.get("queue") is not before.get("queue"):
        yield from _held(part(before, "queue"), part(after, "queue"))
    if after.get("office") is not before.get("office"):
        yield from _set(part(before, "office"), part(after, "office"))


def failures(before: State, after: State) -> Iterator[tuple[str, int]]:
    """How many tasks more of each batch have failed, by what the batches say."""
    if after.get("batches") is before.get("batches"):
        return
    known = dict(entries(before, "batches"))
    for batch, figures in entries(after, "batches"):
        old = known.get(batch)
        if old is not None and number(figures, "failed") > number(old, "failed"):
            yield batch, number(figures, "failed") - number(old, "failed")


def _failed(before: State, after: State) -> Iterator[dict[str, Any]]:
    known = dict(entries(before, "desks"))
    for key, desk in entries(after, "desks"):
        old = known.get(key, {})
        if desk is old or desk.get("activity") != Activity.FAILED or not key.isdecimal():
            continue
        if old.get("activity") != Activity.FAILED or old.get("execution") != desk.get("execution"):
            yield {"kind": "failed", "desk": int(key)} | _those(desk, DESK_FIELDS)


def _ended(before: State, after: State) -> Iterator[dict[str, Any]]:
    known = dict(entries(before, "batches"))
    ended = sum(_is_over(figures) for figures in known.values())
    newest = max((number(figures, "order") for figures in known.values()), default=-1)
    grown = _batches(after) > _batches(before)
    for batch, figures in entries(after, "batches"):
        old = known.get(batch)
        if figures is old or not _is_over(figures) or (old is not None and _is_over(old)):
            continue
        # One that was not shown may have ended long ago and have come back into the ten latest: not if there was room
        # for it all the time, nor if it is new.
        if old is not None or ended < finished_max or (grown and number(figures, "order") > newest):
            yield {"kind": "batch", "batch": batch} | _those(figures, BATCH_FIELDS)


def _is_over(figures: State) -> bool:
    return str(figures.get("state")) in BATCH_ENDED


def _batches(state: State) -> int:
    """How many batches there are, shown or not."""
    return len(part(state, "batches")) + number(part(state, "office"), "more")


def _held(before: State, after: State) -> Iterator[dict[str, Any]]:
    held = after.get("blocked") == Blocked.QUOTA
    if held and before.get("blocked") != Blocked.QUOTA:
        yield {"kind": "blocked"} | _those(after, ("until",))
    elif not held and before.get("blocked") == Blocked.QUOTA:
        yield {"kind": "unblocked"}


def _set(before: State, after: State) -> Iterator[dict[str, Any]]:
    for name in ("tier", "slots"):
        if name in before and name in after and before[name] != after[name]:
            yield {"kind": name, name: after[name], "before": before[name]}


def _those(fields: State, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}
