"""Words that come from programs, made fit for a desk, a plate or an error message. Pure."""

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029]"  # control characters: tabs and ends of lines become spaces
    "|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # marks that turn the direction of what stands beside them
    "|[\ud800-\udfff]"  # halves of a pair, which no UTF-8 can carry
)


def one_line(text: str, characters_max: int) -> str:
    """Return the text as one line without control characters, cut at `characters_max`."""
    # Cut first, generously, so that a huge text costs no more than a long one. What is unseen is not printable.
    head = text[: 8 * characters_max]
    seen = head if head.isprintable() else _UNSEEN.sub(" ", head)
    return " ".join(seen.split())[:characters_max]


def spoken(duration_ms: int) -> str:
    """Say a duration as people do: 350 ms, 12 s, 20 min, 1 h 30 min."""
    if duration_ms < 1000:
        return f"{duration_ms} ms"
    seconds = duration_ms // 1000
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
