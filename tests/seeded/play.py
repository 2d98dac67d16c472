"""Plays histories in a process of their own, for the order of Python's sets comes from PYTHONHASHSEED: it must be 0.

`PYTHONHASHSEED=0 python -m tests.seeded.play 59` plays one seed and prints its diary.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

KEPT = Path(__file__).parent / "kept.txt"
SHM = Path("/dev/shm")  # where there is one, what is written needs no disk


def kept() -> list[int]:
    """The seeds that once failed: each line is a seed, and what was wrong."""
    lines = [line.split("#")[0].strip() for line in KEPT.read_text().splitlines()]
    return [int(line) for line in lines if line]


def keep(seed: int, said: str) -> None:
    """Remember a seed that fails, for the file is to be committed with what mends it."""
    if seed not in kept():
        with KEPT.open("a") as file:
            file.write(f"{seed}  # {said.splitlines()[-1][:100]}\n")


def wanted(seeds: int | None, seconds: float) -> Iterator[int]:
    """The kept seeds first, then so many from 0, or as many as can be begun in that time."""
    yield from kept()
    deadline_s = time.monotonic() + seconds
    for seed in islice(count(), seeds):
        if seeds is None and time.monotonic() > deadline_s:
            return
        yield seed


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(given: Sequence[str]) -> int:
    """Play, print what fails, and return 1 if anything did."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seed", type=int, nargs="?")
    parser.add_argument("--seeds", type=int, help="how many, from 0")
    parser.add_argument("--seconds", type=float, default=40.0, help="how long, unless it is said how many")
    asked = parser.parse_args(given)
    if os.environ.get("PYTHONHASHSEED") != "0":
        parser.error("expected PYTHONHASHSEED=0, or no history is like the one before")
    from tests.seeded.history import play
    from tests.seeded.lives import template

    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it tells of tasks of processes that were killed
    played = failed = 0
    with tempfile.TemporaryDirectory(dir=SHM if SHM.is_dir() else None) as folder:
        empty = template(Path(folder))
        for seed in [asked.seed] if asked.seed is not None else wanted(asked.seeds, asked.seconds):
            played += 1
            try:
                diary = play(seed, Path(folder) / f"{played}", empty)
            except AssertionError as error:
                failed += 1
                keep(seed, str(error))
                say(str(error))
            else:
                if asked.seed is not None:
                    say("\n".join(diary))
    say(f"{played} histories, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
