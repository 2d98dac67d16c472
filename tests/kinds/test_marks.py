import os
import subprocess
from pathlib import Path

from server.kinds import marks
from server.kinds.environment import body_environment
from server.model import Work
from tests.kinds.bodies import REAL_LIMIT_S, WORK


def test_a_folder_has_one_mark_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    mark = marks.folder_mark(tmp_path / "data")
    assert marks.folder_mark(tmp_path / "link") == marks.folder_mark(tmp_path / "x" / ".." / "data") == mark
    assert marks.folder_mark(tmp_path / "other") != mark


def body(folder: str, work: Work) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["sleep", "1000"], env=body_environment(work, folder, {}, os.environ))


def test_bodies_are_found_by_folder_and_token(tmp_path: Path) -> None:
    folder, other = marks.folder_mark(tmp_path), marks.folder_mark(tmp_path / "other")
    bodies = [body(folder, WORK), body(other, WORK)]
    try:
        assert [(found.process.pid, found.token) for found in marks.find(folder)] == [
            (bodies[0].pid, WORK.token)
        ]
        assert [found.process.pid for found in marks.find(folder, {WORK.token})] == [bodies[0].pid]
        assert not list(marks.find(folder, {"e00000000001.2"}))
        assert marks.end_strays(folder, WORK.token) == 1
        assert bodies[0].wait(REAL_LIMIT_S) == -9
        assert bodies[1].poll() is None
    finally:
        for process in bodies:
            process.kill()
            process.wait()


def test_the_marks_win_over_everything() -> None:
    environment = body_environment(
        WORK, "f", {marks.TASK: "x", "PATH": "/given"}, {marks.FOLDER: "y", "PATH": "/p"}
    )
    assert environment == {
        "PATH": "/given",
        "PYTHONUNBUFFERED": "1",
        marks.TASK: WORK.task,
        marks.ATTEMPT: "1",
        marks.EXECUTION: "e00000000001.1",
        marks.FOLDER: "f",
    }
