"""Serves the shipped house while a thread notes a thousand times a second what each thread is at: `python -m bench.sampled FILE serve …`."""

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType

from server.__main__ import main

EVERY_S = 0.001
SWITCH_S = 0.00002
"""So short that a thread is seen where it is, and not where it would next have let go by itself."""
WRITE_EVERY_S = 0.5
DEPTH_MAX = 60
Place = tuple[str, str, int, str]
"""Which thread, in which file and line, called from which file of the house."""


def place_of(thread: str, frame: FrameType) -> Place:
    """Where a thread is: the file of its innermost frame, and the innermost file of ours above it."""
    name, ours, caller = frame.f_code.co_filename, "", frame
    for _ in range(DEPTH_MAX):
        if "/server/" in caller.f_code.co_filename or "/simulation/" in caller.f_code.co_filename:
            ours = caller.f_code.co_filename
            break
        if caller.f_back is None:
            break
        caller = caller.f_back
    return thread, name, frame.f_lineno or 0, ours


def watch(out: Path) -> None:
    """Count places by tenths of a second, and write them down again and again: the process is killed in the end.

    What this thread itself has used by the end of each tenth is noted too, so that it can be taken off.
    """
    counts: dict[int, Counter[Place]] = {}
    used_s: dict[int, float] = {}
    own, main_thread, written = threading.get_ident(), threading.main_thread().ident, 0.0
    while True:
        time.sleep(EVERY_S)
        now = time.time()
        used_s[int(now * 10)] = time.thread_time()
        tenth = counts.setdefault(int(now * 10), Counter())
        for ident, frame in sys._current_frames().items():  # noqa: SLF001 - the one way to see other threads
            if ident != own:
                tenth[place_of("loop" if ident == main_thread else "other", frame)] += 1
        if now - written > WRITE_EVERY_S:
            written = now
            part = out.with_suffix(".part")
            places = [[at, *place, n] for at, found in counts.items() for place, n in found.items()]
            part.write_text(json.dumps({"places": places, "used_s": list(used_s.items())}))
            part.replace(out)


if __name__ == "__main__":
    sys.setswitchinterval(SWITCH_S)
    threading.Thread(target=watch, args=(Path(sys.argv.pop(1)),), name="sampler", daemon=True).start()
    main()
