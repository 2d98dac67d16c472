"""One try to sign in by OpenID Connect, as a browser carries it (p).

All that has to come back, or to be proven, is made from one secret that lies in a cookie of this browser: the state, the
nonce and the verifier of PKCE. So nothing is kept here, nobody can fill a memory by beginning and never coming back, and
a state that was begun in another browser fits none of ours. The cookie says until when it is good, and is signed, because
a browser need not forget it in time.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from struct import Struct

passage_ms = 900_000
"""How long somebody may be at the provider's."""
SECRET_BYTES = 32
HOST_COOKIE = "__Host-tendesks-openid"
PREFIX = "tdo_"

_BODY = Struct(">BQ32s")
_VERSION = 1
_MAC_BYTES = hashlib.sha256().digest_size
_SHAPE = re.compile(r"tdo_[A-Za-z0-9_-]{98}", re.ASCII)
_CONTEXT = b"tendesks passage\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """What one try is known by. `verifier` and `nonce` are told to nobody before the end."""

    secret: bytes = field(repr=False)
    expires_ms: int

    @property
    def state(self) -> str:
        """What the provider sends back as it came."""
        return self._derived(b"state")

    @property
    def nonce(self) -> str:
        """What must stand in the id_token."""
        return self._derived(b"nonce")

    @property
    def verifier(self) -> str:
        """What proves that whoever comes back is who went (RFC 7636): 43 characters."""
        return self._derived(b"verifier")

    def _derived(self, what: bytes) -> str:
        return _text(hmac.digest(self.secret, b"tendesks openid " + what, "sha256"))


def new_passage(now_ms: int) -> Passage:
    """Begin a try."""
    return Passage(secret=secrets.token_bytes(SECRET_BYTES), expires_ms=now_ms + passage_ms)


def write_passage(passage: Passage, key: bytes) -> str:
    """The cookie's value."""
    body = _BODY.pack(_VERSION, passage.expires_ms, passage.secret)
    return PREFIX + _text(body + _mac(body, key))


def read_passage(value: str | None, key: bytes, now_ms: int) -> Passage | None:
    """The try that a cookie stands for; None: it is none of ours, or its time is over."""
    if value is None or not _SHAPE.fullmatch(value):
        return None
    data = urlsafe_b64decode(value.removeprefix(PREFIX) + "==")
    body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, key)):
        return None
    version, expires_ms, secret = _BODY.unpack(body)
    if version != _VERSION or expires_ms <= now_ms:
        return None
    return Passage(secret=secret, expires_ms=expires_ms)


def passage_cookie(port: int, *, sole: bool) -> str:
    """The cookie's name, as the session's is made."""
    return HOST_COOKIE if sole else f"tendesks_openid_{port}"


def write_passage_cookie(name: str, value: str | None, *, secure: bool) -> str:
    """A Set-Cookie header's value; without a value it takes the cookie away.

    Lax and not Strict: the way back begins on the provider's page, and a Strict cookie would not come along.
    """
    age_s = passage_ms // 1000 if value else 0
    flags = "; Secure" if secure else ""
    return f"{name}={value or ''}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{flags}"


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _CONTEXT + body, "sha256")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
