"""How a message is signed (p): symmetric signatures of the Standard Webhooks specification, version 1.0.

The receiver computes HMAC-SHA256 over `id.timestamp.body` with the secret's bytes, and compares it with each signature of
`webhook-signature`. While a secret is being replaced there are two of them. Source: github.com/standard-webhooks.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64 random bytes."""
VERSION = "v1"


def new_secret(chance: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Make a secret, as its receiver is given it."""
    return PREFIX + base64.b64encode(chance(SECRET_BYTES)).decode()


def headers_of(message: str, at_s: int, body: bytes, signed_with: Sequence[str]) -> dict[str, str]:
    """The headers of an attempt at this moment (seconds since the Unix epoch), signed with each of the secrets."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(_signature(secret, message, at_s, body) for secret in signed_with),
    }


def _signature(secret: str, message: str, at_s: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{message}.{at_s}.".encode() + body, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode()}"
