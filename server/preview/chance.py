"""Chance that repeats: the same seed gives the same planks and confetti, here and in the page (mulberry32)."""

_32 = 0xFFFFFFFF


class Chance:
    """Numbers from 0 to below 1, as `assets/chance.ts` gives them for the same seed."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _32

    def next(self) -> float:
        """The next number."""
        self._state = (self._state + 0x6D2B79F5) & _32
        state = self._state
        mixed = ((state ^ (state >> 15)) * (1 | state)) & _32
        mixed = ((mixed + (((mixed ^ (mixed >> 7)) * (61 | mixed)) & _32)) & _32) ^ mixed
        return ((mixed ^ (mixed >> 14)) & _32) / 4294967296
