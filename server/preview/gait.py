"""How somebody gets from one place to another: up, along the way, and down again. The twin of `gait.ts`; its poses cut where those blend."""

from functools import cache
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin

from server.preview.role import CHAIR_FORWARD, Role
from simulation.places import NODES, PLACES, SEATS, route

_SETTLE_MS, _SETTLE_SHARE = 600.0, 0.15
"""Getting up and sitting down take so long each; less of a short way."""
_RAMP_MS, _RAMP_SHARE = 450.0, 0.12
_BESIDE = 0.4
"""How far beside the chair one stands up, in metres."""
_STRIDE = 1.1
"""One step of each foot covers about so many metres."""
_TURN_WITHIN = 0.3

_Spot = tuple[float, float]


def walk(
    path: tuple[str, str, int, int], now_ms: int, before: tuple[str, float], after: tuple[str, float]
) -> Role:
    """Where and how somebody on a path is. ``before`` and ``after``: clip and seconds at its two ends."""
    origin, goal, start, end = path
    corners = _corners(origin, goal)
    length = sum(hypot(bx - ax, bz - az) for (ax, az), (bx, bz) in pairwise(corners))
    time, whole = now_ms - start, max(1, end - start)
    settle = min(_SETTLE_MS, whole * _SETTLE_SHARE)
    if time < settle:
        return _settling(corners, origin, time / settle, _beside(origin), before)
    if time > whole - settle:
        left = (whole - time) / settle
        return _settling(corners, goal, left, length - _beside(goal), after, length)
    way = max(0.01, length - _beside(origin) - _beside(goal))
    stroll = whole - 2 * settle
    walked = way * _travelled((time - settle) / stroll, min(_RAMP_MS, whole * _RAMP_SHARE) / stroll)
    x, z, heading = _along(corners, _beside(origin) + walked)
    steps = max(1, round(way / _STRIDE * 2))
    return Role(x=x, z=z, heading=heading, clip="walk", seconds=walked / way * steps * pi, seated=False)


def _settling(
    corners: tuple[_Spot, ...], name: str, share: float, up: float, sits: tuple[str, float], down: float = 0.0
) -> Role:
    """Getting up at the beginning of a way or sitting down at its end; ``share``: 0 sits, 1 stands."""
    x, z, along = _along(corners, down + (up - down) * soft(share, 0.3, 1))
    heading = _turned(_facing(name), along, soft(share, 0.3, 1) if down else soft(share, 0, 0.7))
    if name in SEATS:
        z += CHAIR_FORWARD * (1 - soft(share, 0.3, 1))
    clip, seconds = ("poise", 0.0) if share > 0.5 else sits
    return Role(x=x, z=z, heading=heading, clip=clip, seconds=seconds, seated=False)


def soft(at: float, start: float, end: float) -> float:
    """From 0 to 1 while ``at`` goes from start to end, softly at both ends."""
    share = max(0.0, min(1.0, (at - start) / (end - start)))
    return share * share * (3 - 2 * share)


def _beside(name: str) -> float:
    return _BESIDE if name in SEATS else 0.0


def _facing(name: str) -> float:
    return radians(PLACES[name].face) if name in PLACES else 0.0


def _travelled(share: float, ramp: float) -> float:
    whole = 2 * ramp * (1 - ramp)
    if share < ramp:
        return share * share / whole
    if share > 1 - ramp:
        return 1 - (1 - share) ** 2 / whole
    return (share - ramp / 2) / (1 - ramp)


@cache
def _corners(origin: str, goal: str) -> tuple[_Spot, ...]:
    """The corners of the way, seats included, in metres."""
    names = route(origin, goal) if origin <= goal else tuple(reversed(route(goal, origin)))
    spots = [NODES[name] for name in names]
    first = [SEATS[origin][:2]] if origin in SEATS else []
    last = [SEATS[goal][:2]] if goal in SEATS else []
    return tuple((x / 100, z / 100) for x, z in (*first, *spots, *last))


def _along(corners: tuple[_Spot, ...], walked: float) -> tuple[float, float, float]:
    """Where somebody is after so many metres of a way, turning softly at its corners."""
    left = max(0.0, walked)
    for index, ((ax, az), (bx, bz)) in enumerate(pairwise(corners)):
        long = hypot(bx - ax, bz - az)
        if left > long and index < len(corners) - 2:
            left -= long
            continue
        share = 1.0 if long == 0 else min(1.0, left / long)
        return ax + (bx - ax) * share, az + (bz - az) * share, _heading(corners, index, left, long)
    return (*corners[0], 0.0)


def _heading(corners: tuple[_Spot, ...], index: int, done: float, long: float) -> float:
    straight, reach = _towards(corners[index], corners[index + 1]), min(_TURN_WITHIN, long / 2)
    if index > 0 and done < reach:
        return _turned(_towards(corners[index - 1], corners[index]), straight, 0.5 + done / reach / 2)
    if index + 2 < len(corners) and long - done < reach:
        beyond = _towards(corners[index + 1], corners[index + 2])
        return _turned(straight, beyond, 0.5 - (long - done) / reach / 2)
    return straight


def _towards(a: _Spot, b: _Spot) -> float:
    return atan2(b[0] - a[0], b[1] - a[1])


def _turned(start: float, goal: float, share: float) -> float:
    """From one heading to another the short way round."""
    gap = atan2(sin(goal - start), cos(goal - start))
    return (start + gap * share) % (2 * pi)
