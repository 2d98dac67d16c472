"""What an answer to the kind `http` means: a result, or why there is none. Pure."""

from collections.abc import Iterable
from http import HTTPStatus

import orjson

from server.errors import LimitExceededError
from server.kinds.ends import failed
from server.kinds.withheld import masked
from server.model import Outcome, Reason

RATE_LIMITED = 429
_LATER = frozenset({408, 425, RATE_LIMITED})
_BOM = b"\xef\xbb\xbf"


def result_of(body: bytes, charset: str | None, bytes_max: int) -> bytes:
    """Return JSON text of at most `bytes_max` bytes: the body as it came if it is JSON, else `{"text": …}`.

    Raises:
        LimitExceededError: it is larger.
    """
    body = body.removeprefix(_BOM).strip()
    if _is_json(body):
        # On one line, as lists of results want it: within JSON an end of line is nothing but space.
        result = body.replace(b"\r", b" ").replace(b"\n", b" ")
    else:
        result = orjson.dumps({"text": _decoded(body, charset)})
    if len(result) > bytes_max:
        raise too_large(bytes_max)
    return result


def outcome_of(
    status: int, body: bytes, host: str, *, retry_after_ms: int | None, secrets: Iterable[str]
) -> Outcome:
    """Judge a status that is no 2xx. What the other side says is told, but for what it repeats of the headers."""
    words = masked(body[:1000].decode("utf-8", "replace").strip(), secrets)
    message = f"{host} answered {_named(status)}" + (f": {words}" if words else "")
    if status == RATE_LIMITED:
        return failed(Reason.LIMIT, message, retry_after_ms=retry_after_ms)
    if status in _LATER or status >= 500:
        return failed(Reason.UNREACHABLE, message, retry_after_ms=retry_after_ms)
    if status < 400:
        message = (
            f"{host} answered {_named(status)}, but redirects are not followed: give the address they lead to"
        )
    return failed(Reason.INVALID, message, retryable=False)


def too_large(bytes_max: int) -> LimitExceededError:
    """The error for an answer above the limit."""
    return LimitExceededError(
        f"expected an answer of at most {bytes_max:,} bytes (result_bytes_max), got more"
    )


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _is_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True


def _decoded(body: bytes, charset: str | None) -> str:
    try:
        text = body.decode(charset or "utf-8", "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")
