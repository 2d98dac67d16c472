import sqlite3
from pathlib import Path

from server.cli.premises import (
    clock,
    commands_finding,
    disk,
    folder,
    master_keys,
    python,
    settings_of,
    store,
    web,
)
from server.settings import Settings
from server.store.migrations import upgrade
from server.vault.keyfile import KEY_FILE, write_file
from server.vault.keyring import fresh
from tests.cli.office import NOW_MS


def test_python_has_to_be_new_enough() -> None:
    assert python((3, 11)).verdict == "ok"
    assert python((3, 10)).verdict == "wrong"


def test_the_data_folder_is_there_or_can_be_made(tmp_path: Path) -> None:
    assert folder(tmp_path).verdict == "ok"
    assert folder(tmp_path / "a" / "b").verdict == "note"
    (tmp_path / "file").write_text("")
    assert folder(tmp_path / "file" / "b").verdict == "wrong"


def test_the_room_on_the_disk_is_told(tmp_path: Path) -> None:
    assert disk(tmp_path / "not" / "yet", bytes_min=0).verdict == "ok"
    full = disk(tmp_path, bytes_min=2**60)
    assert (full.verdict, "GiB free of" in full.detail) == ("wrong", True)


def test_the_web_client_is_built(tmp_path: Path) -> None:
    assert web(tmp_path).verdict == "wrong"
    (tmp_path / "index.html").write_text("")
    assert web(tmp_path).verdict == "ok"


async def test_the_store_is_looked_at_and_left_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    file = tmp_path / "tendesks.sqlite3"
    assert (await store(settings)).verdict == "note"
    assert not file.exists()
    sqlite3.connect(file).close()
    file.write_bytes(b"")
    behind = await store(settings)
    assert (behind.verdict, "tendesks db upgrade" in behind.detail) == ("note", True)
    await upgrade(settings.store_url)
    found = await store(settings)
    assert (found.verdict, found.detail) == ("ok", f"{file}, newest schema")


async def test_a_store_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    found = await store(Settings(data=tmp_path, database_url=f"sqlite+aiosqlite:///{tmp_path / 'folder'}"))
    assert (found.verdict, "unable to open" in found.detail) == ("wrong", True)
    hidden = await store(Settings(data=tmp_path, database_url="nosuch://me:s3cret@127.0.0.1/db"))
    assert (hidden.verdict, "s3cret" in hidden.detail) == ("wrong", False)


def test_a_clock_that_was_never_set_is_found() -> None:
    assert (clock(NOW_MS).verdict, clock(NOW_MS).detail) == ("ok", "2026-11-18 11:06:40 UTC")
    assert clock(0).verdict == "wrong"


def test_that_commands_are_not_allowed_is_a_choice(tmp_path: Path) -> None:
    assert commands_finding(allowed=True, where="here").verdict == "ok"
    assert commands_finding(allowed=False, where="here").verdict == "note"
    assert settings_of(tmp_path)[1] == Settings(data=tmp_path)


def test_master_keys_are_found_and_never_shown(tmp_path: Path) -> None:
    assert master_keys(Settings(data=tmp_path)).verdict == "note"
    ring = fresh("local-1")
    write_file(tmp_path / KEY_FILE, ring)
    found = master_keys(Settings(data=tmp_path))
    assert (found.verdict, found.detail) == ("ok", f"local-1 in {tmp_path / KEY_FILE}")
    assert ring.text() not in found.detail
    hosted = {"data": tmp_path / "hosted", "mode": "hosted"}
    assert master_keys(Settings(**hosted)).verdict == "wrong"
    assert (
        master_keys(Settings(**hosted, master_keys=ring.text())).detail == "local-1 in TENDESKS_MASTER_KEYS"
    )
    assert master_keys(Settings(**hosted, master_keys="k1:short")).verdict == "wrong"
