import os
from pathlib import Path

import pytest

from server.executions import log_files
from server.executions.log_files import Piece


def piece(path: Path, data: bytes, before_bytes: int = 0) -> Piece:
    return Piece(execution=path.stem, path=path, before_bytes=before_bytes, data=data)


def test_pieces_are_appended_and_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "01" / "e00000000001.log"
    assert log_files.append_all([piece(path, b"one\n"), piece(path, b"two\n", 4)]) == [None, None]
    assert path.read_bytes() == b"one\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_written_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "01").write_text("a file where a folder should be")
    bad, good = tmp_path / "01" / "e00000000001.log", tmp_path / "02" / "e00000000002.log"
    errors = log_files.append_all([piece(bad, b"one\n"), piece(good, b"two\n")])
    assert isinstance(errors[0], OSError)
    assert errors[1] is None
    assert good.read_bytes() == b"two\n"


def test_a_disk_that_gets_full_leaves_no_half_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "e00000000001.log"
    log_files.append_all([piece(path, b"whole\n")])
    write = os.write

    def short(descriptor: int, data: memoryview) -> int:
        if len(data) < 10:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[:5])

    monkeypatch.setattr(os, "write", short)
    (error,) = log_files.append_all([piece(path, b"x" * 20, before_bytes=6)])
    assert error is not None
    assert error.strerror == "No space left on device"
    assert path.read_bytes() == b"whole\n"


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "e00000000001.log"
    assert log_files.read(path, 0, 10, None) == (b"", 0)
    path.write_bytes(b"0123456789")
    assert log_files.read(path, 2, 3, None) == (b"234", 10)
    assert log_files.read(path, 2, 100, 5) == (b"234", 5)
    assert log_files.read(path, 20, 100, None) == (b"", 10)


def test_the_oldest_are_swept_until_there_is_room(tmp_path: Path) -> None:
    paths = []
    for number in range(10):
        path = tmp_path / f"{number % 3:02}" / f"e{number:011}.log"
        log_files.append_all([piece(path, b"x" * 100)])
        os.utime(path, (1_000 + number, 1_000 + number))
        paths.append(path)
    assert log_files.sweep(tmp_path, 1_000, frozenset()) == 1_000
    assert all(path.exists() for path in paths)
    assert log_files.sweep(tmp_path, 800, {paths[1].stem}) == 700
    assert [path.exists() for path in paths] == [False, True, False, False] + [True] * 6


def test_sweeping_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert log_files.sweep(tmp_path / "none", 10, frozenset()) == 0


def test_a_position_far_beyond_the_end_of_any_file_is_the_end(tmp_path: Path) -> None:
    path = tmp_path / "e00000000001.log"
    log_files.append_all([piece(path, b"one\n")])
    assert log_files.read(path, 2**53, 100, None) == (b"", 4)
