"""Ends what a killed server left running, before anything new is admitted."""

import asyncio
import os
import signal
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import structlog

from server.clock import Clock
from server.kinds import groups, marks

TERM_MS = 1_500
KILL_MS = 500
_POLL_MS = 10

_diary = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leftover:
    """A process group that was ended, and the fencing tokens `id.fence` of the executions it belonged to.

    `gone` is False where even SIGKILL did not help in time.
    """

    group: int
    tokens: frozenset[str]
    gone: bool


async def end_leftovers(
    data: Path, clock: Clock, executions: Collection[str] | None = None
) -> Sequence[Leftover]:
    """End the bodies that carry the mark of this data folder, and return what was ended.

    Call it under the lock of the data folder and before the first admission: then every such body is left over from
    a server that was killed. `executions` limits it to these fencing tokens. Whole process groups get SIGTERM, then
    TERM_MS later SIGKILL, and are waited for. With none it costs one look at the process table.
    """
    found = await asyncio.to_thread(_groups, marks.folder_mark(data), executions)
    living = set(found)
    for number, limit_ms in ((signal.SIGTERM, TERM_MS), (signal.SIGKILL, KILL_MS)):
        for group in living:
            groups.send(group, number)
        living = await _outliving(living, clock, limit_ms)
    ended = [
        Leftover(group=group, tokens=tokens, gone=group not in living) for group, tokens in found.items()
    ]
    if ended:
        _diary.warning("ended what an earlier server left running", groups=len(ended), left=len(living))
    return ended


def _groups(folder: str, executions: Collection[str] | None) -> Mapping[int, frozenset[str]]:
    """Return the tokens found in each process group, without the groups that this process itself lives under."""
    by_group: defaultdict[int, set[str]] = defaultdict(set)
    for found in marks.find(folder, executions):
        with suppress(OSError):
            by_group[os.getpgid(found.process.pid)].add(found.token)
    for pid in (os.getpid(), *(parent.pid for parent in psutil.Process().parents())):
        with suppress(OSError):
            by_group.pop(os.getpgid(pid), None)
    return {group: frozenset(tokens) for group, tokens in by_group.items()}


async def _outliving(waited_for: Collection[int], clock: Clock, limit_ms: int) -> set[int]:
    """Wait until the groups are gone; return those that are still there when the time is up."""
    deadline_ms = clock.monotonic_ms() + limit_ms
    while living := {group for group in waited_for if groups.lives(group)}:
        if clock.monotonic_ms() >= deadline_ms:
            break
        await clock.sleep(_POLL_MS)
    return living
