"""F2 and F4: one office with three thousand viewers and something to tell at each tick, beside other servers of frames."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from bench.clients import ACK_S, CLIENT_CORE, SERVER_CORE, Client, Counted, client_of, pinned, with_tokens
from bench.fan_peers import FAN_PEERS, FLOOR, FanPeer, Frames, started
from bench.feed import Feed, worst
from bench.house import ServedHouse, folder, serving
from bench.meter import processor_s
from bench.rows import Row, number
from bench.stores import open_accounts
from bench.trace import BASE_MS, HZ, OFFICE
from server.model import View
from server.ticker.epoch import Epoch
from server.ticker.timeline import Timeline
from simulation.inputs import OfficeChanged, SlotsChanged

VIEWERS = 3_000
ROUNDS = 2
WINDOWS = 3
WINDOW_S = 2.5
WARM_S = 1.5
FRAMES = 600
STALLED = 30
OWN, OWN_ACKING = "Ten Desks", "Ten Desks, acknowledged"
PAGE_ACKS = ("--ack-s", str(ACK_S))
PLACED = f"server on core {SERVER_CORE}, clients on core {CLIENT_CORE}"


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of time: what the clients had, and what the server used for it."""

    counted: Counted
    used_s: float

    @property
    def million_s(self) -> float:
        """Seconds of processor time for a million deliveries."""
        return self.used_s / max(self.counted.deliveries, 1) * 1e6


def window(pid: int, client: Client, lasts_s: float = WINDOW_S) -> Window:
    """Measure now."""
    client.begin()
    used_s = processor_s(pid).all_s
    time.sleep(lasts_s)
    used_s = processor_s(pid).all_s - used_s
    return Window(counted=client.end(), used_s=used_s)


def frames_of(feed: Feed, count: int) -> tuple[bytes, list[bytes]]:
    """The keyframe and the diffs of an office that is fed, as this house makes them."""
    facts = [OfficeChanged(name="Northwind", tier="pro"), SlotsChanged(slots=10)]
    timeline = Timeline(base_ms=BASE_MS, start_ms=0, hz=HZ)
    epoch = Epoch(office=OFFICE, number=1, timeline=timeline, facts=[*facts, *feed(0)])
    stream = epoch.open(View.FULL)
    keyframe = stream.keyframe()
    diffs = [diff for tick in range(1, count + 1) for _, diff in epoch.step(tick, feed(tick))]
    return keyframe, diffs


@contextmanager
def fed_house(feed: str, **settings: str) -> Iterator[tuple[ServedHouse, str]]:
    """The shipped house, on a core of its own, whose office is fed from its first viewer on; and a token for it."""
    with folder() as data:
        (token,) = open_accounts(data, 1, "enterprise", slots=10)
        with serving(data, launcher=("bench.fed", feed, "serve"), **settings) as house:
            if pinned(SERVER_CORE):
                os.sched_setaffinity(house.pid, {SERVER_CORE})
            yield house, token


def own_windows(viewers: int, *options: str, windows: int = WINDOWS) -> list[Window]:
    """Windows of this house."""
    with (
        fed_house("worst") as (house, token),
        client_of(house.address[1], viewers, *with_tokens(token), *options) as client,
    ):
        time.sleep(WARM_S)
        return [window(house.pid, client) for _ in range(windows)]


def peer_windows(peer: FanPeer, frames: Frames, viewers: int) -> list[Window]:
    """Windows of another server."""
    with started(peer, frames, viewers) as (server, client):
        server.go()
        time.sleep(WARM_S)
        return [window(server.process.pid, client) for _ in range(WINDOWS)]


