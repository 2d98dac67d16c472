"""Process groups: whether anything in one still lives, and signals to all of it."""

import os

import psutil

_DEAD = frozenset({psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD})


def send(group: int, number: int) -> bool:
    """Send a signal to every process of a group; 0 only asks. False when there is no such group."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # something in it belongs to another user (sudo, say): it is there, and not ours to end
    return True


def lives(group: int) -> bool:
    """Whether a process of this group still does anything.

    The dead count as members until their parent, or the system's first process, collects them. That may take
    seconds or for ever, so a group that is still there is looked at process by process: 1 ms for some hundreds.
    """
    return send(group, 0) and any(_is_living_member(pid, group) for pid in psutil.pids())


def acts(process: psutil.Process) -> bool:
    """Whether a process is still there and not one of the dead."""
    try:
        return process.is_running() and process.status() not in _DEAD
    except psutil.Error:
        return False


def _is_living_member(pid: int, group: int) -> bool:
    try:
        return os.getpgid(pid) == group and acts(psutil.Process(pid))
    except (OSError, psutil.Error):
        return False
