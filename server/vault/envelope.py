"""One secret, sealed: a data key of its own encrypts it, and a master key encrypts that data key. Pure.

Both by AES-256-GCM (NIST SP 800-38D). What belongs to a record (whose it is, of which provider, where it is sent, which
version) is associated data of both, so that nothing sealed can be opened in the place of another: a row that was
swapped, or whose address was changed, opens no more. The data key is wrapped by GCM and not by AES-KW (RFC 3394),
which knows no associated data. Nonces are random: a data key is used once, and of a master key GCM allows 2^32.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.errors import TenDesksError

KEY_BYTES = 32
NONCE_BYTES = 12
_SECRET, _DATA_KEY = b"tendesks own key, form 1", b"tendesks data key, form 1"

Chance = Callable[[int], bytes]


class UnopenedError(TenDesksError):
    """What was sealed does not open: another record's, changed, or under a master key that is not here."""

    code = "undecryptable"
    status = 409
    title = "This key cannot be opened"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a sealed secret is bound to. `version` is made anew for each secret; `base` is the address it may be sent to."""

    account: str
    provider: str
    base: str
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """What is stored of a secret: the name of the master key, the data key under it, and the secret under that."""

    master: str
    wrapped: bytes = field(repr=False)
    body: bytes = field(repr=False)


def seal(
    secret: str,
    record: Record,
    masters: Mapping[str, bytes],
    master: str,
    chance: Chance = secrets.token_bytes,
) -> Sealed:
    """Seal a secret under a new data key, and that under the master key of this name."""
    data_key = chance(KEY_BYTES)
    body = _encrypted(data_key, secret.encode(), _bound(_SECRET, record), chance)
    wrapped = _encrypted(masters[master], data_key, _bound(_DATA_KEY, record, master), chance)
    return Sealed(master=master, wrapped=wrapped, body=body)


def unseal(sealed: Sealed, record: Record, masters: Mapping[str, bytes]) -> str:
    """Return the secret.

    Raises:
        UnopenedError: it was not sealed for this record, was changed since, or its master key is not here.
    """
    data_key = _data_key(sealed, record, masters)
    return _decrypted(data_key, sealed.body, _bound(_SECRET, record), sealed.master).decode()


def rewrap(
    sealed: Sealed,
    record: Record,
    masters: Mapping[str, bytes],
    master: str,
    chance: Chance = secrets.token_bytes,
) -> Sealed:
    """Put the data key under another master key; the secret itself is not touched, and seen by nobody.

    Raises:
        UnopenedError: as `unseal`.
    """
    data_key = _data_key(sealed, record, masters)
    wrapped = _encrypted(masters[master], data_key, _bound(_DATA_KEY, record, master), chance)
    return Sealed(master=master, wrapped=wrapped, body=sealed.body)


def _data_key(sealed: Sealed, record: Record, masters: Mapping[str, bytes]) -> bytes:
    master = masters.get(sealed.master)
    if master is None:
        raise UnopenedError(f"expected the master key {sealed.master}, it is not among those of this server")
    return _decrypted(master, sealed.wrapped, _bound(_DATA_KEY, record, sealed.master), sealed.master)


def _bound(purpose: bytes, record: Record, *more: str) -> bytes:
    """Write down unambiguously what is bound: each part with its length before it."""
    texts = (record.account, record.provider, record.base, record.version, *more)
    parts = [purpose, *(text.encode() for text in texts)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _encrypted(key: bytes, plain: bytes, bound: bytes, chance: Chance) -> bytes:
    nonce = chance(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypted(key: bytes, data: bytes, bound: bytes, master: str) -> bytes:
    try:
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):  # ValueError: too short to be one of ours
        raise UnopenedError(
            f"it does not open with the master key {master}: it was changed or moved"
        ) from None
