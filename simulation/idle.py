"""What people without work do: rest at their desk and now and then stroll to a place that nobody else holds.

Chance is an integer hash of (office, desk, tick, what is asked), so the same office strolls the same way every time.
"""

from collections.abc import Sequence
from dataclasses import replace

from simulation.desk import Activity, Desk, Walk
from simulation.places import PLACES, walk_ms
from simulation.timestep import Moment

away_max = 3
REST_MS = (60_000, 150_000)
"""How long a person stays at the desk between strolls: from, below."""
STAY_MS = (17_000, 32_000)
"""How long one stays at the place strolled to."""
RETRY_MS = (10_000, 30_000)
"""How long until one looks again when too many are away."""

MASK = (1 << 64) - 1


def seed_of(office: str) -> int:
    """The 64-bit seed of an office: FNV-1a over its id."""
    seed = 0xCBF29CE484222325
    for byte in office.encode("utf-8", "replace"):
        seed = (seed ^ byte) * 0x100000001B3 & MASK
    return seed


def chance(moment: Moment, desk: int, question: int, choices: int) -> int:
    """A number from 0 below ``choices``, by splitmix64 (Steele, Lea, Flood, 2014) over all that is given."""
    mixed = _splitmix64(_splitmix64(moment.seed ^ (desk << 8 | question)) + moment.tick)
    return mixed % choices


def rest(desk: Desk, moment: Moment) -> int:
    """The tick at which a person who now sits down without work will want to stretch their legs."""
    return _tick_within(REST_MS, 1, desk, moment)


def homeward(desk: Desk, moment: Moment) -> Walk | None:
    """The way back of a person who is called to their desk; none if they are there.

    One on the way out turns round on the spot: the same way backwards, begun as if they came from its end.
    """
    if desk.place is not None:
        return _walk(desk.place, desk.home, moment)
    walk = desk.walk
    if walk is None or walk.goal == desk.home:
        return walk
    gone_ms = moment.now_ms - walk.start_ms
    if gone_ms <= 0:
        return None
    return Walk(
        origin=walk.goal,
        goal=desk.home,
        start_ms=moment.now_ms - (walk.end_ms - walk.start_ms - gone_ms),
        end_ms=moment.now_ms + gone_ms,
        end_tick=moment.tick_after(gone_ms),
    )


def arrive(desk: Desk, moment: Moment) -> Desk:
    """The desk once its person's walk has ended: they stay at the place, or rest at the desk, or just sit and work."""
    walk = desk.walk
    if walk is None:
        raise AssertionError(f"expected someone walking at desk {desk.number}, got nobody")
    if walk.goal != desk.home:
        return replace(desk, walk=None, place=walk.goal, turn_tick=_tick_within(STAY_MS, 2, desk, moment))
    if desk.activity is Activity.IDLE:
        return replace(desk, walk=None, turn_tick=rest(desk, moment))
    return replace(desk, walk=None)


def stir(desk: Desk, desks: Sequence[Desk], moment: Moment) -> Desk:
    """The desk of an idle person whose rest or stay is over: they set out for a free place, or go back."""
    if desk.place is not None:
        return replace(desk, walk=homeward(desk, moment), place=None, turn_tick=None)
    held = {other.reserved for other in desks}
    free = [place for place in PLACES if place not in held]
    if sum(other.away for other in desks) >= away_max:
        return replace(desk, turn_tick=_tick_within(RETRY_MS, 3, desk, moment))
    goal = free[chance(moment, desk.number, 4, len(free))]
    return replace(desk, walk=_walk(desk.home, goal, moment), turn_tick=None)


def _walk(origin: str, goal: str, moment: Moment) -> Walk:
    takes_ms = walk_ms(origin, goal)
    return Walk(
        origin=origin,
        goal=goal,
        start_ms=moment.now_ms,
        end_ms=moment.now_ms + takes_ms,
        end_tick=moment.tick_after(takes_ms),
    )


def _tick_within(stretch: tuple[int, int], question: int, desk: Desk, moment: Moment) -> int:
    """A tick by chance, so many milliseconds from now."""
    start, stop = stretch
    return moment.tick_after(start + chance(moment, desk.number, question, stop - start))


def _splitmix64(state: int) -> int:
    mixed = (state + 0x9E3779B97F4A7C15) & MASK
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & MASK
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & MASK
    return mixed ^ mixed >> 31
