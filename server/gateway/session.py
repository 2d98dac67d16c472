"""The course of one socket, without the socket (p): messages go in, what is to be done comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from server.gateway.close import Close, End
from server.gateway.protocol import SUBPROTOCOL, Ack, BadMessageError, Hello, Level, LevelChange, parse
from server.model import Identity, Role, Scope, Shared, View
from server.ticker.messages import Held

hello_ms_max = 5_000
"""How long a socket may stay open without a hello."""
messages_burst_max = 20
messages_per_second_max = 2
"""A client sends an ack every 5 s and a level now and then: this is many times as much."""


class Phase(StrEnum):
    """GREETING waits for hello, CHECKING for who it is; LIVE follows a stream."""

    GREETING = "greeting"
    CHECKING = "checking"
    LIVE = "live"
    ENDED = "ended"


NEXT: Mapping[Phase, frozenset[Phase]] = MappingProxyType(
    {
        Phase.GREETING: frozenset({Phase.CHECKING, Phase.ENDED}),
        Phase.CHECKING: frozenset({Phase.LIVE, Phase.ENDED}),
        Phase.LIVE: frozenset({Phase.ENDED}),
        Phase.ENDED: frozenset(),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """Find out who this is, and tell `Session.known`."""

    hello: Hello


@dataclass(frozen=True, kw_only=True, slots=True)
class Enter:
    """Let it follow the stream of this office and view, from what it holds."""

    identity: Identity
    office: str
    role: Role
    view: View
    held: Held | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Show:
    """Send it every frame, or a keyframe now and then."""

    level: Level


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """It has applied everything up to `seq`."""

    seq: int


Action: TypeAlias = Check | Enter | Show | Note | End


class Session:
    """One socket from its opening on. After an `End` every call gives None."""

    __slots__ = ("_bytes_max", "_filled_ms", "_hello", "_tokens", "phase")

    def __init__(self, *, message_bytes_max: int, now_ms: int) -> None:
        self.phase = Phase.GREETING
        self._bytes_max = message_bytes_max
        self._hello: Hello | None = None
        self._tokens = messages_burst_max * 1000
        self._filled_ms = now_ms

    def open(self, subprotocols: Sequence[str]) -> End | None:
        """The handshake: the client offers subprotocols, and ours must be among them."""
        return None if SUBPROTOCOL in subprotocols else self._end(Close.UNSUPPORTED)

    def overdue(self) -> End | None:
        """`hello_ms_max` have passed since the opening."""
        if self.phase is not Phase.GREETING:
            return None
        return self._end(Close.NOT_AUTHENTICATED, f"expected hello within {hello_ms_max} ms, got nothing")

    def receive(self, data: str | bytes, now_ms: int) -> Action | None:
        """A message came."""
        if self.phase is Phase.ENDED:
            return None
        if not self._allowance(now_ms):
            return self._end(Close.TOO_MANY, f"expected at most {messages_per_second_max} messages a second")
        try:
            return self._act(parse(data, self._bytes_max))
        except BadMessageError as error:
            return self._end(Close.BAD_MESSAGE, error.detail)

    def known(self, identity: Identity | None, *, foreign: bool) -> Enter | End | None:
        """Who it is; `foreign`: known by a cookie that another site's page sent along."""
        if self.phase is not Phase.CHECKING or self._hello is None:
            return None
        if identity is None:
            return self._end(Close.NOT_AUTHENTICATED)
        live = identity.link is None or identity.link.shared is Shared.OFFICE
        if foreign or not live or Scope.READ not in identity.scopes:
            return self._end(Close.FORBIDDEN)
        if self._hello.office not in {None, identity.office}:
            return self._end(Close.NOT_FOUND)
        self._go(Phase.LIVE)
        hello, self._hello = self._hello, None  # it holds a token, and may be here for weeks
        return _entry(identity, hello)

    def fail(self, close: Close, detail: str = "") -> End | None:
        """Something outside of this machine asks for the end."""
        return None if self.phase is Phase.ENDED else self._end(close, detail)

    def _act(self, message: Hello | Ack | LevelChange) -> Action | None:
        first = self.phase is Phase.GREETING
        if first is not isinstance(message, Hello):
            expected = "hello first" if first else "one hello only"
            raise BadMessageError(f"expected {expected}, got {type(message).__name__.lower()}")
        if isinstance(message, Hello):
            self._go(Phase.CHECKING)
            self._hello = message
            return Check(hello=message)
        if isinstance(message, Ack):
            return Note(seq=message.seq)
        return Show(level=message.value)

    def _allowance(self, now_ms: int) -> bool:
        """A token bucket (in thousandths) over all messages."""
        more = (now_ms - self._filled_ms) * messages_per_second_max
        self._tokens = min(self._tokens + more, messages_burst_max * 1000) - 1000
        self._filled_ms = now_ms
        return self._tokens >= 0

    def _end(self, close: Close, detail: str = "") -> End:
        self._go(Phase.ENDED)
        return End(close=close, detail=detail)

    def _go(self, phase: Phase) -> None:
        if phase not in NEXT[self.phase]:
            raise AssertionError(
                f"expected one of {sorted(NEXT[self.phase])} after {self.phase}, got {phase}"
            )
        self.phase = phase


def _entry(identity: Identity, hello: Hello) -> Enter:
    view = identity.view if hello.view is None else identity.view.narrower(hello.view)
    held = None
    if hello.epoch is not None and hello.view is not None and hello.seq is not None:
        held = Held(epoch=hello.epoch, view=hello.view, seq=hello.seq)
    return Enter(identity=identity, office=identity.office, role=identity.role, view=view, held=held)
