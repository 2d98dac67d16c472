"""What a provider's error means for a task: ask again later, try once more, give up, or halt the batch. Pure."""

from collections.abc import Mapping
from typing import Any

import orjson

from server.kinds.chat_provider import Provider
from server.kinds.ends import failed
from server.kinds.withheld import masked
from server.model import Outcome, Reason

NOT_ACCEPTED = 401
RATE_LIMITED = 429
_NO_MONEY = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_credits"}
)
_LATER = frozenset({408, 409, 425})


def error_of(body: bytes) -> Mapping[str, Any]:
    """Read an error's body: `{"error": {"message", "type", "code"}}`, the same without its cover, or only a text."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = body.decode("utf-8", "replace")
    if isinstance(said, list) and said:  # some wrap it once more
        said = said[0]
    if isinstance(said, dict):
        said = said.get("error", said)
    return said if isinstance(said, dict) else {"message": str(said)}


def is_rate_limit(status: int, error: Mapping[str, Any]) -> bool:
    """Whether the provider will answer this very request once some time has passed: an empty account is no limit."""
    return status == RATE_LIMITED and not _is_out_of_money(error)


def outcome_of(
    status: int, error: Mapping[str, Any], provider: Provider, retry_after_ms: int | None = None
) -> Outcome:
    """Judge an answer that is no 200. The key is in no message, also where the provider repeats it."""
    host, words = provider.host, _words(error, provider)
    if status == 402 or _is_out_of_money(error):
        message = f"the account at {host} has no credit left ({status}){words}"
        return failed(Reason.LIMIT, message, retryable=False, halts=True)
    if status == RATE_LIMITED:
        message = f"{host} refused for its limits again and again ({status}){words}"
        return failed(Reason.LIMIT, message, retry_after_ms=retry_after_ms)
    if status in _LATER or status >= 500:
        message = f"{host} could not answer ({status}){words}"
        return failed(Reason.UNREACHABLE, message, retry_after_ms=retry_after_ms)
    if status == NOT_ACCEPTED:  # not in the provider's words, which may hold a part of the key
        return failed(Reason.INVALID, _not_accepted(provider), retryable=False, halts=True)
    return failed(Reason.INVALID, _refused(status, provider, words), retryable=False)


def _not_accepted(provider: Provider) -> str:
    if provider.own:
        return f"{provider.host} does not accept your own key any more (401): replace it, or delete it"
    return f"{provider.host} does not accept the key (401): the operator sets TENDESKS_CHAT_API_KEY"


def _refused(status: int, provider: Provider, words: str) -> str:
    host = provider.host
    if status == 403:
        return f"{host} does not allow the key to do this (403)"
    if status < 400:
        where = "the address of your own key" if provider.own else "TENDESKS_CHAT_BASE_URL"
        return f"{host} gave no answer ({status}), and elsewhere nobody is asked: see {where}"
    return f"{host} refused the request ({status}){words}"


def status_within(error: Any) -> int:
    """The status of an error that comes in a stream whose own status was 200; 500 where it says none."""
    code = error.get("code") or error.get("status") if isinstance(error, dict) else None
    if isinstance(code, str) and code.isdecimal() and len(code) == 3:
        code = int(code)
    if isinstance(code, int) and 400 <= code <= 599:
        return code
    kind = str(error.get("type", "")) if isinstance(error, dict) else ""
    return RATE_LIMITED if "rate_limit" in f"{kind} {code}" or code in _NO_MONEY else 500


def _is_out_of_money(error: Mapping[str, Any]) -> bool:
    return any(isinstance(error.get(name), str) and error[name] in _NO_MONEY for name in ("code", "type"))


def _words(error: Mapping[str, Any], provider: Provider) -> str:
    message = error.get("message")
    if not isinstance(message, str) or not message.strip():
        return ""
    return f": {masked(message, [provider.secret])}"
