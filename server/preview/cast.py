"""What each worker does and where, as a pure function of the desk's state and the moment: `cast.ts`."""

import re
from collections.abc import Mapping
from functools import cache
from math import radians
from typing import Any

from server.preview.gait import soft, walk
from server.preview.pose import own
from server.preview.role import CHAIR_FORWARD, Role
from server.preview.scene import facts
from simulation.places import NODES, PLACES, SEATS, desk_place

SNAP_MS = 3_000
"""A worker who is still on the way to work is put on the chair after this."""
_HABIT_MS = 24_000
_HABITS = ("read", "phone", "coffee", "stretch", "think", "read")
_PAUSE_MS, _PAUSE_FOR_MS = 26_000, 4_500
"""Now and then somebody at work, of whom no note tells more, leans back and thinks."""
_TO_VIEWER = 0.6
_UP, _DOWN, _OVER = 0.34, 1.6, 1.98
"""When somebody who cheers is up, begins to sit down, sits: seconds, those of `feeling.ts`."""
_CLIPS = {
    "coffee": "sip",
    "look": "stand",
    "read": "leaf",
    "sit": "sit",
    "lounge": "lounge",
    "crouch": "crouch",
}
_WORK = {"read": "scan", "write": "type", "call": "call", "think": "think"}
"""How somebody works, by what the task's note says."""
_FIXED = {"off": "sleep", "failed": "slump", "waiting": "wait", "done": "cheer"}


def cast(desk: Mapping[str, Any], number: int, now_ms: int) -> Role:
    """What the worker of a desk does at a moment."""
    seconds = (now_ms - desk["since"]) / 1000
    if (walker := _walker(desk, number, now_ms, seconds)) is not None:
        return walker
    path, home = desk.get("path"), desk_place(number)
    where = path[1] if path and now_ms >= path[2] else desk.get("place", home)
    if desk["activity"] == "idle" and where != home and where in PLACES:
        place, (x, z) = PLACES[where], NODES[where]
        clip = _CLIPS.get(place.pose, "stand")
        return Role(
            x=x / 100, z=z / 100, heading=radians(place.face), clip=clip, seconds=seconds, seated=False
        )
    return _at_desk(desk, number, now_ms, seconds)


def _at_desk(desk: Mapping[str, Any], number: int, now_ms: int, seconds: float) -> Role:
    home = desk_place(number)
    x, z, _ = SEATS[home]
    beside_x, beside_z = NODES[home]
    up = risen(seconds) if desk["activity"] == "done" else 0.0
    sits_z = z / 100 + CHAIR_FORWARD
    return Role(
        x=(x + (beside_x - x) * up) / 100,
        z=sits_z + (beside_z / 100 - sits_z) * up,
        heading=_TO_VIEWER * up,
        clip=_seated(desk, number, now_ms),
        seconds=seconds,
        seated=up == 0,
    )


def risen(seconds: float) -> float:
    """How far somebody who cheers has got up from the chair, 0 to 1."""
    return soft(seconds, 0, _UP) * (1 - soft(seconds, _DOWN, _OVER))


@cache
def _words() -> dict[str, str]:
    return {word: manner for manner, words in facts()["manners"].items() for word in words}


def manner_of(note: str | None) -> str | None:
    """What a note says of the work: `read`, `write`, `call` or `think`, by its first word that says one of them."""
    found = re.findall("[a-z]+", (note or "").lower())
    return next((_words()[word] for word in found if word in _words()), None)


def _seated(desk: Mapping[str, Any], number: int, now_ms: int) -> str:
    if (fixed := _FIXED.get(desk["activity"])) is not None:
        return fixed
    if desk["activity"] == "idle":
        return _habit(number, now_ms)
    if (manner := manner_of(desk.get("note"))) is not None:
        return _WORK[manner]
    phase = (now_ms + own(number, 7) * _PAUSE_MS) % _PAUSE_MS
    return "think" if phase < _PAUSE_FOR_MS and now_ms - desk["since"] > _PAUSE_FOR_MS else "type"


def _habit(number: int, now_ms: int) -> str:
    turn = int((now_ms + own(number, 8) * _HABIT_MS) // _HABIT_MS)
    return _HABITS[int(own(number + turn * 13, 9) * len(_HABITS))]


def _walker(desk: Mapping[str, Any], number: int, now_ms: int, seconds: float) -> Role | None:
    if not (path := desk.get("path")):
        return None
    origin, goal, start, end = path
    late = desk["activity"] != "idle" and now_ms - desk["since"] > SNAP_MS
    if late or not start <= now_ms < end or origin not in NODES or goal not in NODES:
        return None
    home = desk_place(number)
    before = _habit(number, start) if origin == home else _clip_at(origin)
    after = _seated(desk, number, now_ms) if goal == home else _clip_at(goal)
    return walk((origin, goal, start, end), now_ms, (before, seconds), (after, seconds))


def _clip_at(name: str) -> str:
    return _CLIPS.get(PLACES[name].pose, "stand") if name in PLACES else "stand"
