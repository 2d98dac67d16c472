"""Sockets that are open by a token or session, which end when it does, and begin anew when it allows something else.

What changed is remembered for a while, because a socket may have been looked up just before and come in just after.
"""

from collections.abc import Callable, Collection
from typing import TypeAlias

from server.clock import Clock, Timer
from server.model import Credential

changes_max = 10_000
"""So many tokens' changes are remembered; those of the last seconds would do."""

Close: TypeAlias = Callable[[bool], None]
"""Closes a socket, once at most: True, it has no right to be here any more; False, it is to come back and be looked up anew."""


class Caller:
    """One socket's place."""

    __slots__ = ("close", "timer", "token")

    def __init__(self, token: str, close: Close) -> None:
        self.token = token
        self.close = close
        self.timer: Timer | None = None


class Callers:
    """All of one process. Every call returns at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._callers: dict[str, set[Caller]] = {}
        self._changes: dict[str, int] = {}
        self.stamp = 0
        """How many changes there were: to be read before a token is looked up, and handed over with what was found."""

    def enter(self, credential: Credential, stamp: int, close: Close) -> Caller | None:
        """Give a socket its place; None: its token has changed since `stamp`, so what was found of it may not be true any more."""
        if self._changes.get(credential.id, 0) > stamp:
            return None
        caller = Caller(credential.id, close)
        if credential.expires_ms is not None:
            left_ms = credential.expires_ms - self._clock.now_ms()
            caller.timer = self._clock.call_later(left_ms, lambda: self._close(caller, gone=True))
        self._callers.setdefault(credential.id, set()).add(caller)
        return caller

    def leave(self, caller: Caller) -> None:
        """A socket is gone; harmless when its place was taken from it."""
        if caller.timer is not None:
            caller.timer.cancel()
        callers = self._callers.get(caller.token, set())
        callers.discard(caller)
        if not callers:
            self._callers.pop(caller.token, None)

    def end(self, tokens: Collection[str]) -> None:
        """These tokens allow nothing any more."""
        self._change(tokens, gone=True)

    def renew(self, tokens: Collection[str]) -> None:
        """These tokens allow something else than before, or stand for another office."""
        self._change(tokens, gone=False)

    def _change(self, tokens: Collection[str], *, gone: bool) -> None:
        for token in tokens:
            self.stamp += 1
            self._changes.pop(token, None)
            self._changes[token] = self.stamp
            for caller in [*self._callers.get(token, ())]:
                self._close(caller, gone=gone)
        while len(self._changes) > changes_max:
            del self._changes[next(iter(self._changes))]

    def _close(self, caller: Caller, *, gone: bool) -> None:
        self.leave(caller)
        caller.close(gone)
