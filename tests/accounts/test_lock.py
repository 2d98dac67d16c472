import stat
import subprocess
import sys
from pathlib import Path

import pytest

from server.accounts.lock import LOCK_FILE, FolderLock
from server.accounts.presence import Presence, write_presence
from server.errors import AlreadyServedError

HOLD = "import sys; from pathlib import Path; from server.accounts.lock import FolderLock\n"
HOLD += "FolderLock(Path(sys.argv[1])).take(); print('held', flush=True); sys.stdin.read()"


def test_a_folder_is_locked_once(tmp_path: Path) -> None:
    one, two = FolderLock(tmp_path), FolderLock(tmp_path)
    one.take()
    with pytest.raises(AlreadyServedError, match="already served by another process"):
        two.take()
    one.release()
    one.release()
    two.take()
    two.release()


def test_the_refusal_says_where(tmp_path: Path) -> None:
    one = FolderLock(tmp_path)
    one.take()
    write_presence(tmp_path, Presence(token="t", url="http://127.0.0.1:8123", pid=7))
    with pytest.raises(AlreadyServedError, match=r"already served at http://127.0.0.1:8123") as caught:
        FolderLock(tmp_path).take()
    assert caught.value.extra == {"url": "http://127.0.0.1:8123", "pid": 7}
    one.release()


def test_the_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    lock = FolderLock(folder)
    lock.take()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / LOCK_FILE).stat().st_mode) == 0o600
    lock.release()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyServedError):
            FolderLock(tmp_path).take()
        holder.kill()
        holder.wait(10)
    lock = FolderLock(tmp_path)
    lock.take()
    lock.release()
