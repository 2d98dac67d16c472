"""The picture of the forecast's accuracy, as plain SVG: what was promised ÷ what it took, by what it took."""

import math
from collections.abc import Sequence
from typing import Protocol

WIDTH, HEIGHT, LEFT, TOP = 1080, 430, 62, 64
PANEL, TALL, GAP = 300, 280, 42
SHORTEST_S, LONGEST_S = 5.0, 50_000.0
MOST = 4.0  # ratios beyond are drawn at the edge
TICKS = {"10 s": 10, "1 min": 60, "10 min": 600, "1 h": 3_600, "10 h": 36_000}
HEAD = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<title>Forecasts of simulated weeks against what happened</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbf8f2"/>
"""


class Promise(Protocol):
    """What a dot needs."""

    part: float
    at_ms: int
    end_ms: int
    alone: bool

    @property
    def ratio(self) -> float: ...
    @property
    def near(self) -> bool: ...
    @property
    def kept(self) -> bool: ...


def drawn(promises: Sequence[Promise], parts: Sequence[float], near: float) -> str:
    """Return the picture: a panel for each part of a batch, a dot for each promise."""
    panels = [
        _panel(
            [promise for promise in promises if promise.part == part],
            part,
            near,
            LEFT + number * (PANEL + GAP),
        )
        for number, part in enumerate(parts)
    ]
    foot = TOP + TALL + 52
    legend = (
        f'<circle cx="{LEFT + 6}" cy="{foot - 4}" r="3.5" fill="#0f766e"/>{_text(LEFT + 16, foot, "no batch came in between")}'
        f'<circle cx="{LEFT + 206}" cy="{foot - 4}" r="3.5" fill="none" stroke="#b45309"/>'
        f"{_text(LEFT + 216, foot, 'a later batch took its share of the slots, which nobody could know')}"
        f"{_text(LEFT, foot + 20, 'Across: what was left when the promise was made. Up: promised ÷ what it took (half of the likely ends); the band is ± 15 %.')}"
    )
    return HEAD + "\n".join(panels) + legend + "\n</svg>\n"


def _panel(promises: Sequence[Promise], part: float, near: float, left: float) -> str:
    alone = [promise for promise in promises if promise.alone]
    close, kept = (
        100 * sum(one(promise) for promise in alone) / max(1, len(alone))
        for one in (lambda promise: promise.near, lambda promise: promise.kept)
    )
    high, low = _up(1 + near), _up(1 - near)
    lines = [
        f'<rect x="{left}" y="{TOP}" width="{PANEL}" height="{TALL}" fill="#fff" stroke="#d6cfc2"/>',
        f'<rect x="{left}" y="{high:.1f}" width="{PANEL}" height="{low - high:.1f}" fill="#0f766e" opacity=".12"/>',
        f'<path d="M{left} {_up(1):.1f}h{PANEL}" stroke="#0f766e" stroke-dasharray="4 3"/>',
        _text(left, TOP - 28, f"{part:.0%} of the tasks over", "font-weight='600' font-size='14'"),
        _text(
            left,
            TOP - 10,
            f"of {len(alone)}: {close:.0f} % within {near:.0%}, {kept:.0f} % within the range",
        ),
    ]
    lines += [
        f'<path d="M{left + _across(seconds):.1f} {TOP + TALL}v5" stroke="#8a8172"/>'
        + _text(left + _across(seconds), TOP + TALL + 18, name, 'text-anchor="middle"')
        for name, seconds in TICKS.items()
    ]
    lines += [
        _text(left - 8, _up(ratio) + 4, f"{ratio:g}", 'text-anchor="end"') for ratio in (0.25, 0.5, 1, 2, 4)
    ]
    lines += [_dot(promise, left) for promise in sorted(promises, key=lambda promise: promise.alone)]
    return "\n".join(lines)


def _dot(promise: Promise, left: float) -> str:
    across, up = left + _across((promise.end_ms - promise.at_ms) / 1000), _up(promise.ratio)
    look = 'fill="#0f766e" opacity=".55"' if promise.alone else 'fill="none" stroke="#b45309" opacity=".6"'
    return f'<circle cx="{across:.1f}" cy="{up:.1f}" r="2.6" {look}/>'


def _across(seconds: float) -> float:
    seconds = min(max(seconds, SHORTEST_S), LONGEST_S)
    return PANEL * math.log(seconds / SHORTEST_S) / math.log(LONGEST_S / SHORTEST_S)


def _up(ratio: float) -> float:
    ratio = min(max(ratio, 1 / MOST), MOST)
    return TOP + TALL * (1 - math.log(ratio * MOST) / math.log(MOST * MOST))


def _text(across: float, up: float, words: str, more: str = "") -> str:
    return f'<text x="{across:.1f}" y="{up:.1f}" fill="#4a4438" {more}>{words}</text>'
