"""F9: what a tick of one office costs, from its inputs to its diff's bytes; and the page's first load."""

import gzip
import time
from pathlib import Path

from bench.rows import Row
from server.model import View
from server.ticker.epoch import Epoch
from server.ticker.timeline import Timeline
from simulation.inputs import Input, OfficeChanged, Progressed, SlotsChanged, Started

REPEATS = 7
TICKS = 5_000
BASE_MS = 1_795_000_000_000
WEB = Path(__file__).parent.parent / "server" / "web"
FIRST_LOAD = (".html", ".js", ".css", ".bin", ".svg")


def busy() -> Epoch:
    """An office with ten at work, and a stream that shows all of it."""
    facts: list[Input] = [OfficeChanged(name="Acme", tier="pro"), SlotsChanged(slots=10)]
    facts += [
        Started(
            execution=f"execution{n}", task=f"task{n}", batch="batch1", title=f"Task {n}", attempt=1, attempts=1,
            at_ms=BASE_MS, estimate_ms=None,
        )
        for n in range(10)
    ]  # fmt: skip
    epoch = Epoch(
        office="office1", number=1, timeline=Timeline(base_ms=BASE_MS, start_ms=0, hz=10), facts=facts
    )
    epoch.open(View.FULL)
    return epoch


def tick_us() -> float:
    """Microseconds of processor time for a tick in which one desk's note changes."""
    epoch = busy()
    inputs = [
        Progressed(execution="execution4", at_ms=BASE_MS, permille=None, remaining_ms=None, note=f"page {n}")
        for n in range(TICKS)
    ]
    began = time.process_time()
    for tick, note in enumerate(inputs, 1):
        epoch.step(tick, [note])
    return (time.process_time() - began) / TICKS * 1e6


def first_load_kb() -> float:
    """Kilobytes, gzipped, of everything the page loads before it shows the office; fonts but one come later."""
    if not (WEB / "index.html").exists():
        raise SystemExit("expected the built web client; `make bench` builds it")
    files = [path for path in WEB.rglob("*") if path.suffix in FIRST_LOAD and "mono" not in path.name]
    fonts = list(WEB.rglob("figtree-latin-wght*.woff2"))
    return (
        sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) + sum(f.stat().st_size for f in fonts)
    ) / 1000


def rows() -> list[Row]:
    """Measure all of them."""
    return [
        Row(
            id="F9",
            what="tick of an office with one change",
            unit="µs",
            values=[tick_us() for _ in range(REPEATS)],
            bar=25.0,
        ),
        Row(id="first load", what="everything, gzipped", unit="kB", values=[first_load_kb()], bar=350.0),
    ]
