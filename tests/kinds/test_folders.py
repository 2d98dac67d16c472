import stat
from dataclasses import replace
from pathlib import Path

from server.kinds.folders import last_folder, own_folder, task_folder
from tests.kinds.bodies import WORK


def test_a_folder_is_new_and_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = own_folder(tmp_path, WORK), own_folder(tmp_path, replace(WORK, fence=2))
    assert (first.name, second.name) == ("1", "2")
    assert stat.S_IMODE(first.stat().st_mode) == 0o700
    assert first.parent == task_folder(tmp_path, WORK.batch, WORK.task)


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (own_folder(tmp_path, WORK) / "kept").touch()
    again = own_folder(tmp_path, WORK)
    assert (again.name, list(again.iterdir())) == (WORK.token, [])


def test_the_last_one_is_found(tmp_path: Path) -> None:
    for fence in (2, 10, 9):
        folder = own_folder(tmp_path, replace(WORK, fence=fence))
    (folder.parent / "notes.txt").touch()
    assert last_folder(folder.parent) == folder.with_name("10")
    own_folder(tmp_path, replace(WORK, fence=10))
    assert last_folder(folder.parent) == folder.with_name(f"{WORK.execution}.10")
    assert last_folder(tmp_path / "none") is None
