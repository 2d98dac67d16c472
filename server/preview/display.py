"""What the wall display says, and how it is painted: figures large enough to be read across a room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pygame

from server.preview import text
from server.preview.mark import BOX, draw_mark
from server.preview.scene import facts
from server.preview.tokens import NIGHT
from server.preview.words import count, moment

SIZE = (1024, 384)
_ROWS_MAX, _DESKS, _MINUTES = 4, 10, 20
_UNFINISHED = {"running", "queued", "paused", "waiting"}
_BIG, _PLAIN, _QUIET = "#ffd27d", "#eef2ff", "#a9bbea"
_CORAL, _FAILED, _TRACK, _BAR = "#ff9a80", "#ff7d68", "#33406b", "#7f9bf2"
_STEP, _HIGH = 11, 88
"""Of the chart: from bar to bar, and its height."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A batch on the display."""

    name: str
    hue: int
    done: int
    failed: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DisplayText:
    """All that is painted: when two of these are equal, so are their pictures."""

    waiting: str
    desks: str
    upstairs: str
    rows: tuple[Row, ...]
    more: str
    per_hour: str
    pace: tuple[int | None, ...]
    """Tasks that ended in each minute up to this one, oldest first; None where that is not known yet."""
    until: str


SILENT = DisplayText(waiting="", desks="", upstairs="", rows=(), more="", per_hour="", pace=(), until="")
"""A display that tells nothing but whose it is."""


def display_text(state: Mapping[str, Any], now_ms: int, zone_ms: int) -> DisplayText:
    """What the display says of a state at a moment."""
    queue, over, office = state["queue"], state["overflow"]["count"], state["office"]
    batches = sorted(
        state["batches"].values(), key=lambda batch: (batch["state"] not in _UNFINISHED, batch["order"])
    )
    hidden = len(batches) - _ROWS_MAX + office.get("more", 0)
    return DisplayText(
        waiting=count(queue["waiting"]),
        desks=f"{min(_DESKS, office['running'])} of {_DESKS} desks",
        upstairs=f"{count(over)} upstairs" if over > 0 else "",
        rows=tuple(_row(batch) for batch in batches[:_ROWS_MAX]),
        more=f"and {count(hidden)} more" if hidden > 0 else "",
        per_hour=count(queue["perhour"]) if "perhour" in queue else "",
        pace=pace_at(queue.get("pace", ()), now_ms),
        until=moment(queue["eta"][0], now_ms, zone_ms) if "eta" in queue else "",
    )


def pace_at(told: Sequence[int], now_ms: int) -> tuple[int | None, ...]:
    """What was told of the minutes, as it stands to now: minutes that have gone by since are not known."""
    if not told:
        return ()
    over_ms, *counts = told
    since = max(0, (now_ms - over_ms) // 60_000)
    places = range(len(counts) - _MINUTES + since, len(counts) + since)
    return tuple(counts[place] if 0 <= place < len(counts) else None for place in places)


def _row(batch: Mapping[str, Any]) -> Row:
    order = batch["order"]
    name = text.plain(batch.get("name", "")) or f"Batch {chr(65 + order % 26)}"
    return Row(name=name, hue=order % 8, done=batch["done"], failed=batch["failed"], total=batch["total"])


@lru_cache(maxsize=8)
def painted(words: DisplayText) -> pygame.Surface:
    """The picture of the display, `SIZE` pixels."""
    surface = _ground().copy()
    if words == SILENT:
        _sign(surface)
        return surface
    _queue(surface, words)
    _line(surface, "Batches", (352, 56), 30, 600, _QUIET)
    if not words.rows:
        _line(surface, "None", (352, 120), 38, 600, _PLAIN)
    for index, row in enumerate(words.rows):
        _draw_row(surface, row, 88 + index * 70)
    if words.more:
        _line(surface, words.more, (520, 56), 26, 600, _QUIET)
    _speed(surface, words)
    return surface


@cache
def _ground() -> pygame.Surface:
    surface = pygame.Surface(SIZE)
    for y in range(SIZE[1]):
        share = y / SIZE[1]
        top, low = (29, 40, 76), (21, 27, 58)
        colour = tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        pygame.draw.line(surface, colour, (0, y), (SIZE[0], y))
    return surface


def _sign(surface: pygame.Surface) -> None:
    """The mark and the name, in the middle."""
    high, size = 120, 104
    mark, name = round(high * BOX[0] / BOX[1]), text.width("Ten Desks", size, 700)
    left = (SIZE[0] - mark - 44 - name) // 2
    draw_mark(surface, (left, (SIZE[1] - high) // 2), high, NIGHT)
    _line(surface, "Ten Desks", (left + mark + 44, SIZE[1] // 2 + 37), size, 700, _PLAIN)


def _line(
    surface: pygame.Surface,
    words: str,
    at: tuple[int, int],
    size: int,
    weight: int,
    colour: str,
    most: int = 900,
) -> None:
    """Writes on a baseline, smaller where it would not fit."""
    while size > 10 and text.width(words, size, weight) > most:
        size -= 2
    shown = text.written(words, size, weight, colour)
    surface.blit(shown, (at[0], at[1] - text.ascent(size, weight)))


def _queue(surface: pygame.Surface, words: DisplayText) -> None:
    _line(surface, "Waiting", (44, 64), 34, 600, _QUIET)
    _line(surface, words.waiting, (38, 206), 156, 700, _BIG, 280)
    _line(surface, words.desks, (44, 276), 42, 700, _PLAIN, 280)
    if words.upstairs:
        _line(surface, words.upstairs, (44, 332), 42, 700, _CORAL, 280)


def _draw_row(surface: pygame.Surface, row: Row, y: int) -> None:
    wide = 340
    _line(surface, text.fitted(row.name, 34, 600, wide), (352, y + 18), 34, 600, _PLAIN)
    _bar(surface, y + 31, wide, _TRACK)
    if row.total > 0:
        _bar(surface, y + 31, wide * min(1.0, (row.done + row.failed) / row.total), _FAILED)
        _bar(surface, y + 31, wide * min(1.0, row.done / row.total), facts()["huesNight"][row.hue])


def _bar(surface: pygame.Surface, y: int, wide: float, colour: str) -> None:
    if wide > 0:
        pygame.draw.rect(surface, colour, (352, y, max(8, round(wide)), 17), border_radius=8)


def _speed(surface: pygame.Surface, words: DisplayText) -> None:
    x = 760
    if words.per_hour:
        _line(surface, "Per hour", (x, 64), 34, 600, _QUIET)
        _line(surface, words.per_hour, (x - 3, 146), 84, 700, _PLAIN, 230)
    _chart(surface, x, 172, words.pace)
    if words.until:
        _line(surface, "Done about", (x, 304), 30, 600, _QUIET)
        _line(surface, words.until, (x - 2, 362), 60, 700, _PLAIN, 230)


def _chart(surface: pygame.Surface, x: int, y: int, pace: tuple[int | None, ...]) -> None:
    """A bar for each of the last minutes, the latest at the right; a minute without an end is a line, an unknown one nothing."""
    most = max([1, *(ends for ends in pace if ends is not None)])
    for index, ends in enumerate(pace):
        if ends is None:
            continue
        high = 3 if ends == 0 else round(8 + (_HIGH - 8) * ends / most)
        colour = _TRACK if ends == 0 else _BIG if index == len(pace) - 1 else _BAR
        pygame.draw.rect(surface, colour, (x + index * _STEP, y + _HIGH - high, _STEP - 3, high))
