"""Paints the office as it is at a moment. Imported only by processes that paint: it brings pygame with it.

The same state, moment and size give the same picture, byte by byte. How a person moves, where they stroll and what the
signs say is that of the page: `web/src/scene`.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
# Before numpy: small matrices gain nothing from threads, and they would take the cores of what the server is for.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pygame

from server.preview.cast import cast, manner_of
from server.preview.display import SILENT, DisplayText, display_text
from server.preview.flying import confetti, dreams
from server.preview.plates import put_plates
from server.preview.role import Role
from server.preview.scene import facts
from server.preview.scenery import SCENERY, SCENERY_MS
from server.preview.sheets import sheets_done, sheets_waiting
from server.preview.stage import Stage
from server.preview.words import hue

_STAGES_MAX = 3
_DARK, _ASLEEP = "#25222d", "#7d8a9c"
_POOL = {False: 0.2, True: 0.55}
_DESKS = 10
State = Mapping[str, Any]


def paint(
    state: State,
    now_ms: int,
    size: tuple[int, int],
    *,
    night: bool = False,
    scale: float | None = None,
    zone_ms: int = 0,
    foot: int = 0,
) -> pygame.Surface:
    """The office in a state of any view (interface.md section 5) at a moment, as a surface of ``size`` pixels.

    ``scale`` says how large plates are, 1 for 24 pixels (by default they follow the size), ``zone_ms`` how far the
    reader's clock is ahead of UTC. ``foot`` pixels at the lower edge stay free of the room.
    """
    stage = _stage(*size, foot)
    over = state["overflow"]["count"] > 0
    picture = stage.layer(night=night, upstairs=over).copy()
    words = display_text(state, now_ms, zone_ms)
    _put_things(picture, stage, state, now_ms + zone_ms, night, words)
    _put_people(picture, stage, state, now_ms, night)
    plates = scale if scale is not None else _scale(size[0], size[1] - foot)
    put_plates(picture, stage.camera, state, now_ms, zone_ms=zone_ms, night=night, scale=plates)
    return picture


def scenery(size: tuple[int, int], *, night: bool = False, foot: int = 0) -> pygame.Surface:
    """An office at work that is nobody's: no plates, and a display that tells nothing."""
    stage = _stage(*size, foot)
    picture = stage.layer(night=night, upstairs=False).copy()
    _put_things(picture, stage, SCENERY, SCENERY_MS, night, SILENT)
    _put_people(picture, stage, SCENERY, SCENERY_MS, night)
    return picture


def _scale(width: int, height: int) -> float:
    """Plates as large as they can be without filling the room, 1 at 1280 times 720; smaller letters could not be read."""
    return max(0.75, round(min(width / 1280, height / 720) * 8) / 8)


@lru_cache(maxsize=_STAGES_MAX)
def _stage(width: int, height: int, foot: int) -> Stage:
    return Stage(width, height, foot)


def _put_things(
    picture: pygame.Surface, stage: Stage, state: State, local_ms: int, night: bool, words: DisplayText
) -> None:
    for number, desk in _desks(state):
        lit = _shine(state, desk)
        screen = lit or (_ASLEEP if desk["activity"] == "idle" else _DARK)
        sprites = [
            stage.screen(number, _screen(desk), screen),
            stage.pool(number, lit, _POOL[night]) if lit else None,
        ]
        for sprite in sprites:
            if sprite is not None:
                sprite.put(picture)
    batches = [(batch["order"], batch["done"]) for batch in state["batches"].values()]
    papers = stage.papers(sheets_waiting(state["queue"]["waiting"]), sheets_done(batches), night=night)
    for sprite in (papers, stage.wall(words), stage.hands(local_ms // 60_000 % 1440)):
        if sprite is not None:
            sprite.put(picture)


def _put_people(picture: pygame.Surface, stage: Stage, state: State, now_ms: int, night: bool) -> None:
    """The far ones first, so that nearer ones stand before them."""
    roles = [(number, desk, cast(desk, number, now_ms)) for number, desk in _desks(state)]
    roles.sort(key=lambda entry: (_depth(entry[2]), entry[0]))
    for number, desk, role in roles:
        if not role.seated and (shadow := stage.shadow(role, night=night)) is not None:
            shadow.put(picture)
        person = stage.person(number, role, _shine(state, desk) or "", night=night)
        if person is not None:
            person.put(picture)
        if role.clip == "cheer":
            confetti(picture, stage.camera, role, _shine(state, desk) or "")
        elif role.clip == "sleep":
            dreams(picture, stage.camera, role, number)


def _depth(role: Role) -> float:
    return role.x * 0.656 + role.z * 0.755


def _desks(state: State) -> list[tuple[int, State]]:
    return [(n, state["desks"][str(n)]) for n in range(_DESKS) if str(n) in state["desks"]]


def _screen(desk: State) -> str:
    """What is on a desk's screen: a name of `assets/screens.ts`."""
    if desk["activity"] == "working":
        return manner_of(desk.get("note")) or "write"
    activity = str(desk["activity"])
    return {"idle": "rest", "waiting": "wait"}.get(activity, activity)


def _shine(state: State, desk: State) -> str | None:
    """What a desk's screen shines in: its batch's hue while it works, red once it failed, nothing otherwise."""
    if desk["activity"] in {"off", "idle"}:
        return None
    if desk["activity"] == "failed":
        return str(facts()["failedGlow"])
    return str(facts()["huesNight"][hue(state, desk.get("batch")) or 0])
