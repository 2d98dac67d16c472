"""Where the time of S1 goes: samples of what each thread is at, weighed with the processor time that the kernel counted."""

import json
import linecache
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.house import copy_of, serving, watched
from bench.meter import Meter
from bench.throughput import DONE, ENDED, QUOTA, WITHIN_S, queued

TASKS = 60_000
WAITING = ("/asyncio/runners.py", "/uvloop/__init__.py", "/threading.py", "/queue.py")
WAITING_LINES = (".get(", ".acquire(", ".wait(")
"""Where a thread stands while it has nothing to do. The loop itself is C: its own part is spread over the rooms it calls."""
SMALLEST = 0.005
ROOTS = ("server", "simulation", "bench")
STORE = "server/store"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A room's part of the processor time of one thread."""

    thread: str
    room: str
    share: float
    task_us: float


def profile(tasks: int = TASKS) -> list[Part]:
    """Carry S1 out once under a sampler; parts in order, the largest first."""
    with queued(1, "enterprise", tasks, "nothing") as (template, (token,)), copy_of(template) as data:
        out = data / "samples.json"
        with (
            serving(data, launcher=("bench.sampled", str(out), "serve"), **QUOTA) as house,
            watched(house, token),
            Meter(house.pid) as meter,
        ):
            from_s = time.time()
            house.await_rows(DONE, tasks, within_s=WITHIN_S)
            ((ended, last_ms),) = house.rows(ENDED, from_s * 1000)
            to_s = last_ms / 1000
            noted = json.loads(out.read_text())
        loop_s = meter.used_by_main_s(from_s, to_s)
        sampler_s = [used_s for at, used_s in noted["used_s"] if from_s * 10 <= at < to_s * 10]
        others_s = meter.used_s(from_s, to_s) - loop_s - (sampler_s[-1] - sampler_s[0])
    return parts(noted["places"], {"loop": loop_s, "other": others_s}, from_s, to_s, ended)


def parts(
    samples: list[tuple[int, str, str, int, str, int]],
    used_s: dict[str, float],
    from_s: float,
    to_s: float,
    ended: int,
) -> list[Part]:
    """Divide each thread's processor time among the rooms in which it was seen at work."""
    total_s, found = sum(used_s.values()), []
    for thread, thread_s in used_s.items():
        seen: Counter[str] = Counter()
        for at, named, file, line, ours, count in samples:
            if named == thread and from_s * 10 <= at < to_s * 10 - 1:
                seen[room_of(file, line, ours, on_loop=thread == "loop")] += count
        seen.pop("", None)
        found += [
            Part(
                thread=thread, room=room, share=thread_s * count / seen.total() / total_s,
                task_us=thread_s * count / seen.total() / ended * 1e6,
            )
            for room, count in seen.items()
        ]  # fmt: skip
    return sorted((part for part in found if part.share >= SMALLEST), key=lambda part: -part.share)


def room_of(file: str, line: int, ours: str, *, on_loop: bool) -> str:
    """The room that a sample belongs to; empty: the thread waits."""
    if file.endswith(WAITING) or any(word in linecache.getline(file, line) for word in WAITING_LINES):
        return ""
    if any(f"/{root}/" in file for root in ROOTS):
        own = _own(file)
        return own if on_loop or own != STORE else "SQLite, called by server/store"
    if "/site-packages/" in file:
        return file.partition("/site-packages/")[2].partition("/")[0].removesuffix(".py")
    if "/asyncio/" in file:
        return "asyncio"
    return f"Python's library, for {_own(ours)}" if ours else "Python's library"


def _own(file: str) -> str:
    """The room of a file of ours; the logs, which are a part of the executions, by themselves."""
    path = Path(file)
    root = next(root for root in ROOTS if root in path.parts)
    inner = path.parts[path.parts.index(root) :]
    if inner[1] == "executions":
        return "logs (server/executions)" if path.name.startswith("log") else "runner (server/executions)"
    return "/".join(inner[:2])


def table(found: list[Part]) -> str:
    """The parts as Markdown."""
    names = {"loop": "event loop", "other": "others"}
    lines = ["| thread | room | share | µs a task |", "|---|---|---:|---:|"]
    lines += [
        f"| {names[part.thread]} | {part.room} | {part.share:.1%} | {part.task_us:.1f} |" for part in found
    ]
    rest = 1 - sum(part.share for part in found)
    lines.append(f"| | rooms under {SMALLEST:.1%} each | {rest:.1%} | |")
    return "\n".join(lines)


def section() -> str:
    """The profile as a section of the page."""
    found = profile()
    total_us = sum(part.task_us for part in found)
    loop = sum(part.share for part in found if part.thread == "loop")
    loop_us = total_us * loop
    return (
        f"S1 once under a sampler ({TASKS:,} tasks): {total_us:.0f} µs of processor time a task, {loop:.0%} of it in the "
        "thread of the event loop. A thousand times a second the place of each thread is noted; those who wait do not "
        "count, nor does the sampler, and each thread's processor time, as the kernel has it, is divided among the rooms it "
        "was seen in. The event loop's own C code is spread over the rooms that it calls.\n\n"
        f"What it would take to double the figure: at {loop_us:.0f} µs a task the event loop's thread alone allows "
        f"{1e6 / loop_us:,.0f} tasks/s and no more, if SQLite's thread never made it wait. Beyond that there are two ways: "
        "less work a task in the rooms below, or offices divided among processes, each with its own thread and its own "
        "commits.\n\n" + table(found)
    )


if __name__ == "__main__":
    sys.stdout.write(section() + "\n")
