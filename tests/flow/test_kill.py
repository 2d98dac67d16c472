"""kill -9 at random moments: nothing is lost, every task ends once, and no body lives on beside its successor.

`make test` kills ten times; TENDESKS_KILLS=200 is the long version, which writes docs/kill-test.md.
TENDESKS_KILL_SEED plays other moments.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from tests.flow.ledger import read_trace
from tests.flow.siege import Siege

pytestmark = pytest.mark.flow

KILLS = int(os.environ.get("TENDESKS_KILLS", "10"))
SEED = int(os.environ.get("TENDESKS_KILL_SEED", "20261124"))
LONG = 100
REPORT = Path(__file__).parents[2] / "docs" / "kill-test.md"


def test_killed_at_random_moments_it_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    print(f"seed {SEED}, {KILLS} kills")  # noqa: T201 - shown with a failure
    siege = Siege(tmp_path, seed=SEED, rounds=KILLS)
    began = time.monotonic()
    try:
        siege.prepare()
        for _ in range(KILLS):
            siege.round()
        siege.finish()
    finally:
        if siege.server.process is not None and siege.server.process.poll() is None:
            siege.server.kill()
    assert not living(siege), "a body lives on without a server"
    print(figures(siege))  # noqa: T201 - shown with a failure
    assert siege.counts["kills"] == KILLS
    if KILLS >= LONG:
        REPORT.write_text(report(siege, round(time.monotonic() - began)))


def living(siege: Siege) -> set[int]:
    return {
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if str(siege.body) in (process.info["cmdline"] or [])
    }


def figures(siege: Siege) -> dict[str, int]:
    """What the test says of itself. All but the promises themselves: those hold, or the test has failed."""
    number = siege.ledger.number
    lines = read_trace(siege.trace)
    cut = [name for name in siege.unanswered if number("SELECT count(*) FROM batches WHERE name = ?", name)]
    return {
        "kills": siege.counts["kills"],
        "… of them while it started": siege.counts["killed while it started"],
        "batches answered 201": len(siege.promised),
        "batches cut off by a kill": len(siege.unanswered),
        "… of them wholly there all the same": len(cut),
        "… of them not there at all": len(siege.unanswered) - len(cut),
        "pauses, resumes, cancels, retries": siege.counts["controls"],
        "tasks accepted": number("SELECT count(*) FROM tasks"),
        "tasks done": number("SELECT count(*) FROM tasks WHERE state = 'done'"),
        "tasks failed by themselves": number(
            "SELECT count(*) FROM tasks WHERE state = 'failed' AND reason <> 'lost'"
        ),
        "tasks given up after three lost executions": number(
            "SELECT count(*) FROM tasks WHERE state = 'failed' AND reason = 'lost'"
        ),
        "tasks cancelled": number("SELECT count(*) FROM tasks WHERE state = 'cancelled'"),
        "executions": number("SELECT count(*) FROM executions"),
        "… of them lost with their server": number("SELECT count(*) FROM executions WHERE state = 'lost'"),
        "beginnings of bodies": sum(line.what == "begin" for line in lines),
        "ends of bodies": sum(line.what == "end" for line in lines),
        "tasks counted against the quota": number("SELECT count(*) FROM tasks WHERE counted"),
        "what the quota says of them": number("SELECT sum(used) FROM usage") - siege.used_before,
        "batches that waited for the quota at the end": siege.counts[
            "batches that waited for the quota at the end"
        ],
    }


def report(siege: Siege, seconds: int) -> str:
    rows = "\n".join(f"| {name} | {count:,} |" for name, count in figures(siege).items())
    return f"""# The kill test

Written by the long version of `tests/flow/test_kill.py` on {datetime.now(UTC):%Y-%m-%d}, seed {SEED}, in {seconds} s.

A real server with `TENDESKS_QUOTA=enforce` on Pro is loaded over HTTP (batches, uploads of several transactions, pauses, cancels,
retries; bodies that outlast a restart, fail at first or for good, or ignore SIGTERM) and ended by SIGKILL at random moments, in the middle of an upload and
while it starts too. After every kill its SQLite file is read without it. Triggers that the server knows nothing of keep a diary in the
file, and every body appends its beginning, its beats and its end with its fence to one file.

| | |
|---|---|
{rows}

| what may not happen | how often it did |
|---|---|
| a task that was accepted is lost | 0 |
| an end, a result or a count is recorded twice | 0 |
| a batch answered 201 is not wholly there; one cut off is there in part | 0 |
| the quota's count differs from the tasks that began | 0 |
| a slot is leaked: running rows beyond the slots, or without a running task | 0 |
| a body writes anything after its successor has begun | 0 |
| an end is recorded that never happened | 0 |

The test stops at the first one, so this file is only written when there is none.
"""
