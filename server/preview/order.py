"""What a painting process is asked for, and how both sides write it: a length, then JSON; back a length, a mark, bytes.

Imports nothing that paints, for the server reads it too.
"""

from dataclasses import dataclass
from enum import StrEnum
from struct import Struct
from typing import Any

import orjson

from server.errors import InvalidInputError

order_bytes_max = 64 * 1024
"""The longest order; a state has at most half of that."""
picture_bytes_max = 4 * 1024 * 1024
"""The longest picture that is taken back."""
side_max = 4096
"""The longest side of a picture, in pixels."""
pixels_max = 2560 * 1440
LENGTH = Struct(">I")
"""Before every message: how many bytes follow."""
PAINTED, REFUSED, FAILED = b"p", b"r", b"f"
"""The first byte of what comes back: a picture, a sentence why the order is wrong, or a sentence what went wrong."""


class Subject(StrEnum):
    """CARD: the card of a link; OFFICE: the office alone, in any size."""

    CARD = "card"
    OFFICE = "office"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A picture as it is wanted: of a state in a view at a moment, by day or night, of so many pixels.

    `zone_ms` is how far the reader's clock is ahead of UTC.
    """

    subject: Subject
    state: Any
    view: str
    now_ms: int
    night: bool
    zone_ms: int = 0
    width: int = 1200
    height: int = 630


def written(order: Order) -> bytes:
    """The order as JSON.

    Raises:
        InvalidInputError: its state is no JSON, or longer than `order_bytes_max`.
    """
    fields = {name: getattr(order, name) for name in Order.__slots__}
    try:
        text = orjson.dumps(fields)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"state: expected what JSON can say, got something else ({error})") from error
    if len(text) > order_bytes_max:
        raise InvalidInputError(
            f"state: expected at most order_bytes_max = {order_bytes_max} bytes, got {len(text)}"
        )
    return text


def read(text: bytes) -> Order:
    """The order in JSON. Raises InvalidInputError for sizes that are too small or too large, and for what is none."""
    try:
        fields = orjson.loads(text)
        order = Order(**{**fields, "subject": Subject(fields["subject"])})
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError) as error:
        raise InvalidInputError(f"expected an order, got something else ({type(error).__name__})") from error
    check_size(order.width, order.height)
    return order


def check_size(width: Any, height: Any) -> None:
    """Raise InvalidInputError unless a picture of that size is painted."""
    for side in (width, height):
        if type(side) is not int or not 64 <= side <= side_max:
            raise InvalidInputError(
                f"size: expected sides from 64 to side_max = {side_max} pixels, got {side!r}"
            )
    if width * height > pixels_max:
        raise InvalidInputError(
            f"size: expected at most pixels_max = {pixels_max} pixels, got {width * height}"
        )
