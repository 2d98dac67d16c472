"""F3: what the trace costs for each who looks at it, beside a room that moves every bar ten times a second."""

import subprocess
import time
from collections.abc import Sequence
from statistics import median

from bench.clients import client_of, with_tokens
from bench.fan_peers import COLYSEUS, Frames, started
from bench.fanout import PAGE_ACKS, PLACED, WARM_S, Window, fed_house, frames_of, window
from bench.feed import Traced
from bench.house import folder
from bench.rows import Row, number

VIEWERS = 3_000
WINDOWS = 5
WINDOW_S = 6.0
FRAMES = 600
SIXTH = 1 / 6


def own_windows(viewers: int, windows: int, *options: str) -> list[Window]:
    """The shipped house, fed the trace."""
    with (
        fed_house("trace") as (house, token),
        client_of(house.address[1], viewers, *with_tokens(token), *options) as client,
    ):
        time.sleep(WARM_S)
        return [window(house.pid, client, WINDOW_S) for _ in range(windows)]


def live_windows(viewers: int, windows: int) -> list[Window]:
    """Colyseus, with the same trace and live bars."""
    COLYSEUS.install()
    with folder() as place:
        frames = Frames.written(place, *frames_of(Traced(), FRAMES))
        with started(COLYSEUS, frames, viewers, "live") as (server, client):
            server.go()
            time.sleep(WARM_S)
            return [window(server.process.pid, client, WINDOW_S) for _ in range(windows)]


def viewer_us(one: Window, viewers: int) -> float:
    """Microseconds of processor time for a viewer's second."""
    return one.used_s / one.counted.seconds / viewers * 1e6


def rows(viewers: int = VIEWERS, windows: int = WINDOWS) -> list[Row]:
    """F3."""
    what = f"processor time of a viewer's second on the trace, {viewers:,} viewers, ÷ that of Colyseus with live bars"
    try:
        live = live_windows(viewers, windows)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        missing = " ".join(str(error).split())[:200]
        return [Row(id="F3", what=what, unit="", values=[], bar=SIXTH, missing=missing)]
    theirs_us = median(viewer_us(one, viewers) for one in live)
    theirs = f"theirs {number(theirs_us)} µs and {number(_bytes_s(live, viewers))} B/s to each ({COLYSEUS.version()})"
    found = []
    for id_, said, options in (
        ("F3", "the same clients", ()),
        ("F3 acknowledged", "each says every 5 s what it holds, as the page does", PAGE_ACKS),
    ):
        own = own_windows(viewers, windows, *options)
        used_us = [viewer_us(one, viewers) for one in own]
        found.append(
            Row(
                id=id_, what=what, unit="", values=[used / theirs_us for used in used_us], bar=SIXTH,
                notes=f"{said}; {number(median(used_us))} µs and {number(_bytes_s(own, viewers))} B/s to each; {theirs}; {PLACED}",
            )
        )  # fmt: skip
    return found


def _bytes_s(windows: Sequence[Window], viewers: int) -> float:
    return sum(one.counted.bytes for one in windows) / sum(one.counted.seconds for one in windows) / viewers
