"""Who sits where: an execution keeps its desk till it ends; an unseated one takes a desk in a fixed order."""

from collections.abc import Sequence
from dataclasses import replace

from simulation.desk import EMPTY, RUNNING, Activity, Desk, Walk, follows
from simulation.execution import Execution
from simulation.idle import homeward, rest
from simulation.inputs import Ended
from simulation.timestep import Moment

done_hold_ms = 2_000
failed_hold_ms = 5_000
retry_hold_ms = 2_000


def age(execution: Execution) -> tuple[int, str]:
    """What orders unseated executions: oldest first, then by id."""
    return execution.since_ms, execution.id


def choose(desks: Sequence[Desk], slots: int) -> Desk | None:
    """The desk that the next unseated execution takes, or none while all ten run.

    In this order: the lowest idle one within the slots; the longest held one within the slots; the lowest sleeping
    one; the longest held one beyond.
    """
    free = [desk for desk in desks if desk.activity not in RUNNING]
    return min(free, key=lambda desk: _preference(desk, slots), default=None)


def _preference(desk: Desk, slots: int) -> tuple[bool, bool, int, int]:
    held = desk.activity not in EMPTY
    return desk.number >= slots, held, desk.since_ms if held else 0, desk.number


def seat(desk: Desk, execution: Execution, moment: Moment) -> Desk:
    """The desk once this execution has it; whoever was away is on the way back."""
    return _at_work(desk, execution, homeward(desk, moment))


def show(desk: Desk, execution: Execution) -> Desk:
    """The desk with what is new of its execution: working, or waiting since the wait began."""
    return _at_work(desk, execution, desk.walk)


def _at_work(desk: Desk, execution: Execution, walk: Walk | None) -> Desk:
    waits_ms = execution.waits_ms
    activity = Activity.WORKING if waits_ms is None else Activity.WAITING
    return Desk(
        number=desk.number,
        activity=follows(desk.activity, activity),
        since_ms=execution.since_ms if waits_ms is None else waits_ms,
        execution=execution,
        walk=walk,
    )


def end(desk: Desk, ended: Ended, moment: Moment) -> Desk:
    """The desk once its execution ended: held a while to cheer or to slump, or empty at once."""
    if ended.state == "done":
        return _hold(desk, Activity.DONE, ended, done_hold_ms, moment)
    if ended.state == "failed":
        hold_ms = failed_hold_ms if ended.retry_ms is None else retry_hold_ms
        return _hold(desk, Activity.FAILED, ended, hold_ms, moment)
    return leave(desk, moment)


def _hold(desk: Desk, activity: Activity, ended: Ended, hold_ms: int, moment: Moment) -> Desk:
    failed = activity is Activity.FAILED
    return replace(
        desk,
        activity=follows(desk.activity, activity),
        since_ms=ended.at_ms,
        reason=ended.reason if failed else None,
        retry_ms=ended.retry_ms if failed else None,
        turn_tick=moment.tick_after(hold_ms),
    )


def leave(desk: Desk, moment: Moment) -> Desk:
    """The desk without its execution, its person idle; one still on the way back rests on arriving."""
    return replace(
        desk,
        activity=follows(desk.activity, Activity.IDLE),
        since_ms=moment.now_ms,
        execution=None,
        reason=None,
        retry_ms=None,
        turn_tick=rest(desk, moment) if desk.walk is None else None,
    )


def settle(desk: Desk, slots: int, moment: Moment) -> Desk:
    """An empty desk as the slots want it: awake within, asleep beyond. To be asked once nobody is unseated."""
    if desk.number < slots:
        return leave(desk, moment) if desk.activity is Activity.OFF else desk
    if desk.activity is not Activity.IDLE:
        return desk
    return replace(
        desk,
        activity=follows(desk.activity, Activity.OFF),
        since_ms=moment.now_ms,
        place=None,
        walk=homeward(desk, moment),
        turn_tick=None,
    )
