"""Whether what comes to the webhook was signed by Stripe, and when. Not one byte is parsed before that is known."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from stripe import SignatureVerificationError, Webhook, WebhookSignature

from server.billing.contract import Hint
from server.billing.refusals import ForgedError, LateError
from server.errors import InvalidInputError

late_s_max = Webhook.DEFAULT_TOLERANCE
HEADER_CHARS_MAX = 4096
ID_CHARS_MAX = 255


def hint_of(body: bytes, header: str | None, secrets: Sequence[str], now_ms: int) -> Hint:
    """Verify an event's signature with each of the secrets and read what it is about.

    The library compares; the time is held against our own clock, with the library's tolerance.

    Raises:
        ForgedError: no signature, or with another secret. LateError: signed more than five minutes ago.
        InvalidInputError: signed, and yet no event.
    """
    if not header or len(header) > HEADER_CHARS_MAX or not header.isascii():
        raise ForgedError("Stripe-Signature: expected a signature, got none")
    if not any(_verified(body, header, secret) for secret in secrets):
        raise ForgedError("Stripe-Signature: expected one made with this endpoint's secret, got another")
    late_s = now_ms // 1000 - _signed_s(header)
    if late_s > late_s_max:
        raise LateError(
            f"Stripe-Signature: expected one of the last {late_s_max} s, this one is {late_s} s old"
        )
    return _hint(body)


def _verified(body: bytes, header: str, secret: str) -> bool:
    try:
        return bool(WebhookSignature.verify_header(body.decode(), header, secret))
    except (SignatureVerificationError, UnicodeDecodeError):
        return False


def _signed_s(header: str) -> int:
    """The moment that was signed: the library has read it before, and takes the first one too."""
    return next(int(part.partition("=")[2]) for part in header.split(",") if part.startswith("t="))


def _hint(body: bytes) -> Hint:
    try:
        event = orjson.loads(body)
        about = event["data"]["object"]
        return Hint(id=_text(event["id"]), kind=_text(event["type"]), customer=_customer(about))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInputError(
            "expected an event with id, type and data.object, got something else"
        ) from error


def _customer(about: Mapping[str, Any]) -> str | None:
    """Whom it is about: the object is a customer, or names one, by its id or whole."""
    named = about.get("id") if about.get("object") == "customer" else about.get("customer")
    if isinstance(named, Mapping):
        named = named.get("id")
    return named if isinstance(named, str) and 0 < len(named) <= ID_CHARS_MAX else None


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= ID_CHARS_MAX:
        raise ValueError(f"expected a text of up to {ID_CHARS_MAX} characters")
    return value
