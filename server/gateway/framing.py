"""A text message as it goes over the socket (RFC 6455, section 5.2), made once for all who get it (p)."""

from functools import lru_cache

TEXT = b"\x81"
short_bytes_max, medium_bytes_max = 125, 0xFFFF
kept_max = 64
"""So many messages are kept framed: those that a storm of viewers coming back is given, one after another."""


@lru_cache(maxsize=kept_max)
def framed(payload: bytes) -> bytes:
    """The whole message of a server: one frame, not masked, not compressed."""
    size = len(payload)
    if size <= short_bytes_max:
        head = size.to_bytes(1, "big")
    elif size <= medium_bytes_max:
        head = b"\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x7f" + size.to_bytes(8, "big")
    return TEXT + head + payload


def payload(message: bytes) -> bytes:
    """What `framed` was given."""
    return message[{0x7E: 4, 0x7F: 10}.get(message[1], 2) :]
