"""The soak: hundreds of viewers of one busy office and of a few others, some stalled, some coming and going all the time.

`python -m bench.soak --minutes 60` prints a line a minute, and at the end a section for docs/; `--write FILE` puts it there.
"""

import argparse
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from bench.house import ROOT, ServedHouse, folder, serving
from bench.meter import memory_mb, peak_mb, processor_s
from bench.soak_viewers import RESTLESS, STALLED, STEADY, spread
from bench.stores import csv_of, open_accounts

BUSY, OTHERS, OFFICES = 500, 300, 30
SHARES = ((STALLED, 0.1), (RESTLESS, 0.1))
TASKS = 20_000
"""So many are handed in at once; a new batch before they run out."""
NOISE_S = 0.02
BUSY_SECONDS, OTHER_SECONDS = [0.3, 3.0], [3.0, 15.0]
HEADINGS = (
    "minute", "rss MB", "cpu %", "open files", "sockets", "lagging", "ticks", "late p50", "p99", "max",
    "inside >50 ms", "delay p50", "p99", "max", "noise p99", "max", "frames", "keyframes", "resumed", "opened", "too slow", "gaps",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Minute:
    """What one minute was like; milliseconds for lateness and delay, each as p50, p99, max."""

    number: int
    rss_mb: float
    cpu: float
    files: int
    metrics: dict[str, float]
    before: dict[str, float]
    seen: dict[str, Any]
    noise: list[float]

    @property
    def inside(self) -> tuple[int, int]:
        """Ticks of this minute, and those that the ticker itself says were more than 50 ms late."""
        name = "tendesks_tick_lateness_seconds"
        ticks = self._more(f"{name}_count")
        return ticks, ticks - self._more(f'{name}_bucket{{le="0.05"}}')

    def cells(self) -> list[str]:
        """One cell for each heading."""
        seen, late, delay = self.seen, self.seen["late"], self.seen["delay"]
        ticks, beyond = self.inside
        values = [
            self.number, f"{self.rss_mb:.0f}", f"{self.cpu:.0f}", self.files, round(self.metrics.get("tendesks_sockets", 0)),
            round(self.metrics.get("tendesks_viewers_lagging", 0)), ticks, *late, beyond, *delay, *self.noise,
            seen.get("diffs", 0),
            seen.get("keyframes", 0), seen.get("resumed", 0), seen.get("opened", 0),
            self._more("tendesks_too_slow_total"), seen.get("gaps", 0),
        ]  # fmt: skip
        return [str(value) for value in values]

    def _more(self, name: str) -> int:
        return round(self.metrics.get(name, 0) - self.before.get(name, 0))


def viewers(tokens: Sequence[str]) -> list[tuple[str, str]]:
    """Who looks at what: the busy office is the first token's."""
    kinds = [(kind, round(BUSY * share)) for kind, share in SHARES]
    kinds.append((STEADY, BUSY - sum(count for _, count in kinds)))
    wanted = [(kind, tokens[0]) for kind, count in kinds for _ in range(count)]
    for number in range(OTHERS):
        part = number // OFFICES * OFFICES / OTHERS  # every office has some of each
        kind = STALLED if part < 0.1 else RESTLESS if part < 0.2 else STEADY
        wanted.append((kind, tokens[1 + number % OFFICES]))
    return wanted


def hand_in(house: ServedHouse, token: str, seconds: list[float], count: int) -> None:
    """A batch of tasks that do nothing, visibly."""
    params = {"name": "Soak", "kind": "demo", "params": json.dumps({"seconds": seconds, "fail": 0.02})}
    house.api(
        "POST", "batches", token, params=params, content=csv_of(count), headers={"content-type": "text/csv"}
    )


def metrics(port: int) -> dict[str, float]:
    """Every series by its name and labels; empty where the metrics' port does not answer."""
    try:
        text = httpx2.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    except httpx2.HTTPError:
        return {}
    lines = [line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def free_port() -> int:
    """One that nobody listens at just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Noise:
    """How much later than asked a process that does nothing is woken: what the machine itself adds to every lateness."""

    def __init__(self) -> None:
        self._late_ms: list[float] = []
        threading.Thread(target=self._sleep, name="noise", daemon=True).start()

    def told(self) -> list[float]:
        """The 99th of a hundred and the most since the last time, in ms."""
        late_ms, self._late_ms = self._late_ms, []
        return spread(late_ms)[1:]

    def _sleep(self) -> None:
        while True:
            due_s = time.monotonic() + NOISE_S
            time.sleep(NOISE_S)
            self._late_ms.append((time.monotonic() - due_s) * 1000)


@contextmanager
def looking(house: ServedHouse, tokens: Sequence[str], every_s: float) -> Iterator[Iterator[dict[str, Any]]]:
    """The process of the viewers; what it gives are its lines."""
    command = [sys.executable, "-m", "bench.soak_viewers"]
    host, port = house.address
    plan = {"host": host, "port": port, "every_s": every_s, "viewers": viewers(tokens)}
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(plan) + "\n")
        process.stdin.flush()
        yield (json.loads(line) for line in process.stdout)
    finally:
        process.kill()
        process.wait()


def soak(minutes: int, every_s: float = 60.0) -> list[Minute]:
    """Do it, printing as it goes."""
    with folder() as data:
        tokens = open_accounts(data, 1 + OFFICES, "enterprise", slots=None)
        port = free_port()
        with serving(data, metrics_port=str(port), samples="false") as house:
            hand_in(house, tokens[0], BUSY_SECONDS, TASKS)
            for token in tokens[1:]:
                hand_in(house, token, OTHER_SECONDS, TASKS)
            with looking(house, tokens, every_s) as lines:
                return [*_minutes(house, tokens[0], port, lines, minutes)]


def _minutes(
    house: ServedHouse, token: str, port: int, lines: Iterator[dict[str, Any]], minutes: int
) -> Iterator[Minute]:
    print(" | ".join(HEADINGS), flush=True)
    noise = Noise()
    next(lines)  # the minute in which they all come
    noise.told()
    before, used = metrics(port), processor_s(house.pid)
    for number in range(1, minutes + 1):
        seen, now, usage = next(lines), metrics(port), processor_s(house.pid)
        minute = Minute(
            number=number, rss_mb=memory_mb(house.pid), cpu=100 * (usage.all_s - used.all_s) / (usage.at_s - used.at_s),
            files=len([*Path(f"/proc/{house.pid}/fd").iterdir()]), metrics=now, before=before, seen=seen,
            noise=noise.told(),
        )  # fmt: skip
        print(" | ".join(minute.cells()), flush=True)
        before, used = now, usage
        yield minute
        if house.api("GET", "office", token)["state"]["queue"]["waiting"] < TASKS / 2:
            hand_in(house, token, BUSY_SECONDS, TASKS)
    print(f"peak {peak_mb(house.pid):.0f} MB", flush=True)


def growth_mb_per_h(minutes: Sequence[Minute]) -> float:
    """The slope of the memory over the last three quarters: what is there once warm is no growth."""
    warm = minutes[len(minutes) // 4 :]
    if len(warm) < 2:
        return 0.0
    middle = sum(minute.number for minute in warm) / len(warm)
    mean = sum(minute.rss_mb for minute in warm) / len(warm)
    above = sum((minute.number - middle) * (minute.rss_mb - mean) for minute in warm)
    return 60 * above / sum((minute.number - middle) ** 2 for minute in warm)


def section(minutes: Sequence[Minute]) -> str:
    """For docs/."""
    table = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    table += ["| " + " | ".join(minute.cells()) + " |" for minute in minutes]
    ticks, beyond = (sum(minute.inside[place] for minute in minutes) for place in (0, 1))
    lost = sum(minute.seen.get("gaps", 0) for minute in minutes)
    worst = max(minute.seen["late"][1] for minute in minutes)
    return f"""\
# The soak

Written by `python -m bench.soak --minutes {len(minutes)}` on {time.strftime("%Y-%m-%d")}.

{BUSY} viewers look at one busy office (50 tasks of {BUSY_SECONDS[0]} to {BUSY_SECONDS[1]} s at a time) and {OTHERS} at {OFFICES} others, on the shipped server with its shipped
settings. A tenth of them reads nothing for 90 s at a time and is closed as too slow; a tenth comes and goes every few seconds, half
of the times without a goodbye, and says what it holds. They are a process of their own on the same machine. *late*: how long after its moment the first of all viewers
had a tick, in ms; *delay*: the same for every frame and every steady viewer; *inside*: the ticks that the ticker itself counts as more than 50 ms late;
*noise*: how much later than asked a process that does nothing was woken meanwhile.

- Memory grew by {growth_mb_per_h(minutes):+.1f} MB an hour over the last three quarters (from {minutes[0].rss_mb:.0f} to {minutes[-1].rss_mb:.0f} MB in all).
- {ticks:,} ticks, of which the ticker took {beyond:,} ({beyond / max(ticks, 1):.4%}) more than 50 ms late; the worst minute's p99, as seen from outside, was {worst:.1f} ms.
- {lost} gaps or repetitions in what viewers were sent.

{chr(10).join(table)}
"""


def main() -> None:
    """See the top."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--write", type=Path, help="where the section goes, for example docs/soak.md")
    wanted = parser.parse_args()
    text = section(soak(wanted.minutes))
    print(text)
    if wanted.write:
        wanted.write.write_text(text)


if __name__ == "__main__":
    main()
