"""Grants (p): what a link's secret is exchanged for. One names one link, and until when; nothing of it is kept anywhere.

`tdg_` and, in base64url, the version, the moment of its end, the link's edition and id, and the HMAC of all that. Whoever
reads one looks the link up, so a grant is worth nothing once its link has ended; it spares the secret the way to every
request and socket, where it might be logged.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from struct import Struct

PREFIX = "tdg_"
grant_ms = 600_000
"""How long a grant lasts at most."""
VERSION = 1

_BODY = Struct(">BQI19s")
_MAC_BYTES = hashlib.sha256().digest_size
_SHAPE = re.compile(r"tdg_[A-Za-z0-9_-]{86}", re.ASCII)
_CONTEXT = b"tendesks grant\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """The right to look at what a link shares, for whoever knew the secret of this edition of it."""

    link: str
    edition: int
    expires_ms: int


def sign(grant: Grant, key: bytes) -> str:
    """The grant as text that only who has the key can write."""
    body = _BODY.pack(VERSION, grant.expires_ms, grant.edition, grant.link.encode())
    return _text(body + _mac(body, key))


def read(text: str, key: bytes, now_ms: int) -> Grant | None:
    """The grant that a text stands for; None: it is none of ours, or its time is over."""
    if not _SHAPE.fullmatch(text):
        return None
    try:
        data = urlsafe_b64decode(text.removeprefix(PREFIX) + "==")
    except Base64Error:
        return None
    body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    # Base64 leaves bits over: a text that was written otherwise is not the one that we wrote.
    if not hmac.compare_digest(mac, _mac(body, key)) or _text(data) != text:
        return None
    version, expires_ms, edition, link = _BODY.unpack(body)
    if version != VERSION or expires_ms <= now_ms:
        return None
    return Grant(link=link.decode("ascii"), edition=edition, expires_ms=expires_ms)


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _CONTEXT + body, "sha256")


def _text(data: bytes) -> str:
    return PREFIX + urlsafe_b64encode(data).rstrip(b"=").decode()
