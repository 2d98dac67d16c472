"""What happened between one state of the full view and the next that is worth a marker (p)."""

from collections.abc import Iterator
from typing import Any

from server.model import BATCH_ENDED, Blocked
from server.recording.parts import entries, moved, number, part
from simulation.desk import Activity
from simulation.fields import State
from simulation.snapshot import finished_max

DESK_FIELDS = ("execution", "task", "batch", "title", "reason", "attempt", "until")
BATCH_FIELDS = ("name", "state", "total", "done", "failed")


def changes(before: State, after: State) -> Iterator[dict[str, Any]]:
    """Markers without their moment. What is the same object in both states is not looked into."""
    yield from _failed(before, after)
    yield from _ended(before, after)
    if after.get("queue") is not before.get("queue"):
        yield from _held(part(before, "queue"), part(after, "queue"))
    if after.get("office") is not before.get("office"):
        yield from _set(part(before, "office"), part(after, "office"))


def failures(before: State, after: State) -> Iterator[tuple[str, int]]:
    """How many tasks more of each batch have failed, by what the batches say."""
    for batch, old, figures in moved(before, after, "batches"):
        more = 0 if old is None else number(figures, "failed") - number(old, "failed")
        if more > 0:
            yield batch, more


def _failed(before: State, after: State) -> Iterator[dict[str, Any]]:
    for key, old, desk in moved(before, after, "desks"):
        if desk.get("activity") != Activity.FAILED or not key.isdecimal():
            continue
        if (
            old is None
            or old.get("activity") != Activity.FAILED
            or old.get("execution") != desk.get("execution")
        ):
            yield {"kind": "failed", "desk": int(key)} | _those(desk, DESK_FIELDS)


def _ended(before: State, after: State) -> Iterator[dict[str, Any]]:
    for batch, old, figures in moved(before, after, "batches"):
        over = _is_over(figures) and (old is None or not _is_over(old))
        if over and (old is not None or _is_new(before, after, figures)):
            yield {"kind": "batch", "batch": batch} | _those(figures, BATCH_FIELDS)


def _is_new(before: State, after: State, figures: State) -> bool:
    """Whether a batch that was not shown before and has ended did so just now.

    It may have ended long ago and have come back into the ten latest: not if there was room for it all the time, nor if
    there is one batch more and none is newer.
    """
    known = [entry for _, entry in entries(before, "batches")]
    newest = max((number(entry, "order") for entry in known), default=-1)
    grown = _batches(after) > _batches(before)
    return sum(map(_is_over, known)) < finished_max or (grown and number(figures, "order") > newest)


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
