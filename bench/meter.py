"""What a process uses, read from the kernel: processor time by thread, memory and its peak. Linux only."""

import os
import threading
import time
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from typing import Self

EVERY_S = 0.02
RESET_PEAK = "5"  # what the kernel wants in clear_refs to forget the peak
TICKS_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds of processor time at a moment: of the whole process (to the microsecond), and of its main thread (to 10 ms)."""

    at_s: float
    all_s: float
    main_s: float


def processor_s(pid: int) -> Sample:
    """Return the processor time that a process has used at this moment of the wall clock.

    Raises:
        OSError: it has ended.
    """
    clock = (~pid << 3) | 2  # how Linux numbers the processor clock of another process
    fields = Path(f"/proc/{pid}/task/{pid}/stat").read_text().rpartition(")")[2].split()
    return Sample(time.time(), time.clock_gettime(clock), (int(fields[11]) + int(fields[12])) * TICKS_S)


def status_kb(pid: int, field: str) -> int:
    """Return a field of the process's status in kB: VmRSS, or VmHWM for the peak."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    raise ValueError(f"expected {field} in the status of process {pid}, got none")


def memory_mb(pid: int) -> float:
    """Megabytes in memory now."""
    return status_kb(pid, "VmRSS") * 1024 / 1e6


def peak_mb(pid: int) -> float:
    """Megabytes at most since the start, or since `forget_peak`."""
    return status_kb(pid, "VmHWM") * 1024 / 1e6


def forget_peak(pid: int) -> None:
    """Let the peak begin anew."""
    Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK)


class Meter:
    """Samples the processor time of a process while it is open; asks it nothing."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._samples: list[Sample] = []
        self._thread = threading.Thread(target=self._watch, name="meter", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def used_s(self, from_s: float, to_s: float) -> float:
        """Seconds of processor time between two moments of the wall clock."""
        return self._at(to_s).all_s - self._at(from_s).all_s

    def used_by_main_s(self, from_s: float, to_s: float) -> float:
        """The same, of the thread that has the event loop."""
        return self._at(to_s).main_s - self._at(from_s).main_s

    def _at(self, at_s: float) -> Sample:
        """The processor time at a moment, drawn straight between the samples around it."""
        found = bisect_left([sample.at_s for sample in self._samples], at_s)
        if found == 0:
            return self._samples[0]
        if found == len(self._samples):
            return self._samples[-1]
        before, after = self._samples[found - 1 : found + 1]
        part = (at_s - before.at_s) / (after.at_s - before.at_s)
        return Sample(
            at_s,
            before.all_s + part * (after.all_s - before.all_s),
            before.main_s + part * (after.main_s - before.main_s),
        )

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                self._samples.append(processor_s(self._pid))
            except OSError:
                return  # it has ended
            self._ended.wait(EVERY_S)
