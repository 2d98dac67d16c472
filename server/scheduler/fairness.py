"""Which one gets the next free slot (pure): the smallest share of what is running, on a tie the oldest turn.

The same ring orders the batches of an office and the offices of a process. Max-min fairness as in weighted fair
queueing, counted in slots instead of bytes: nobody's running ÷ weight can grow while somebody's is smaller.
"""

import heapq

SPARE = 64


def share_of(running: int, weight: int) -> float:
    """Return running ÷ weight. Equal ratios give equal floats, as division rounds correctly (IEEE 754)."""
    return running / weight


class Ring:
    """Those that could start something now, by (share, turn). Each change and each choice costs O(log n).

    A change leaves the old entry in the heap; it is thrown away when it surfaces, or when too many have gathered.
    """

    def __init__(self) -> None:
        self._keys: dict[str, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, str]] = []

    def put(self, name: str, share: float, turn: int) -> None:
        """Let `name` take part, with this share and turn from now on."""
        key = (share, turn)
        if self._keys.get(name) == key:
            return
        self._keys[name] = key
        heapq.heappush(self._heap, (share, turn, name))
        if len(self._heap) > 2 * len(self._keys) + SPARE:
            self._heap = [(share, turn, name) for name, (share, turn) in self._keys.items()]
            heapq.heapify(self._heap)

    def drop(self, name: str) -> None:
        """Let `name` take part no longer; harmless when it does not."""
        self._keys.pop(name, None)

    def first(self) -> str | None:
        """Return who is next, or None when nobody takes part."""
        while self._heap:
            share, turn, name = self._heap[0]
            if self._keys.get(name) == (share, turn):
                return name
            heapq.heappop(self._heap)
        return None

    def __contains__(self, name: str) -> bool:
        return name in self._keys

    def __len__(self) -> int:
        return len(self._keys)
