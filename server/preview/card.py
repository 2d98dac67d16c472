"""The card of a link: what a chat or a wiki shows of it, 1200 times 630 pixels.

The neutral one tells nothing of any office. The live one tells what the link's view does, and of that only what belongs
on a picture that anybody may see: numbers, workers, names of batches from `batches` on, titles in `titles` alone.
"""

from collections.abc import Mapping
from typing import Any

import pygame

from server.preview import text
from server.preview.mark import draw_mark
from server.preview.painter import paint, scenery
from server.preview.png import png
from server.preview.state import checked
from server.preview.tokens import Tokens, tokens
from server.preview.words import count
from simulation.views import project

SIZE = (1200, 630)
VIEWS = ("figures", "batches", "titles")
"""What a card may show, least first; whoever may see more is shown the last."""
_FOOT = 26
_SIDE = 52
_PLATES = 1.0
_TELLS_NOT = ("name", "id", "tier", "slots")
"""Of an office: what no card tells."""
LINE = "A fair queue you can watch"


def neutral() -> bytes:
    """The card that tells nothing, as PNG."""
    picture = scenery(SIZE, night=False, foot=_FOOT)
    _foot(picture, tokens(night=False), LINE)
    return png(picture)


def live(state: Any, view: str, now_ms: int, *, night: bool, zone_ms: int) -> bytes:
    """The card of an office in a state, as PNG.

    Raises:
        InvalidInputError: it is no state.
    """
    told = redacted(state, view)
    picture = paint(told, now_ms, SIZE, night=night, scale=_PLATES, zone_ms=zone_ms, foot=_FOOT)
    _foot(picture, tokens(night=night), sentence(told))
    return png(picture)


def redacted(state: Any, view: str) -> dict[str, Any]:
    """What a card may tell of a state to whoever has this view."""
    seen = project(checked(state), view if view in VIEWS else VIEWS[-1])
    office = {name: value for name, value in seen["office"].items() if name not in _TELLS_NOT}
    seen.pop("quota", None)
    for desk in seen["desks"].values():
        desk.pop("note", None)
    return {**seen, "office": office}


def sentence(state: Mapping[str, Any]) -> str:
    """What goes on, as one line: "35 running, 52 waiting"."""
    running, waiting = state["office"]["running"], state["queue"]["waiting"]
    parts = [f"{count(running)} running"] if running else []
    parts += [f"{count(waiting)} waiting"] if waiting else []
    if parts:
        return ", ".join(parts)
    done = sum(batch["done"] for batch in state["batches"].values())
    failed = sum(batch["failed"] for batch in state["batches"].values())
    if "finished" not in state["office"] or not done + failed:
        return "Ten desks, free"
    return f"All done: {count(done)} done, {count(failed)} failed" if failed else f"All {count(done)} done"


def _foot(picture: pygame.Surface, colours: Tokens, words: str) -> None:
    """The mark and the name on the left, one line on the right."""
    base = SIZE[1] - 33
    draw_mark(picture, (_SIDE, base - 25), 30, colours)
    _write(picture, "Ten Desks", (_SIDE + 68, base), 30, 700, colours.ink)
    size, weight = 25, 600
    line = text.fitted(words, size, weight, 740)
    _write(
        picture, line, (SIZE[0] - _SIDE - text.width(line, size, weight), base), size, weight, colours.quiet
    )


def _write(
    picture: pygame.Surface, words: str, at: tuple[int, int], size: int, weight: int, colour: str
) -> None:
    picture.blit(text.written(words, size, weight, colour), (at[0], at[1] - text.ascent(size, weight)))