def fan_out(viewers: int = VIEWERS, rounds: int = ROUNDS) -> list[Row]:
    """F2: everyone by turns, on the same frames."""
    found: dict[str, list[Window]] = {OWN: []}
    ratios: dict[str, list[float]] = {}
    problems: dict[str, str] = {}
    with folder() as place:
        frames = Frames.written(place, *frames_of(worst, FRAMES))
        for _ in range(rounds):
            turn = {OWN: own_windows(viewers), OWN_ACKING: own_windows(viewers, *PAGE_ACKS)}
            for peer in (FLOOR, *FAN_PEERS):
                try:
                    peer.install()
                    turn[peer.name] = peer_windows(peer, frames, viewers)
                except (OSError, RuntimeError, subprocess.SubprocessError) as error:
                    problems[peer.name] = " ".join(str(error).split())[:200]
            for name, windows in turn.items():
                found.setdefault(name, []).extend(windows)
                if FLOOR.name in turn:
                    floor_s = median(one.million_s for one in turn[FLOOR.name])
                    ratios.setdefault(name, []).extend(one.million_s / floor_s for one in windows)
    names = [OWN, OWN_ACKING, *(peer.name for peer in (FLOOR, *FAN_PEERS))]
    missing = {name: problems.get(name) or problems.get(FLOOR.name, "") for name in names}
    said = {peer.name: peer.version() for peer in (FLOOR, *FAN_PEERS) if not missing[peer.name]}
    said[OWN] = "with the same clients as the others"
    said[OWN_ACKING] = f"each says every {ACK_S} s what it holds, as the page does"
    return [
        Row(
            id=_id(name), what=f"{name}: processor time for a delivery to {viewers:,} viewers ÷ the C loop's", unit="",
            values=[] if missing[name] else ratios[name], missing=missing[name],
            bar=1.65 if name in {OWN, OWN_ACKING} else None,
            notes="" if missing[name] else f"{said[name]}; {_used(found[name], viewers)}; {PLACED}",
        )
        for name in names
    ]  # fmt: skip


def _id(name: str) -> str:
    return {OWN: "F2", OWN_ACKING: "F2 acknowledged"}.get(name, f"F2 {name}")


def _used(windows: Sequence[Window], viewers: int) -> str:
    frames_s = median(one.counted.deliveries / viewers / one.counted.seconds for one in windows)
    late = [one.counted.p99_ms for one in windows if one.counted.p99_ms >= 0]
    size = sum(one.counted.bytes for one in windows) / max(sum(one.counted.deliveries for one in windows), 1)
    said = f"{number(median(one.million_s for one in windows))} s for a million of {number(size)} bytes, {number(frames_s)} a second to each"
    return f"{said}, p99 {number(median(late))} ms" if late else said


def latencies(viewers: int = VIEWERS, rounds: int = 5) -> list[Row]:
    """F4: with all of them reading, and with one in a hundred that never does, by turns."""
    reading: list[Window] = []
    beside: list[Window] = []
    ratios = []
    stalled = max(1, viewers * STALLED // VIEWERS)
    for _ in range(rounds):
        one = own_windows(viewers, *PAGE_ACKS, windows=2)
        other = own_windows(viewers, *PAGE_ACKS, "--stall", str(stalled), windows=2)
        reading, beside = reading + one, beside + other
        ratios.append(_p99(other) / _p99(one))
    what = f"tick to client with {viewers:,} viewers, something at each tick"
    p50 = median(one.counted.p50_ms for one in reading)
    worst_ms = max(one.counted.max_ms for one in reading)
    gaps = sum(one.counted.gaps for one in reading + beside)
    notes = f"p50 {number(p50)} ms, latest {number(worst_ms)} ms, {gaps} gaps; from the frame's tick to its arrival; {PLACED}"
    return [
        Row(
            id="F4", what=f"{what}, p99", unit="ms", values=[one.counted.p99_ms for one in reading], bar=50,
            notes=notes,
        ),
        Row(
            id="F4 stalled", what=f"the others' p99 with {stalled} that never read ÷ without", unit="", values=ratios,
            bar=1.1, notes=f"p99 {number(_p99(beside))} ms beside them, by turns",
        ),
    ]  # fmt: skip


def _p99(windows: Sequence[Window]) -> float:
    return median(one.counted.p99_ms for one in windows)
