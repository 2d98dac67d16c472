"""The page of figures: what is kept between measurements, and how it is written."""

import datetime as dt
import json
import os
import platform
import sqlite3
import subprocess
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from bench.house import FOLDER, ROOT
from bench.rows import Row, number, row_from
from bench.table import AREAS, GROUPS, PEERS

PAPER = ROOT / "docs" / "benchmarks.md"
KEPT = ROOT / "docs" / "benchmarks.json"
HEAD = """# Figures

{reached} of {promised} bars are reached. Measured on {machine}. The last measurement was on {date}; a row that is older says so.

To repeat it: `make bench` (three quarters of an hour on two cores; it wants them for itself). `python -m bench S1 S5` measures only
those, `python -m bench --list` says what there is. Medians count, and all values are there; absolute figures differ from machine
to machine and by as much as twofold on one that is shared, so ratios are what is worth comparing. Nothing is tuned for the
benchmark: a row that falls short is printed as such.
"""
COLUMNS = "| id | what | figure | bar | | all values | measured |\n|---|---|---:|---:|---|---|---|"
PEER_COLUMNS = "| queue | tasks/s | Ten Desks ÷ it | all values | measured |\n|---|---:|---:|---|---|"
SYNCS = 200


@dataclass
class Paper:
    """Rows and texts by the group that they were measured in."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    machine: str = ""

    def put(self, group: str, found: list[Row] | str) -> None:
        """Take what was measured now, in place of what was there."""
        if isinstance(found, str):
            self.texts[group] = (today(), found)
        else:
            self.rows[group] = found

    def write(self) -> None:
        """Write both files."""
        kept = {
            "machine": self.machine,
            "rows": {name: [row.kept() for row in rows] for name, rows in self.rows.items()},
            "texts": self.texts,
        }
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        PAPER.write_text(page(self))


def read_paper() -> Paper:
    """What was kept; an empty page where there is none."""
    if not KEPT.exists():
        return Paper()
    kept: dict[str, Any] = json.loads(KEPT.read_text())
    return Paper(
        rows={name: [row_from(row) for row in rows] for name, rows in kept["rows"].items()},
        texts={name: (date, text) for name, (date, text) in kept["texts"].items()},
        machine=kept["machine"],
    )


def today() -> str:
    """The date, in UTC."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def machine() -> str:
    """What the figures were measured on: processors, disk, versions, the state of the code."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    git = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    code = f", commit {git.stdout.strip()}" if git.returncode == 0 else ""
    return (
        f"{os.cpu_count()} cores ({model}), {platform.system()} {platform.release().split('-')[0]}, a disk that syncs 4 KiB in "
        f"{_sync_ms():.2f} ms, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}{code}"
    )


def page(paper: Paper) -> str:
    """The whole page."""
    every = [row for rows in paper.rows.values() for row in rows]
    promised = [row for row in every if row.bar is not None and not row.missing]
    dates = [row.date for row in every] + [date for date, _ in paper.texts.values()]
    head = HEAD.format(
        reached=sum(row.verdict == "reached" for row in promised), promised=len(promised), machine=paper.machine,
        date=max(dates, default=today()),
    )  # fmt: skip
    parts = [head]
    for area, said in AREAS.items():
        groups = [group.name for group in GROUPS if group.area == area]
        rows = [row for name in groups for row in paper.rows.get(name, [])]
        texts = [paper.texts[name] for name in groups if name in paper.texts]
        if not rows and not texts:
            continue
        parts.append(f"## {area}\n")
        if said:
            parts.append(said + "\n")
        if rows:
            lines = (
                _peer_lines(rows)
                if area == PEERS
                else [COLUMNS, *(_line(_beside(row, paper)) for row in rows)]
            )
            parts.append("\n".join(lines) + "\n")
        parts += [f"{text}\n\nMeasured on {date}.\n" for date, text in texts]
    return "\n".join(parts)


def _beside(row: Row, paper: Paper) -> Row:
    """S1 stands beside the fastest of the other queues."""
    others = [other for other in paper.rows.get("peers", []) if other.peer and other.values]
    if row.id != "S1" or not others:
        return row
    fastest = max(others, key=lambda other: other.median)
    return replace(row, peer=fastest.what.partition(" (")[0], peer_values=fastest.values)


def _line(row: Row) -> str:
    what = row.what + (f"<br><sub>{row.notes}</sub>" if row.notes else "")
    if row.missing:
        return f"| {row.id} | {what} | | | not measured: {row.missing} | | {row.date} |"
    if row.ratio is not None:
        what += f"<br><sub>{number(row.ratio)} times {row.peer} ({number(median(row.peer_values))} {row.unit})</sub>"
    bar = "" if row.bar is None else f"{'≥' if row.more_is_better else '≤'} {number(row.bar)}"
    figure = f"**{number(row.median)}** {row.unit}".rstrip()
    return f"| {row.id} | {what} | {figure} | {bar} | {row.verdict} | {_values(row)} | {_when(row)} |"


def _peer_lines(rows: list[Row]) -> list[str]:
    lines = [PEER_COLUMNS]
    for row in rows:
        if row.missing:
            lines.append(f"| {row.what} | not measured: {row.missing} | | | {row.date} |")
            continue
        ratio = "" if row.ratio is None else f"**{number(1 / row.ratio)}**"
        what = row.what + (f"<br><sub>{row.notes}</sub>" if row.notes else "")
        lines.append(f"| {what} | {number(row.median)} | {ratio} | {_values(row)} | {_when(row)} |")
    return lines


def _values(row: Row) -> str:
    return ", ".join(map(number, row.values))


def _when(row: Row) -> str:
    return f"{row.date}, load {row.load:.1f}"


def _sync_ms() -> float:
    """Milliseconds in the middle until 4 KiB are on the disk that is measured on."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path, took = FOLDER / "sync", []
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return median(took) * 1000
