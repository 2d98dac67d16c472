import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from server.kinds import groups
from tests.kinds.bodies import REAL_LIMIT_S
from tests.processes import until


@pytest.fixture
def leader() -> Iterator[subprocess.Popen[bytes]]:
    script = "sleep 1000 & echo $!; wait"
    process = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, start_new_session=True)
    yield process
    groups.send(process.pid, signal.SIGKILL)
    process.communicate(timeout=REAL_LIMIT_S)


def test_a_group_lives_as_long_as_one_of_its_members(leader: subprocess.Popen[bytes]) -> None:
    assert leader.stdout is not None
    child = int(leader.stdout.readline())
    assert groups.lives(leader.pid)
    leader.kill()
    leader.wait(REAL_LIMIT_S)
    assert groups.lives(leader.pid), "its child is still there"
    os.kill(child, signal.SIGKILL)
    until(lambda: not groups.lives(leader.pid), what="the end of the group")


def test_who_is_dead_and_not_collected_does_not_live() -> None:
    process = subprocess.Popen(["true"], start_new_session=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays a zombie
    assert groups.send(process.pid, 0)
    assert not groups.lives(process.pid)
    process.communicate()
    assert not groups.send(process.pid, 0)
