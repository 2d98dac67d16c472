"""F1: what the trace sends to one viewer."""

from collections.abc import Sequence

from bench.rows import Row, number
from bench.trace import MINUTES, SEED, Message, messages, trace
from server.gateway.deflate import Following, context_ms_least, window_bits
from server.gateway.framing import framed
from server.model import View


def framed_bytes(payload_bytes: int) -> int:
    """How long a message of a server is on the wire: RFC 6455, unmasked."""
    head = 2 if payload_bytes < 126 else 4 if payload_bytes < 65_536 else 10
    return head + payload_bytes


def plain_bytes(sent: Sequence[Message]) -> int:
    """Everything after the keyframe at the beginning, as it is on the wire."""
    return sum(framed_bytes(len(message.data)) for message in sent[1:])


def deflated_bytes(sent: Sequence[Message]) -> int:
    """The same as the hub writes it to a viewer that has agreed to deflate, while there is always somebody who waits to join."""
    following, total = Following[_Reader](), 0
    following.add(_Reader())
    for message in sent[1:]:
        if not [*following.apart]:
            following.add(_Reader())
        if message.kind == "diff":
            total += len(following.deflate(message.data, 0, message.at_ms) or framed(message.data))
        else:
            total += len(framed(message.data))
            following.rest(message.at_ms)
    return total


class _Reader:
    """A viewer that takes all that comes at once."""

    deflates = True

    def flows(self, _seq: int) -> bool:
        return True


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
            id="F1 deflated", what=f"{what}, one compressor for all viewers", unit="B",
            values=[deflated_bytes(sent) / MINUTES], bar=4_000,
            notes=f"as shipped: a window of {window_bits} bits, a new context every {context_ms_least // 1000} s, clocks and keyframes plain",
        ),
    ]  # fmt: skip
