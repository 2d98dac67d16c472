"""S6: a list of 100,000 tasks comes in over HTTP; what it takes, and what other offices feel of it."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from bench.house import ServedHouse, copy_of, folder, serving
from bench.meter import forget_peak, memory_mb, peak_mb
from bench.rows import Row, number
from bench.stores import csv_of, open_accounts, open_slots

REPEATS = 5
TASKS = 100_000
OTHERS = 10
BACKLOG = 3_000
BODY_MS = 20
QUIET_S = 2
SLOW_BYTES_S = 100_000
SLOW_EVERY_S = 0.1
SLOW_S = 20
STARTS = """
SELECT office, started_ms FROM executions WHERE started_ms BETWEEN ? AND ? ORDER BY office, started_ms
"""


@contextmanager
def with_others() -> Iterator[tuple[Path, str]]:
    """A data folder with other offices that have one slot and much to do, and one whose token is returned."""
    with folder() as data:
        token, *others = open_accounts(data, 1 + OTHERS, "enterprise")
        with serving(data) as house:
            for other in others:
                house.submit(other, "fiftieth", csv_of(BACKLOG))
            house.stop()
        open_slots(data, 1, first=1)
        yield data, token


def list_of(tasks: int) -> bytes:
    """A list as people have them: three columns, about 70 bytes a line."""
    lines = (
        f"Ada Lovelace {n},ada.lovelace.{n}@example.org,Please look at order {n}\n" for n in range(tasks)
    )
    return ("name,email,note\n" + "".join(lines)).encode()


def cycles_ms(house: ServedHouse, from_s: float, to_s: float) -> list[float]:
    """Milliseconds beyond its body from each start to the next in an office with one slot: what a cycle took it."""
    found, before = [], ("", 0)
    for office, started_ms in house.rows(STARTS, from_s * 1000, to_s * 1000):
        if office == before[0]:
            found.append(float(started_ms - before[1] - BODY_MS))
        before = (office, started_ms)
    return found


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return quantiles(values, n=100)[98]


def at_once(repeats: int, rows: bytes) -> tuple[list[float], list[float], list[float], list[float]]:
    """Seconds, megabytes more at most, p99 of the others' cycles meanwhile, and the same before it."""
    seconds, extra, meanwhile, before = [], [], [], []
    with with_others() as (template, token):
        for _ in range(repeats):
            with copy_of(template) as data, serving(data) as house:
                time.sleep(QUIET_S)
                forget_peak(house.pid)
                begun_s, had_mb = time.time(), memory_mb(house.pid)
                house.submit(token, "nothing", rows)
                ended_s = time.time()
                seconds.append(ended_s - begun_s)
                extra.append(peak_mb(house.pid) - had_mb)
                meanwhile.append(p99(cycles_ms(house, begun_s, ended_s)))
                before.append(p99(cycles_ms(house, begun_s - QUIET_S + 0.5, begun_s)))
    return seconds, extra, meanwhile, before


def slowly(house: ServedHouse, token: str, rows: bytes) -> None:
    """Send a list at 100 kB/s, and go away before its end."""
    head = (
        f"POST /api/v1/batches?kind=python&params=%7B%22name%22%3A%22nothing%22%7D HTTP/1.1\r\n"
        f"Host: {house.address[0]}:{house.address[1]}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: text/csv\r\nContent-Length: {len(rows)}\r\n\r\n"
    )
    piece = round(SLOW_BYTES_S * SLOW_EVERY_S)
    with socket.create_connection(house.address) as client:
        client.sendall(head.encode())
        begun = time.monotonic()
        for turn in range(round(SLOW_S / SLOW_EVERY_S)):
            client.sendall(rows[turn * piece : (turn + 1) * piece])
            time.sleep(max(begun + (turn + 1) * SLOW_EVERY_S - time.monotonic(), 0))


def beside_slow(stretches: int, rows: bytes) -> list[float]:
    """p99 of the others' cycles in each stretch of one slow upload."""
    with with_others() as (template, token), copy_of(template) as data, serving(data) as house:
        time.sleep(QUIET_S)
        begun_s = time.time()
        slowly(house, token, rows)
        each_s = SLOW_S / stretches
        return [
            p99(cycles_ms(house, begun_s + turn * each_s, begun_s + (turn + 1) * each_s))
            for turn in range(stretches)
        ]


def uploads(repeats: int = REPEATS, tasks: int = TASKS) -> list[Row]:
    """S6."""
    rows = list_of(tasks)
    seconds, extra, meanwhile, before = at_once(repeats, rows)
    what = f"{tasks:,} tasks as CSV over HTTP"
    beside = (
        f"{OTHERS} other offices with one slot and bodies of {BODY_MS} ms, from start to start less the body"
    )
    return [
        Row(id="S6", what=what, unit="s", values=seconds, bar=6, notes=f"{number(len(rows) / 1e6)} MB"),
        Row(id="S6 memory", what=f"{what}: memory at its peak, more than before", unit="MB", values=extra, bar=64),
        Row(
            id="S6 cycle", what=f"{what}: cycle p99 of other offices meanwhile", unit="ms", values=meanwhile,
            bar=50, notes=f"{beside}; {number(median(before))} ms before it",
        ),
        Row(
            id="S6 slow", what="a client uploads 100 kB/s: cycle p99 of other offices meanwhile", unit="ms",
            values=beside_slow(REPEATS, rows), bar=50, notes=f"{REPEATS} stretches of one upload of {SLOW_S} s",
        ),
    ]  # fmt: skip
