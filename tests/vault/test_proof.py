"""The start refuses master keys that are not those own keys were sealed with, in one line, before anything is served."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from server.errors import ConfigurationError
from server.settings import Mode, Settings
from server.vault.keyfile import KEY_FILE, read_file, write_file
from server.vault.keyring import Keyring, fresh
from server.vault.proof import open_ring
from tests.vault.conftest import Strongroom, opened

KEYS = {name: secrets.token_bytes(32) for name in ("k1", "k2", "k3")}


def ring(*names: str) -> Keyring:
    return Keyring(masters={name: KEYS[name] for name in names})


def settings(room: Strongroom, keys: Keyring | None, mode: Mode = Mode.HOSTED) -> Settings:
    return Settings(data=room.settings.data, mode=mode, master_keys=None if keys is None else keys.text())


async def test_the_same_keys_open_and_more_may_be_there(tmp_path: Path) -> None:
    async with opened(tmp_path, ring("k1")) as room:
        await room.put()
        for keys in (ring("k1"), ring("k2", "k1"), ring("k1", "k2")):
            assert await open_ring(room.db, settings(room, keys)) == keys


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (lambda: ring("k2"), r"expected the master key k1 too \(secrets sealed with it: 2\), got k2"),
        (
            lambda: Keyring(masters={"k1": KEYS["k3"]}),
            r"expected under the name k1 the key .* got another one",
        ),
        (lambda: Keyring(masters={"k2": KEYS["k2"], "k1": KEYS["k3"]}), r"under the name k1"),
        (lambda: None, r"TENDESKS_MASTER_KEYS: expected the master key that users' own keys are sealed with"),
    ],
)
async def test_others_do_not(tmp_path: Path, keys: Callable[[], Keyring | None], said: str) -> None:
    async with opened(tmp_path, ring("k1")) as room:
        await room.put("a1")
        await room.put("a2")
        with pytest.raises(ConfigurationError, match=said) as caught:
            await open_ring(room.db, settings(room, keys()))
        line = caught.value.detail
        assert "\n" not in line
        assert not any(base64.b64encode(key).decode() in line for key in KEYS.values())


async def test_hosted_mode_needs_one_from_the_first_start_on(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        with pytest.raises(ConfigurationError, match="got none"):
            await open_ring(room.db, settings(room, None))


async def test_a_row_that_does_not_open_keeps_no_master_key(tmp_path: Path) -> None:
    async with opened(tmp_path, ring("k1")) as room:
        await room.put()
        await room.execute("UPDATE own_keys SET state = 'undecryptable'")
        await open_ring(room.db, settings(room, ring("k2")))


async def test_a_canary_that_was_changed_is_as_bad_as_another_key(tmp_path: Path) -> None:
    async with opened(tmp_path, ring("k1")) as room:
        await room.put()
        for value in ("", "[]", '["x", "y"]', "nonsense", '["AAAA", "AAAA"]'):
            await room.execute("UPDATE meta SET value = :value", value=value)
            with pytest.raises(ConfigurationError, match="under the name k1"):
                await open_ring(room.db, settings(room, ring("k1")))


async def test_the_first_local_start_makes_a_key_beside_the_database(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        local = settings(room, None, Mode.LOCAL)
        made = await open_ring(room.db, local)
        assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
        assert read_file(tmp_path / KEY_FILE) == made == await open_ring(room.db, local)
        assert made.current.startswith("local-")


async def test_a_lost_file_is_told_and_not_made_anew(tmp_path: Path) -> None:
    made = fresh("local-1234")
    write_file(tmp_path / KEY_FILE, made)
    async with opened(tmp_path, made) as room:
        await room.put()
        (tmp_path / KEY_FILE).unlink()
        with pytest.raises(
            ConfigurationError, match="expected the file with the master key local-1234"
        ) as caught:
            await open_ring(room.db, settings(room, None, Mode.LOCAL))
        assert "abandon" in caught.value.detail
        assert not (tmp_path / KEY_FILE).exists()
        write_file(tmp_path / KEY_FILE, made)
        await open_ring(room.db, settings(room, None, Mode.LOCAL))
