"""F5, F6 and F8: viewers that do not read, viewers that only sit there, and very many offices at once."""

import resource
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.clients import client_of, with_tokens
from bench.fanout import Window, fed_house, window
from bench.house import folder, serving
from bench.meter import status_kb
from bench.rows import Row, number
from bench.stores import open_accounts

REPEATS = 5
OTHERS = 19
STALLED = 100
STALL_S = 6.0
SETTLE_S = 2.0
IDLE_FIRST, IDLE = 100, 2_000
OFFICES, VIEWERS = 5_000, 20_000
SPARE_FILES = 150
MANY_WINDOW_S = 3.0
PART = 10
LOOK_MS = 20


def stalled() -> list[Row]:
    """F5: what the others get while one never reads; what is kept for it, as the mean of many that do not."""
    shares, kept, notes = [], [], ""
    for _ in range(REPEATS):
        with fed_house("large") as (house, token):
            port, options = house.address[1], with_tokens(token)
            with client_of(port, OTHERS + 1, *options, "--stall", "1") as client:
                time.sleep(SETTLE_S)
                one = window(house.pid, client, STALL_S).counted
                shares.append(one.frames / one.due * 100)
                size = one.bytes / one.deliveries
                notes = f"frames of {number(size)} bytes; {one.gaps} gaps; p99 {number(one.p99_ms)} ms; the kernel holds {unsent_kb(port)} kB"
        kept.append(kept_kib())
    return [
        Row(
            id="F5", what=f"one of {OTHERS + 1} viewers never reads, frames as long as there are: of all frames, the others get",
            unit="%", values=shares, bar=100, more_is_better=True, notes=f"{notes} for the one",
        ),
        Row(
            id="F5 kept", what="memory of the process kept for a viewer that never reads", unit="KiB", values=kept, bar=64,
            notes=f"the difference between {STALLED} that read and {STALLED} that do not, each after {number(STALL_S)} s",
        ),
    ]  # fmt: skip


def kept_kib() -> float:
    """How much more a viewer takes that does not read."""
    sizes = []
    for options in ((), ("--stall", str(STALLED))):
        with (
            fed_house("large") as (house, token),
            client_of(house.address[1], STALLED, *with_tokens(token), *options),
        ):
            time.sleep(STALL_S)
            sizes.append(status_kb(house.pid, "VmRSS"))
    return max(sizes[1] - sizes[0], 0) / STALLED


def unsent_kb(port: int) -> int:
    """What the kernel holds unsent for the viewer for which it holds the most."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return (
        max((int(row[4].partition(":")[0], 16) for row in rows if row[1].endswith(f":{port:04X}")), default=0)
        // 1000
    )


def idle() -> list[Row]:
    """F6."""
    found = []
    for _ in range(REPEATS):
        with fed_house("quiet") as (house, token):
            port, options = house.address[1], with_tokens(token)
            with client_of(port, IDLE_FIRST, *options):
                time.sleep(SETTLE_S)
                before = status_kb(house.pid, "VmRSS")
                with client_of(port, IDLE, *options):
                    time.sleep(SETTLE_S)
                    found.append((status_kb(house.pid, "VmRSS") - before) * 1.024 / IDLE)
    return [
        Row(
            id="F6", what="memory per viewer, idle", unit="kB", values=found, bar=32,
            notes=f"what the process grew by with {IDLE:,} viewers of one office, after {IDLE_FIRST} others",
        )
    ]  # fmt: skip


def many() -> list[Row]:
    """F8, and the same with a part of the offices, which shows what each costs where all are too many."""
    return [
        *_many("F8", OFFICES, VIEWERS, 50),
        *_many("F8 part", OFFICES // PART, VIEWERS // PART, 50 / PART),
    ]


def _many(id_: str, offices: int, viewers: int, bar: float, windows: int = REPEATS) -> list[Row]:
    """So many offices that are fed the trace on three slots, each from the moment its first viewer comes."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    sockets = min(viewers, most - SPARE_FILES)
    what = f"{offices:,} offices with work, {sockets:,} viewers: share of a core"
    try:
        silent, acknowledged, said = _shares(offices, sockets, windows)
    except RuntimeError as error:
        return [Row(id=id_, what=what, unit="%", values=[], bar=bar, missing=str(error))]
    few = "" if sockets == viewers else f" (a process may have {most:,} files open here)"
    return [
        Row(
            id=id_, what=what, unit="%", values=_percent(silent), bar=bar,
            notes=(
                f"{number(_deliveries_s(silent))} deliveries a second over TCP sockets of another process{few}, which looks "
                f"every {LOOK_MS} ms; in each office the trace on three slots, feeding it included; {said}"
            ),
        ),
        Row(
            id=f"{id_} acknowledged", what=f"{what}, while each says every 5 s what it holds", unit="%",
            values=_percent(acknowledged), bar=bar, notes=f"{number(_deliveries_s(acknowledged))} deliveries a second",
        ),
    ]  # fmt: skip


def _shares(offices: int, sockets: int, windows: int) -> tuple[list[Window], list[Window], str]:
    """Windows while the viewers say nothing, then while they acknowledge; and what it took to get there."""
    limits = dict.fromkeys(
        ("viewers_max", "sockets_per_account_max", "sockets_per_address_max"), str(VIEWERS)
    )
    with folder() as data:
        tokens = open_accounts(data, offices, "starter", slots=3)
        each = [
            token for token in tokens for _ in range(max(1, VIEWERS // OFFICES))
        ]  # an office after the other
        with serving(data, launcher=("bench.fed", "three", "serve"), **limits) as house:
            options = [*with_tokens(*each, folder=data), "--every-ms", str(LOOK_MS)]
            with client_of(house.address[1], sockets, *options) as client:
                time.sleep(SETTLE_S)
                silent = [window(house.pid, client, MANY_WINDOW_S) for _ in range(windows)]
                client.acknowledge()
                time.sleep(SETTLE_S)
                acknowledged = [window(house.pid, client, MANY_WINDOW_S) for _ in range(windows)]
                mib = status_kb(house.pid, "VmRSS") / 1024
    return silent, acknowledged, f"{number(mib)} MiB in all; who comes took {client.ready['seconds']:.0f} s"


def _percent(windows: Sequence[Window]) -> list[float]:
    return [one.used_s / one.counted.seconds * 100 for one in windows]


def _deliveries_s(windows: Sequence[Window]) -> float:
    return median(one.counted.deliveries / one.counted.seconds for one in windows)
