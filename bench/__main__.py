"""Measures what is named, or everything, and writes docs/benchmarks.md: `python -m bench [--list] [S1 S5 …]`."""

import os
import signal
import sys
import time
import traceback
from dataclasses import replace

from bench.paper import machine, read_paper
from bench.rows import Row, number
from bench.table import GROUPS, Group


def chosen(names: list[str]) -> list[Group]:
    """The groups of those names; all of them when none is named."""
    known = {group.name.lower(): group for group in GROUPS}
    if unknown := [name for name in names if name.lower() not in known]:
        listed = ", ".join(group.name for group in GROUPS)
        raise SystemExit(f"expected one or more of {listed}, got {', '.join(unknown)}")
    return [known[name.lower()] for name in names] if names else list(GROUPS)


def measured(group: Group) -> list[Row] | str:
    """Measure a group, and mark its rows with how busy the machine was when it began."""
    load = os.getloadavg()[0]
    found = group.measure()
    return found if isinstance(found, str) else [replace(row, load=load) for row in found]


def said(found: list[Row] | str) -> str:
    """What was measured, for the one who waits for it."""
    if isinstance(found, str):
        return found
    return "\n".join(
        f"  {row.id}: {row.what}: "
        + (
            f"not measured: {row.missing}"
            if row.missing
            else f"{number(row.median)} {row.unit} {row.verdict}"
        )
        + f" {[round(value, 3) for value in row.values]} {row.notes}"
        for row in found
    )


def main(names: list[str]) -> int:
    """Measure, write after each group, and say how long it took."""
    if names == ["--list"]:
        print("\n".join(f"{group.name:8} {group.area}" for group in GROUPS))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C does: what was started is ended first
    groups, paper, failed = chosen(names), read_paper(), 0
    paper.machine = machine()
    for group in groups:
        began = time.monotonic()
        print(f"{group.name} …", flush=True)
        try:
            found = measured(group)
        except Exception:  # noqa: BLE001 - the others are measured all the same; what was kept of this one stays
            traceback.print_exc()
            failed += 1
            continue
        paper.put(group.name, found)
        paper.write()
        print(f"{said(found)}\n  {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        print(f"{failed} of {len(groups)} groups could not be measured: see above", file=sys.stderr)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
