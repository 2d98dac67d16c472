"""The whole server on a fake clock, over SQLite in memory and in files, with faults by seed at every await point.

`TENDESKS_SEEDS=5000` plays so many seeds instead of as many as fit into the time that all tests have.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SECONDS = 40


def played(*given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.seeded.play", *given], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_whatever_fails_nothing_is_lost_and_nothing_is_false() -> None:
    seeds = os.environ.get("TENDESKS_SEEDS")
    done = played(*(("--seeds", seeds) if seeds else ("--seconds", str(SECONDS))))
    sys.stdout.write(done.stdout[-2_000:])
    assert done.returncode == 0, f"{done.stdout[-20_000:]}\n{done.stderr[-4_000:]}"


def test_a_seed_gives_the_same_history_each_time() -> None:
    first, second = played("3"), played("3")
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout == second.stdout
    assert first.stdout.count("\n") > 20
