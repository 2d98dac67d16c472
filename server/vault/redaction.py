"""What looks like a key is taken out of words that are written down: logs, errors, notes. Pure.

It is the last line and not the first: nothing of ours puts a key into words. But a library's error may hold a header, a
provider may repeat what it was sent, and a program may print its environment. What each thing looks like is known by
the prefix that its maker gave it, or by the name before it; a secret without either is not found.
"""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "…"
DEPTH_MAX = 6
_B64 = r"A-Za-z0-9+/_\-"
_NAMED = r"(?:api[_\-]?key|password|passwd|secret|token)"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.ASCII), f"{kept}{HIDDEN}")
    for pattern, kept in (
        # Of providers: OpenAI and those who are like it (sk-proj-, sk-ant-, sk-or-), Groq, Google, Hugging Face.
        (r"(?<![A-Za-z0-9])(sk|rk|pk)-[A-Za-z0-9_\-]{8,}", r"\1-"),
        (r"(?<![A-Za-z0-9])(gsk|hf|xai|pplx|r8)_[A-Za-z0-9]{16,}", r"\1_"),
        (r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_\-]{20,}", "AIza"),
        # Our own: API tokens, sessions, grants, links.
        (r"(?<![A-Za-z0-9])(td[a-z])_[A-Za-z0-9_\-]{16,}", r"\1_"),
        # Stripe's, GitHub's, Slack's, AWS's.
        (r"(?<![A-Za-z0-9])((?:sk|rk|pk)_(?:live|test)|whsec)_[A-Za-z0-9+/]{8,}={0,2}", r"\1_"),
        (r"(?<![A-Za-z0-9])(gh[pousr]|github_pat|glpat)[_\-][A-Za-z0-9_\-]{16,}", r"\1_"),
        (r"(?<![A-Za-z0-9])(xox[a-z])-[A-Za-z0-9\-]{8,}", r"\1-"),
        (r"(?<![A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}", r"\1"),
        # A master key with its name, and signed tokens (RFC 7519).
        (rf"(?<![A-Za-z0-9])([a-z0-9][a-z0-9._\-]{{0,31}}:)[{_B64}]{{43}}=?(?![{_B64}=])", r"\1"),
        (r"(?<![A-Za-z0-9_\-])eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{4,}\.[A-Za-z0-9_\-]*", "eyJ"),
        # By the name before it: headers, variables, parts of a query, a password within a URL.
        (
            r"(?i)\b(bearer|basic)(\s+)(?=[a-z._~+/\-]{0,200}[0-9=]|[a-z._~+/\-]{20})[a-z0-9._~+/\-]{8,}=*",
            r"\1\2",
        ),
        (r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?)(?!['\"\s…]|(?:bearer|basic)\b)[^\s'\"&,;…]{6,}", r"\1"),
        (rf"(?i)({_NAMED}(?:['\"]\s*:\s*['\"]|\s*=\s*['\"]?))(?![…'\"])[^\s'\"&,;…]{{4,}}", r"\1"),
        # After a bare colon an ordinary word may follow ("token: expected …"); what has a digit in it is none.
        (rf"(?i)({_NAMED}:\s*)(?=[^\s'\"&,;…0-9]{{0,200}}[0-9]|[^\s'\"&,;…]{{20}})[^\s'\"&,;…]{{6,}}", r"\1"),
        (r"(://[^\s/:@…]{0,200}:)[^\s/@…]{1,1000}(?=@)", r"\1"),
    )
)


def redacted(text: str) -> str:
    """Return the text with what looks like a key taken out; what it was is left to be seen. Twice is as good as once."""
    for pattern, kept in _RULES:
        text = pattern.sub(kept, text)
    return text


def redacted_value(value: Any, depth: int = DEPTH_MAX) -> Any:
    """Do so in all texts of a value, names included; what is deeper than anything that is logged is left out."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _redacted_parts(value, depth) if depth else HIDDEN
    return redacted(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))


def _redacted_parts(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {redacted(str(name)): redacted_value(each, depth - 1) for name, each in value.items()}
    return [redacted_value(each, depth - 1) for each in value]


def redact_event(_logger: object, _method: str, event: Any) -> Any:
    """Be a structlog processor: the last one before the line is written."""
    return redacted_value(event)
