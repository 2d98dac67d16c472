"""S4: 1,000 offices with 3 slots each and bodies of about a second: what it costs, and how much of the ideal is kept."""

import time

from bench.house import copy_of, serving
from bench.meter import Meter
from bench.rows import Row
from bench.throughput import QUOTA, queued

OFFICES = 1_000
SLOTS = 3
WARM_S = 2
WINDOW_S = 5
REPEATS = 5
BODY_S = 1.0
TASKS = OFFICES * SLOTS * (WARM_S + WINDOW_S + 2)
RUNNING_MAX = "4000"
ENDED = "SELECT count(*) FROM executions WHERE ended_ms > ? AND ended_ms <= ?"


def steady(repeats: int = REPEATS) -> list[Row]:
    """S4, each time with a fresh copy of the same store."""
    shares, kept = [], []
    with queued(OFFICES, "starter", TASKS, "second") as (template, _):
        for _ in range(repeats):
            with copy_of(template) as data, serving(data, running_max=RUNNING_MAX, **QUOTA) as house:
                time.sleep(WARM_S)
                with Meter(house.pid) as meter:
                    from_s = time.time()
                    time.sleep(WINDOW_S)
                    to_s = time.time()
                    time.sleep(0.1)
                shares.append(meter.used_s(from_s, to_s) / (to_s - from_s) * 100)
                ((ended,),) = house.rows(ENDED, from_s * 1000, to_s * 1000)
                kept.append(ended / (OFFICES * SLOTS / BODY_S * (to_s - from_s)) * 100)
    what = f"{OFFICES:,} offices with {SLOTS} slots each, bodies of 0.9 to 1.1 s"
    notes = f"RUNNING_MAX raised to {RUNNING_MAX}, for {OFFICES * SLOTS:,} at once"
    return [
        Row(id="S4 core", what=f"{what}: share of a core", unit="%", values=shares, bar=20, notes=notes),
        Row(
            id="S4 kept", what=f"{what}: sustained of ideal", unit="%", values=kept, bar=90, more_is_better=True,
            notes=f"ideal: {OFFICES * SLOTS / BODY_S:,.0f} ends a second",
        ),
    ]  # fmt: skip
