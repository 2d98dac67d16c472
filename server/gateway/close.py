"""Every way a socket is closed, in one table (p)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType


class Close(IntEnum):
    """Codes of RFC 6455: 4000 and above are ours, the others have their registered meaning."""

    BAD_MESSAGE = 4400
    NOT_AUTHENTICATED = 4401
    FORBIDDEN = 4403
    NOT_FOUND = 4404
    TOO_SLOW = 4408
    UNSUPPORTED = 4409
    TOO_MANY = 4429
    INTERNAL = 1011
    RESTARTING = 1012


REASONS: Mapping[Close, str] = MappingProxyType(
    {
        Close.BAD_MESSAGE: "bad message",
        Close.NOT_AUTHENTICATED: "not authenticated",
        Close.FORBIDDEN: "revoked or forbidden",
        Close.NOT_FOUND: "no such office",
        Close.TOO_SLOW: "too slow",
        Close.UNSUPPORTED: "unsupported version: expected subprotocol tendesks.v1",
        Close.TOO_MANY: "too many",
        Close.INTERNAL: "something went wrong",
        Close.RESTARTING: "restarting",
    }
)
reason_bytes_max = 123
"""What a close frame has room for beside its code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """The end of one socket: its code, and what was expected and what came where that helps the other side."""

    close: Close
    detail: str = ""

    @property
    def reason(self) -> str:
        """The text of the close frame, cut to fit."""
        text = self.detail or REASONS[self.close]
        return text.encode("utf-8", "replace")[:reason_bytes_max].decode("utf-8", "ignore")
