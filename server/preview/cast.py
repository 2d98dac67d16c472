"""What each worker does and where, as a pure function of the desk's state and the moment: `cast.ts`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin
from typing import Any

from server.preview.pose import TURN, own
from simulation.places import NODES, PLACES, SEATS, desk_place, route

SNAP_MS = 3_000
"""A worker who is still on the way to work is put on the chair after this."""
_HABIT_MS = 24_000
_HABITS = ("read", "phone", "coffee", "stretch", "think", "read")
_PAUSE_MS, _PAUSE_FOR_MS = 26_000, 4_500
"""Now and then somebody at work leans back and thinks."""
_CHAIR_FORWARD = 0.04
_TO_VIEWER = 0.6
_STRIDE = 1.5
"""One full turn of the legs' swing covers this many metres."""
_TURN_WITHIN = 0.3
_CLIPS = {
    "coffee": "sip",
    "look": "stand",
    "read": "leaf",
    "sit": "sit",
    "lounge": "lounge",
    "crouch": "crouch",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """Somebody at (x, z) in metres who looks along ``heading`` (radians, 0 to the viewer) and does a clip."""

    x: float
    z: float
    heading: float
    clip: str
    seconds: float
    seated: bool
    """At the own desk."""


def cast(desk: Mapping[str, Any], number: int, now_ms: int) -> Role:
    """What the worker of a desk does at a moment."""
    seconds = (now_ms - desk["since"]) / 1000
    if (walk := _walk(desk, now_ms)) is not None:
        return walk
    path, home = desk.get("path"), desk_place(number)
    where = path[1] if path and now_ms >= path[2] else desk.get("place", home)
    if desk["activity"] == "idle" and where != home and where in PLACES:
        place, (x, z) = PLACES[where], NODES[where]
        clip = _CLIPS.get(place.pose, "stand")
        return Role(
            x=x / 100, z=z / 100, heading=radians(place.face), clip=clip, seconds=seconds, seated=False
        )
    if desk["activity"] == "done":
        x, z = NODES[home]
        return Role(x=x / 100, z=z / 100, heading=_TO_VIEWER, clip="cheer", seconds=seconds, seated=False)
    x, z, _ = SEATS[home]
    clip = _seated(desk, number, now_ms)
    return Role(x=x / 100, z=z / 100 + _CHAIR_FORWARD, heading=0.0, clip=clip, seconds=seconds, seated=True)


def _seated(desk: Mapping[str, Any], number: int, now_ms: int) -> str:
    fixed = {"off": "sleep", "failed": "slump", "waiting": "think"}.get(desk["activity"])
    if fixed is not None:
        return fixed
    if desk["activity"] == "idle":
        turn = int((now_ms + own(number, 8) * _HABIT_MS) // _HABIT_MS)
        return _HABITS[int(own(number + turn * 13, 9) * len(_HABITS))]
    phase = (now_ms + own(number, 7) * _PAUSE_MS) % _PAUSE_MS
    return "think" if phase < _PAUSE_FOR_MS and now_ms - desk["since"] > _PAUSE_FOR_MS else "type"


def _walk(desk: Mapping[str, Any], now_ms: int) -> Role | None:
    if not (path := desk.get("path")):
        return None
    origin, goal, start, end = path
    late = desk["activity"] != "idle" and now_ms - desk["since"] > SNAP_MS
    if late or not start <= now_ms < end or origin not in NODES or goal not in NODES:
        return None
    corners = _corners(origin, goal)
    length = sum(hypot(bx - ax, bz - az) for (ax, az), (bx, bz) in pairwise(corners))
    walked = length * (now_ms - start) / max(1, end - start)
    x, z, heading = _along(corners, walked)
    return Role(x=x, z=z, heading=heading, clip="walk", seconds=walked / _STRIDE * TURN, seated=False)


_Spot = tuple[float, float]


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
    left = walked
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
