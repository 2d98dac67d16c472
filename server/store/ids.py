"""Ids made by the server: twelve characters of base 36 that grow with time, so that indexes stay dense."""

import secrets
from collections.abc import Callable

from server.clock import Clock

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_EPOCH_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
_LOW_BITS = 20
_LENGTH = 12


def base36(number: int, length: int) -> str:
    """Write a non-negative number with `length` digits of base 36."""
    pairs = []
    for _ in range(0, length, 2):
        number, pair = divmod(number, 1296)
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))[-length:]


def first_id(moment_ms: int) -> str:
    """The id below which all are that were made before a moment."""
    return base36(max(0, moment_ms - _EPOCH_MS) << _LOW_BITS, _LENGTH)


class Ids:
    """A source of ids: 40 bits of milliseconds, then 20 bits that start at random and count up.

    Ids of one source are strictly increasing, also when the clock goes back. `start` picks the low bits of a new
    millisecond; tests hand over a constant.
    """

    def __init__(self, clock: Clock, start: Callable[[int], int] = secrets.randbelow) -> None:
        self._clock = clock
        self._start = start
        self._last = 0

    def new(self) -> str:
        """Return the next id, `[a-z0-9]{12}`."""
        self._last = self._next()
        return base36(self._last, _LENGTH)

    def many(self, count: int) -> list[str]:
        """Return the next ids, one after another in their order."""
        first = self._next()
        self._last = first + count - 1
        heads = {head: base36(head, _LENGTH - 2) for head in range(first // 1296, self._last // 1296 + 1)}
        return [heads[number // 1296] + _PAIRS[number % 1296] for number in range(first, first + count)]

    def _next(self) -> int:
        moment = self._clock.now_ms() - _EPOCH_MS
        if moment > self._last >> _LOW_BITS:
            return (moment << _LOW_BITS) + self._start(1 << (_LOW_BITS - 1))
        return self._last + 1
