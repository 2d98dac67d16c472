"""How long the answers of a batch have been, so that a desk can show how far one is. Never more than was seen."""

from collections import OrderedDict, deque

BATCHES_MAX = 1_000
ANSWERS_KEPT = 32
ANSWERS_ENOUGH = 3
"""Of fewer answers nothing is concluded."""
PERMILLE_MAX = 950
"""An answer that is longer than the others were is not done for that."""


class Lengths:
    """Keeps the lengths of each batch's latest answers, in tokens as `Answer` counts them."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, deque[int]] = OrderedDict()

    def add(self, batch: str, tokens: int) -> None:
        """An answer of this batch was so long."""
        self._seen.setdefault(batch, deque(maxlen=ANSWERS_KEPT)).append(tokens)
        self._seen.move_to_end(batch)
        if len(self._seen) > BATCHES_MAX:
            self._seen.popitem(last=False)

    def expected(self, batch: str) -> int | None:
        """How long the next one will be by the mean of those before; None: too few were seen."""
        seen = self._seen.get(batch, ())
        return max(round(sum(seen) / len(seen)), 1) if len(seen) >= ANSWERS_ENOUGH else None


def permille(tokens: int, expected: int) -> int:
    """How much of an answer of that expected length is there."""
    return min(1000 * tokens // expected, PERMILLE_MAX)
