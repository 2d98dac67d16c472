"""Where the master keys come from: the setting MASTER_KEYS, or in local mode a file beside the database, never in it."""

import os
import secrets
import stat
from pathlib import Path

from server.errors import ConfigurationError
from server.settings import Settings
from server.vault import keyring
from server.vault.keyring import Keyring

KEY_FILE = "master.keys"
SETTING = "TENDESKS_MASTER_KEYS"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def given(settings: Settings) -> Keyring | None:
    """Return the master keys of the setting, or of the file in the data folder; None: there is neither.

    Raises:
        ConfigurationError: they are wrong, or others may read the file.
    """
    if settings.master_keys is not None:
        return keyring.read(settings.master_keys.get_secret_value(), SETTING)
    return read_file(settings.data / KEY_FILE)


def read_file(path: Path) -> Keyring | None:
    """Return the master keys of a file; None: there is no file.

    Raises:
        ConfigurationError: they are wrong, or others may read the file.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationError(f"{path}: expected a file of master keys ({error.strerror})") from None
    with os.fdopen(file, "rb") as opened:
        mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
        if mode & _OTHERS:
            raise ConfigurationError(f"{path}: expected a file that only you may read (0600), got {mode:04o}")
        return keyring.read(opened.read(64 * 1024).decode("ascii", "replace").strip(), str(path))


def write_file(path: Path, ring: Keyring) -> None:
    """Replace the file at once and for good; it is readable by its owner only, from the first moment on."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(ring.text().encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a key that is lost with a power cut would take all that is sealed with it along
    finally:
        os.close(folder)


def new_name() -> str:
    """Name a key of the file; never twice the same, so that a lost file is told from one that is there."""
    return f"local-{secrets.token_hex(4)}"
