"""A text message as it goes over the socket (RFC 6455, section 5.2), made once for all who get it (p)."""

from functools import lru_cache

TEXT = b"\x81"
DEFLATED_TEXT = b"\xc1"
"""The first reserved bit is permessage-deflate's (RFC 7692, section 6)."""
short_bytes_max, medium_bytes_max = 125, 0xFFFF
kept_max = 64
"""So many messages are kept framed: those that a storm of viewers coming back is given, one after another."""


@lru_cache(maxsize=kept_max)
def framed(payload: bytes) -> bytes:
    """The whole message of a server: one frame, not masked, not compressed."""
    return TEXT + _length(len(payload)) + payload


def framed_deflated(payload: bytes) -> bytes:
    """The same of a text that was deflated, with the tail of its flush taken off."""
    return DEFLATED_TEXT + _length(len(payload)) + payload


def payload(message: bytes) -> bytes:
    """What `framed` or `framed_deflated` was given."""
    return message[{0x7E: 4, 0x7F: 10}.get(message[1], 2) :]


def _length(size: int) -> bytes:
    if size <= short_bytes_max:
        return size.to_bytes(1, "big")
    if size <= medium_bytes_max:
        return b"\x7e" + size.to_bytes(2, "big")
    return b"\x7f" + size.to_bytes(8, "big")
