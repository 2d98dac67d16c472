"""The world as plain JSON: what may be seen of it at a tick, with what is unchanged shared from tick to tick."""

from collections.abc import Mapping
from functools import cache

from simulation.desk import RUNNING, WORKERS, Activity, Desk, desks_max
from simulation.execution import Execution
from simulation.fields import State
from simulation.inputs import BatchChanged, QueueChanged, QuotaChanged
from simulation.text import char_bytes_max, chars_max, cut
from simulation.world import World

keyframe_bytes_max = 32 * 1024
"""The longest a state gets as compact JSON in UTF-8; what encodes it asserts it."""
frame_bytes, batch_bytes, shown_bytes = 4_100, 182, 84
"""How long a keyframe with ten full desks gets, and what each batch and each entry of overflow adds, without texts."""
TEXT_BYTES = (chars_max * char_bytes_max, 480, 360, 240, 200, 156)
"""How many bytes a text may have: the first of these with which all of them have room."""
batches_max = 60
finished_max = 10
shown_max = 20

_KEYS = tuple(str(number) for number in range(desks_max))
_NAMES: Mapping[Activity, str] = {activity: activity.value for activity in Activity}


def snapshot(world: World) -> State:
    """What may be seen of a world, from nothing: interface.md section 5.

    A person at their own desk has neither ``place`` nor ``path``; one elsewhere has ``place``; one on the way ``path``.
    """
    return _state(world, text_bytes_max(world), None, {})


def snapshot_after(before: World, state: State, world: World) -> State:
    """The same as ``snapshot(world)``, made from the ``state`` of a world before it.

    What has not changed is the very same object, so that a diff need not look into it.
    """
    bytes_max = text_bytes_max(world)
    as_many = world.batches is before.batches and len(world.unseated) == len(before.unseated)
    if not as_many and bytes_max != text_bytes_max(before):
        return snapshot(world)
    return _state(world, bytes_max, before, state)


def text_bytes_max(world: World) -> int:
    """How many bytes each text of this world's state may have so that any state fits `keyframe_bytes_max`.

    With few batches and little upstairs, no text is cut below 120 characters. The more there is to show the fewer bytes
    are left for each text; in steps, so that one batch more seldom cuts all of them anew.
    """
    return _text_bytes_max(min(len(world.batches), batches_max), min(len(world.unseated), shown_max))


@cache
def _text_bytes_max(batches: int, shown: int) -> int:
    room = keyframe_bytes_max - frame_bytes - batches * batch_bytes - shown * shown_bytes
    texts = 1 + 2 * desks_max + batches + shown
    return next(step for step in TEXT_BYTES if step * texts <= room)


def _state(world: World, bytes_max: int, before: World | None, state: State) -> State:
    batches = _batches(world, bytes_max, before, state)
    office = _office(world, bytes_max, len(batches))
    parts = {
        "office": state["office"] if before is not None and office == state["office"] else office,
        "desks": _desks(world, bytes_max, before, state),
        "overflow": _overflow(world, bytes_max, before, state),
        "queue": state["queue"]
        if before is not None and world.queue is before.queue
        else _queue(world.queue),
        "batches": batches,
    }
    if world.quota is not None:
        known = before is not None and world.quota is before.quota
        parts["quota"] = state["quota"] if known else _quota(world.quota)
    return parts


def _office(world: World, bytes_max: int, batches: int) -> State:
    running, more = world.running, len(world.batches) - batches
    part: State = {"id": world.office}
    if world.name:
        part["name"] = cut(world.name, bytes_max)
    part["tier"], part["slots"], part["running"] = world.tier, world.slots, running
    if not running and (finished_ms := world.finished_ms) is not None:
        part["finished"] = finished_ms
    if more:
        part["more"] = more
    return part


def _desks(world: World, bytes_max: int, before: World | None, state: State) -> State:
    if before is None:
        return {key: _desk(desk, bytes_max) for key, desk in zip(_KEYS, world.desks, strict=True)}
    parts: State = {**state["desks"]}
    for key, desk, last in zip(_KEYS, world.desks, before.desks, strict=True):
        if desk is not last:
            parts[key] = _desk(desk, bytes_max)
    return parts


