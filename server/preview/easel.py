"""The process that paints: reads one order after another from its stdin, and answers each with a picture or a sentence.

Started by `studio.py` as `python -P -m server.preview.easel`. It may take so much memory and processor time and no more,
and it can open next to nothing: a state that breaks it breaks nothing else.
"""

import os
import sys

from server.confined import confine
from server.preview.order import FAILED, LENGTH, PAINTED, REFUSED, Order, Subject, order_bytes_max, read

MEMORY_BYTES_MAX = 2 * 1024 * 1024 * 1024
"""Address space: what a picture of the largest size needs, several times over."""
CPU_SECONDS_MAX = 900
"""Processor time until it is ended; the studio starts another one."""
FILES_MAX = 64
LIMITS = {"AS": MEMORY_BYTES_MAX, "CPU": CPU_SECONDS_MAX, "FSIZE": 0, "NOFILE": FILES_MAX}
NICE = 5
"""The queue comes first."""


def main() -> None:
    """Paint until nobody asks any more."""
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    confine(LIMITS, nice=NICE)
    from server.preview import card, painter  # noqa: F401, PLC0415 - within the limits, and ready before the first order

    while (text := _next()) is not None:
        mark, body = answer(text)
        wire.write(LENGTH.pack(len(body) + 1) + mark + body)
        wire.flush()


def answer(text: bytes) -> tuple[bytes, bytes]:
    """The mark and the body of what an order is answered with; never raises for what a state holds."""
    from server.errors import TenDesksError  # noqa: PLC0415 - after the limits

    try:
        return PAINTED, _painted(read(text))
    except TenDesksError as error:
        return REFUSED, error.detail.encode("utf-8", "replace")[:2000]
    except Exception as error:  # noqa: BLE001 - whatever a picture breaks at, the next one may be fine
        return FAILED, f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:2000]


def _painted(order: Order) -> bytes:
    from server.preview import card, painter, png, state  # noqa: PLC0415 - they bring pygame, and are there by now

    if order.subject is Subject.CARD:
        return card.live(order.state, order.view, order.now_ms, night=order.night, zone_ms=order.zone_ms)
    size = (order.width, order.height)
    told = state.checked(order.state)
    return png.png(painter.paint(told, order.now_ms, size, night=order.night, zone_ms=order.zone_ms))


def _next() -> bytes | None:
    head = sys.stdin.buffer.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if length > order_bytes_max:
        return None
    body = sys.stdin.buffer.read(length)
    return body if len(body) == length else None


if __name__ == "__main__":
    main()
