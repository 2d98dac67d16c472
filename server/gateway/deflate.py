"""One compressor for all viewers of a stream (p), and who of them may be given what comes out of it.

permessage-deflate (RFC 7692) lets a message refer back to those before it that were compressed; one that is not
compressed leaves no trace. So whoever was given every deflated message since a context began, and no other, reads the
next one: it is *in step*. Everybody else gets the same diffs plain until a new context begins, which refers to nothing.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Generic, Protocol, TypeVar

from server.gateway.framing import framed_deflated

window_bits = 12
memory_level = 3
effort = 6
"""The trace takes 0.7 % more than with zlib's largest window, of 15 bits, and a context a fourth of the memory: some 20 KB."""
context_ms_least = 30_000
"""A context ends at the earliest after so long, and only if somebody waits for the next or nothing is said."""
TAIL = b"\x00\x00\xff\xff"
"""What the peer adds to every message before it inflates it."""


class Follower(Protocol):
    """What a following asks of a viewer."""

    @property
    def deflates(self) -> bool:
        """Whether it can read deflated messages at all."""

    def flows(self, seq: int, /) -> bool:
        """Whether the diff with this number would be written to it in this very step."""


Member = TypeVar("Member", bound=Follower)


class Context:
    """A raw-deflate stream that is flushed after each message. Nothing in it refers to what was before its beginning."""

    __slots__ = ("_compressor", "began_ms")

    def __init__(self, now_ms: int) -> None:
        self.began_ms = now_ms
        self._compressor = zlib.compressobj(effort, zlib.DEFLATED, -window_bits, memory_level)

    def deflated(self, payload: bytes) -> bytes:
        """A text that is not empty, as a whole message."""
        data = self._compressor.compress(payload) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
        if not data.endswith(TAIL):
            raise AssertionError(f"expected a flush at the end of what is deflated, got {data[-4:]!r}")
        return framed_deflated(data[: -len(TAIL)])


class Following(Generic[Member]):
    """The viewers of one stream. It has a context only while somebody is in step."""

    __slots__ = ("_context", "_plain", "_waiting", "in_step")

    def __init__(self) -> None:
        self.in_step: dict[Member, None] = {}
        self._waiting: dict[Member, None] = {}
        self._plain: dict[Member, None] = {}
        self._context: Context | None = None

    def __len__(self) -> int:
        return len(self.in_step) + len(self._waiting) + len(self._plain)

    def __iter__(self) -> Iterator[Member]:
        return chain(self.in_step, self._waiting, self._plain)

    @property
    def apart(self) -> Iterable[Member]:
        """All who get the next diff plain."""
        return chain(self._waiting, self._plain)

    def add(self, viewer: Member) -> None:
        """Somebody looks."""
        (self._waiting if viewer.deflates else self._plain)[viewer] = None

    def remove(self, viewer: Member) -> None:
        """Harmless when it is not there."""
        for some in (self.in_step, self._waiting, self._plain):
            some.pop(viewer, None)
        self._end_if_alone()

    def deflate(self, diff: bytes, seq: int, now_ms: int) -> bytes | None:
        """The diff as a message for all who are in step, each of whom must either be given it at once or be named to `part`.

        None if nobody is, or would be.
        """
        context = self._context
        if self._waiting and (context is None or now_ms - context.began_ms >= context_ms_least):
            context = self._begin(seq, now_ms)
        return None if context is None else context.deflated(diff)

    def part(self, viewers: Iterable[Member]) -> None:
        """They were not given the last deflated message at once: they wait for the next context.

        It may wait in their outbox, behind all that came before: read or dropped, it is the last they get of this
        context, and the next does not begin for them while anything waits.
        """
        for viewer in viewers:
            if viewer in self.in_step:
                del self.in_step[viewer]
                self._waiting[viewer] = None
        self._end_if_alone()

    def rest(self, now_ms: int) -> None:
        """Nothing happens for now: a context that is old enough ends, and keeps no memory until the next diff."""
        if self._context is not None and now_ms - self._context.began_ms >= context_ms_least:
            self.part([*self.in_step])

    def _begin(self, seq: int, now_ms: int) -> Context | None:
        """A new context, which those who are in step follow as well, if anybody who waits could follow it now."""
        joining = [viewer for viewer in self._waiting if viewer.flows(seq)]
        if joining:
            self._context = Context(now_ms)
            for viewer in joining:
                del self._waiting[viewer]
                self.in_step[viewer] = None
        return self._context

    def _end_if_alone(self) -> None:
        if not self.in_step:
            self._context = None
