"""The file of master keys: for its owner's eyes, whole or not at all."""

import base64
import secrets
from pathlib import Path

import pytest

from server.errors import ConfigurationError
from server.settings import Settings
from server.vault.keyfile import KEY_FILE, given, new_name, read_file, write_file
from server.vault.keyring import fresh


def test_what_is_written_is_read_and_is_nobody_elses(tmp_path: Path) -> None:
    ring = fresh(new_name())
    write_file(tmp_path / KEY_FILE, ring)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert read_file(tmp_path / KEY_FILE) == ring
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_one_that_others_may_read_is_refused(tmp_path: Path) -> None:
    write_file(tmp_path / KEY_FILE, fresh("a"))
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(ConfigurationError, match=r"only you may read \(0600\), got 0640"):
        read_file(tmp_path / KEY_FILE)


def test_none_is_none_and_one_that_is_no_file_is_refused(tmp_path: Path) -> None:
    assert read_file(tmp_path / KEY_FILE) is None
    (tmp_path / "elsewhere").write_text("k1:x")
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigurationError, match="expected a file of master keys"):
        read_file(tmp_path / KEY_FILE)


def test_an_empty_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).touch(0o600)
    with pytest.raises(ConfigurationError, match="expected a master key"):
        read_file(tmp_path / KEY_FILE)


def test_the_setting_wins_over_the_file(tmp_path: Path) -> None:
    write_file(tmp_path / KEY_FILE, fresh("a"))
    text = f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    found = given(Settings(data=tmp_path, master_keys=text))
    assert found is not None
    assert found.current == "k1"
    found = given(Settings(data=tmp_path))
    assert found is not None
    assert found.current == "a"


def test_names_of_keys_of_the_file_are_never_the_same() -> None:
    assert len({new_name() for _ in range(100)}) == 100
