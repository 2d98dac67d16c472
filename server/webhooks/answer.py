"""What an attempt came to (p), in words that give nothing of what the receiver said away."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from server.webhooks.schedule import asked_wait_ms

DELIVERED = range(200, 300)
REDIRECTS = range(300, 400)
GONE = 410
ASKS_TO_WAIT = frozenset({429, 503})
"""Of all answers only these say by Retry-After when the address as a whole is to be asked again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`reason` None: it arrived. `asked_ms`: the receiver wants to hear nothing for so long. `unsigned`: it was not even sent."""

    at_ms: int
    status: int | None = None
    reason: str | None = None
    asked_ms: int | None = None
    unsigned: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.reason is None

    @property
    def gone(self) -> bool:
        """Whether the receiver wants nothing any more, for good."""
        return self.status == GONE


def answer_of(status: int, headers: Mapping[str, str], now_ms: int) -> Answer:
    """Read a status and its headers; `now_ms` is the wall clock's moment."""
    if status in DELIVERED:
        return Answer(at_ms=now_ms, status=status)
    asked_ms = asked_wait_ms(headers.get("retry-after"), now_ms) if status in ASKS_TO_WAIT else None
    return Answer(at_ms=now_ms, status=status, reason=_words(status), asked_ms=asked_ms)


def _words(status: int) -> str:
    if status in REDIRECTS:
        return f"It answered {status}; redirects are not followed"
    try:
        return f"It answered {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"It answered {status}"
