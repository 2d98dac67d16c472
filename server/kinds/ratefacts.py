"""What a provider's answer says of a key's limits, read from its headers. Pure.

Read are OpenAI's `x-ratelimit-limit-requests` and its kin, Anthropic's `anthropic-ratelimit-requests-limit`, plain
`x-ratelimit-limit` and `ratelimit-limit`, and what a refusal carries: `retry-after-ms`, `Retry-After`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from server.model import Allowance, RateFacts

WAIT_MAX_MS = 120_000
"""No provider is believed to want a longer wait: whatever it says, it is asked again after so long."""
FIRST_WAIT_MS = 2_000
"""How long to wait after a refusal that says nothing of it; doubled with each further one."""

_UNITS_MS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[dhms]))+", re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[dhms])", re.ASCII)
_NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,9})?", re.ASCII)
_COUNT = re.compile(r"\d{1,12}", re.ASCII)
_MOMENT_FROM_S = 1_000_000_000
"""A reset of so many seconds is no duration but a moment since 1970; a thousand times as many are milliseconds."""
_MINUTE_MS = 60_000

_REQUESTS = (
    "x-ratelimit-{}-requests",
    "anthropic-ratelimit-requests-{}",
    "x-ratelimit-{}",
    "ratelimit-{}",
)
_TOKENS = (
    "x-ratelimit-{}-tokens",
    "anthropic-ratelimit-tokens-{}",
    "anthropic-ratelimit-input-tokens-{}",
)


def facts_of(headers: Mapping[str, str], now_ms: int) -> RateFacts:
    """Read an answer's headers (names in lower case); what is not there or makes no sense is None."""
    return RateFacts(
        requests=_allowance(headers, _REQUESTS, now_ms),
        tokens=_allowance(headers, _TOKENS, now_ms),
        retry_ms=retry_ms(headers, now_ms),
    )


def refused(facts: RateFacts, times: int) -> RateFacts:
    """The facts of an answer that was a refusal, the `times`-th in a row (from 1): it always says how long to wait.

    As the answer says it; else until what is used up is there again; else 2 s, doubled with each refusal.
    """
    if facts.retry_ms is not None:
        return facts
    empty = [
        allowance.reset_ms
        for allowance in (facts.requests, facts.tokens)
        if allowance.remaining == 0 and allowance.reset_ms
    ]
    wait_ms = max(empty, default=FIRST_WAIT_MS << min(times - 1, 10))
    return replace(facts, retry_ms=min(wait_ms, WAIT_MAX_MS))


def retry_ms(headers: Mapping[str, str], now_ms: int) -> int | None:
    """In how many milliseconds the answer wants to be asked again, 120 s at most; None: it does not say."""
    text = headers.get("retry-after-ms", "").strip()
    if _NUMBER.fullmatch(text):
        return _capped(float(text))
    text = headers.get("retry-after", "").strip()
    wait_ms = duration_ms(text)
    if wait_ms is None:
        moment_ms = _moment_ms(text)
        wait_ms = None if moment_ms is None else moment_ms - now_ms
    return None if wait_ms is None else _capped(wait_ms)


def duration_ms(text: str) -> float | None:
    """Read `6m0s`, `1s`, `250ms`, `1h2m3.5s`, or a bare number, which is seconds; None: it is no duration."""
    if _NUMBER.fullmatch(text):
        return float(text) * 1000
    if len(text) > 64 or not _DURATION.fullmatch(text):
        return None
    return sum(float(number) * _UNITS_MS[unit] for number, unit in _PART.findall(text))


def _allowance(headers: Mapping[str, str], names: tuple[str, ...], now_ms: int) -> Allowance:
    """The first family of headers that is there counts."""
    for name in names:
        limit, remaining = (_count(headers.get(name.format(what))) for what in ("limit", "remaining"))
        reset_ms = _reset_ms(headers.get(name.format("reset"), "").strip(), now_ms)
        if limit is None and remaining is None:
            continue
        if reset_ms is not None and reset_ms > _MINUTE_MS:
            limit = None  # what a minute does not fill is no limit a minute, but one an hour or a day
        return Allowance(
            limit=limit, remaining=remaining, reset_ms=None if reset_ms is None else _capped(reset_ms)
        )
    return Allowance()


def _count(text: str | None) -> int | None:
    """A whole number; of a list such as `100, 100;w=60` its first."""
    found = _COUNT.match((text or "").strip())
    return int(found[0]) if found else None


def _reset_ms(text: str, now_ms: int) -> float | None:
    wait_ms = duration_ms(text)
    if wait_ms is None:
        moment_ms = _moment_ms(text)
        return None if moment_ms is None else moment_ms - now_ms
    seconds = wait_ms / 1000
    if _NUMBER.fullmatch(text) and seconds >= _MOMENT_FROM_S:
        return (seconds if seconds >= _MOMENT_FROM_S * 1000 else wait_ms) - now_ms
    return wait_ms


def _moment_ms(text: str) -> int | None:
    """A moment as an HTTP date or as RFC 3339, in milliseconds since 1970."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
        except (ValueError, OverflowError):
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return round(moment.timestamp() * 1000)
    return None


def _capped(wait_ms: float) -> int:
    return round(min(max(wait_ms, 0), WAIT_MAX_MS))
