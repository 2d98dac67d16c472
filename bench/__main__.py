"""Measures every figure there is a script for, prints them, and writes docs/benchmarks.md."""

import datetime as dt
import os
import platform
import sqlite3
from pathlib import Path

from bench import frames, scheduler
from bench.rows import Row

PAPER = Path(__file__).parent.parent / "docs" / "benchmarks.md"
HEAD = """# Figures

Written by `make bench` on {date}: Python {python}, SQLite {sqlite} (WAL, synchronous=FULL), {cores}. Medians, with all values; absolute times differ from
machine to machine. No-op tasks through the shipped runner; rows that are not here have no script yet.

| id | what | median | bar | | all values |
|---|---|---|---|---|---|
"""


def line(row: Row) -> str:
    """One row of the table."""
    sign = "≥" if row.more_is_better else "≤"
    values = ", ".join(f"{value:,.4g}" if value < 1000 else f"{value:,.0f}" for value in row.values)
    middle = f"{row.median:,.4g}" if row.median < 1000 else f"{row.median:,.0f}"
    return (
        f"| {row.id} | {row.what} | {middle} {row.unit} | {sign} {row.bar:,.0f} | {row.verdict} | {values} |"
    )


def main() -> None:
    """Measure and write."""
    lines = []
    for group in (frames, scheduler):
        for row in group.rows():
            lines.append(line(row))
            print(lines[-1], flush=True)
    head = HEAD.format(
        date=dt.datetime.now(dt.UTC).date(), python=platform.python_version(),
        sqlite=sqlite3.sqlite_version, cores=f"{os.cpu_count()} cores",
    )  # fmt: skip
    PAPER.write_text(head + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