def _desk(desk: Desk, bytes_max: int) -> State:
    part: State = {
        "worker": WORKERS[desk.number],
        "activity": _NAMES[desk.activity],
        "since": desk.since_ms,
    }
    if desk.execution is not None:
        _add_execution(part, desk.execution, bytes_max)
        _add_course(part, desk, desk.execution, bytes_max)
    if desk.place is not None:
        part["place"] = desk.place
    if desk.walk is not None:
        walk = desk.walk
        part["path"] = [walk.origin, walk.goal, walk.start_ms, walk.end_ms]
    return part


def _add_execution(part: State, execution: Execution, bytes_max: int) -> None:
    began = execution.began
    part["execution"] = began.execution
    part["task"] = began.task
    part["batch"] = began.batch
    if began.title:
        part["title"] = cut(began.title, bytes_max)
    part["attempt"] = [began.attempt, began.attempts]


def _add_course(part: State, desk: Desk, execution: Execution, bytes_max: int) -> None:
    """How it goes: while it runs, the note, and the bar or the end of the wait; once it failed, why and what then."""
    progress, until_ms = execution.progress, desk.retry_ms
    if desk.activity in RUNNING:
        until_ms = execution.until_ms
        if execution.note:
            part["note"] = cut(execution.note, bytes_max)
        if progress is not None and desk.activity is Activity.WORKING:
            line = [progress.at_ms, progress.permille, progress.remaining_ms, int(progress.reported)]
            part["progress"] = line
    if until_ms is not None:
        part["until"] = until_ms
    if desk.reason is not None:
        part["reason"] = desk.reason


def _overflow(world: World, bytes_max: int, before: World | None, state: State) -> State:
    if before is not None and world.unseated == before.unseated:
        unchanged: State = state["overflow"]
        return unchanged
    known = {} if before is None else state["overflow"]["shown"]
    shown = world.unseated[:shown_max]
    parts = {execution.id: known.get(execution.id) or _upstairs(execution, bytes_max) for execution in shown}
    return {"count": len(world.unseated), "shown": parts}


def _upstairs(execution: Execution, bytes_max: int) -> State:
    began = execution.began
    part: State = {} if not began.title else {"title": cut(began.title, bytes_max)}
    return part | {"batch": began.batch, "since": began.at_ms}


def _queue(queue: QueueChanged) -> State:
    part: State = {"waiting": queue.waiting}
    if queue.perhour is not None:
        part["perhour"] = queue.perhour
    if queue.pace:
        part["pace"] = [*queue.pace]
    if queue.eta_ms is not None:
        part["eta"] = [*queue.eta_ms]
    if queue.blocked is not None:
        part["blocked"] = queue.blocked
    if queue.until_ms is not None:
        part["until"] = queue.until_ms
    return part


def _quota(quota: QuotaChanged) -> State:
    return {"used": quota.used, "limit": quota.limit, "resets": quota.resets_ms}


def _batches(world: World, bytes_max: int, before: World | None, state: State) -> State:
    if before is None:
        return {batch.batch: _batch(batch, bytes_max) for batch in chosen(world.batches)}
    known: State = state["batches"]
    last = before.batches
    if world.batches is last:
        return known
    return {
        batch.batch: known[batch.batch]
        if batch.batch in known and last[batch.batch] is batch
        else _batch(batch, bytes_max)
        for batch in chosen(world.batches)
    }


def chosen(batches: Mapping[str, BatchChanged]) -> list[BatchChanged]:
    """The batches to show: the ten that finished last, and as many unfinished ones, running first, then oldest.

    60 in all; in the order unfinished, finished.
    """
    unfinished = [batch for batch in batches.values() if batch.ended_ms is None]
    finished = [batch for batch in batches.values() if batch.ended_ms is not None]
    unfinished.sort(key=lambda batch: (batch.state != "running", batch.order, batch.batch))
    finished.sort(key=lambda batch: (-(batch.ended_ms or 0), batch.order, batch.batch))
    del finished[finished_max:]
    return unfinished[: batches_max - len(finished)] + finished


def _batch(batch: BatchChanged, bytes_max: int) -> State:
    part: State = {} if not batch.name else {"name": cut(batch.name, bytes_max)}
    part |= {
        "state": batch.state,
        "total": batch.total,
        "done": batch.done,
        "failed": batch.failed,
        "running": batch.running,
        "order": batch.order,
    }
    if batch.eta_ms is not None:
        part["eta"] = [*batch.eta_ms]
    return part
