"""F1: what the trace sends to one viewer."""

import zlib
from collections.abc import Sequence

from bench.rows import Row, number
from bench.trace import MINUTES, SEED, Message, messages, trace
from server.model import View

FLUSH_MS = 30_000
SYNC_TAIL = b"\x00\x00\xff\xff"
"""What RFC 7692 takes off the end of every message."""


def framed_bytes(payload_bytes: int) -> int:
    """How long a message of a server is on the wire: RFC 6455, unmasked."""
    head = 2 if payload_bytes < 126 else 4 if payload_bytes < 65_536 else 10
    return head + payload_bytes


def plain_bytes(sent: Sequence[Message]) -> int:
    """Everything after the keyframe at the beginning, as it is on the wire."""
    return sum(framed_bytes(len(message.data)) for message in sent[1:])


def deflated_bytes(sent: Sequence[Message]) -> int:
    """The same through one raw-deflate context, flushed so that anyone can join every 30 s."""
    compressor, total, flush_ms = zlib.compressobj(wbits=-15), 0, FLUSH_MS
    for message in sent[1:]:
        full = message.at_ms >= flush_ms
        flush_ms += FLUSH_MS if full else 0
        data = compressor.compress(message.data)
        data += compressor.flush(zlib.Z_FULL_FLUSH if full else zlib.Z_SYNC_FLUSH)
        total += framed_bytes(len(data.removesuffix(SYNC_TAIL)))
    return total


def rows() -> list[Row]:
    """F1, of the owner's view; the other views are in the notes."""
    played = trace()
    sent = messages(played)
    others = {view: plain_bytes(messages(played, view)) / MINUTES for view in View if view is not View.FULL}
    notes = (
        f"seed {SEED}: {len(sent) - 1:,} messages in {MINUTES} minutes, their heads included, after a keyframe of "
        f"{len(sent[0].data)} bytes; " + ", ".join(f"{view} {number(size)}" for view, size in others.items())
    )
    what = "bytes a minute and viewer on the trace"
    return [
        Row(
            id="F1", what=f"{what}, uncompressed", unit="B", values=[plain_bytes(sent) / MINUTES], bar=14_000,
            notes=notes,
        ),
        Row(
            id="F1 deflated", what=f"{what}, as a shared compressor would give it", unit="B",
            values=[deflated_bytes(sent) / MINUTES], bar=4_000,
            notes=f"computed, not shipped: one raw-deflate context, zlib's level 6, a full flush every {FLUSH_MS // 1000} s",
        ),
    ]  # fmt: skip
