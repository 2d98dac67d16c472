"""The master keys of this server by name, the first of which is the one that new secrets are sealed with. Pure.

`k2:BASE64,k1:BASE64`: each 32 random bytes. What is wrong with them is said in one line that shows none of them.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.errors import ConfigurationError
from server.vault.envelope import KEY_BYTES

masters_max = 16
DISTINCT_BYTES_MIN = 16
"""Random keys of 32 bytes have fewer distinct ones once in 10^13; what somebody typed or repeated nearly always has."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}", re.ASCII)
ADVICE = "such as k1: and what `openssl rand -base64 32` prints"


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyring:
    """The master keys by name, the current one's name first."""

    masters: Mapping[str, bytes] = field(repr=False)

    @property
    def current(self) -> str:
        """The name of the key that new secrets are sealed with."""
        return next(iter(self.masters))

    def text(self) -> str:
        """Write them down as `read` reads them; for the key file alone."""
        return ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in self.masters.items())


def read(text: str, where: str) -> Keyring:
    """Read the master keys; `where` is the setting's or the file's name, for messages.

    Raises:
        ConfigurationError: which of them is wrong, what was expected and what came, but never the key.
    """
    entries = [entry.strip() for entry in text.split(",")]
    if not text.strip():
        raise ConfigurationError(f"{where}: expected a master key, {ADVICE}, got none")
    if len(entries) > masters_max:
        raise ConfigurationError(
            f"{where}: expected at most {masters_max} master keys (masters_max), got {len(entries)}"
        )
    masters: dict[str, bytes] = {}
    for number, entry in enumerate(entries, 1):
        name, key = _entry(entry, f"{where}: key {number}")
        if name in masters:
            raise ConfigurationError(f"{where}: expected each name once, got {name} again")
        if key in masters.values():
            raise ConfigurationError(f"{where}: expected another key under each name, {name} repeats one")
        masters[name] = key
    return Keyring(masters=masters)


def fresh(name: str, before: Keyring | None = None) -> Keyring:
    """Make a new master key, the current one from now on; those before it stay behind it."""
    rest = before.masters if before is not None else {}
    return Keyring(masters={name: secrets.token_bytes(KEY_BYTES), **rest})


def _entry(entry: str, which: str) -> tuple[str, bytes]:
    name, colon, text = entry.partition(":")
    if not colon or not _NAME.fullmatch(name):
        # Without a colon it may be the key itself that came: it is not repeated.
        raise ConfigurationError(f"{which}: expected a name and a key, {ADVICE}")
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigurationError(
            f"{which} ({name}): expected {KEY_BYTES} bytes in base64, got no base64"
        ) from None
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"{which} ({name}): expected {KEY_BYTES} bytes in base64, got {len(key)}")
    if len(set(key)) < DISTINCT_BYTES_MIN or all(0x20 <= byte < 0x7F for byte in key):
        raise ConfigurationError(f"{which} ({name}): expected random bytes, got a pattern or words; {ADVICE}")
    return name, key
