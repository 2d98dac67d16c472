"""Which office is due next (p): a heap with at most one valid entry for each."""

from heapq import heapify, heappop, heappush


class Agenda:
    """Moments in monotonic milliseconds, by office.

    An entry that was replaced by an earlier one stays in the heap until it comes up or until they outnumber the valid
    ones; so moving an office costs one push, and memory grows with offices only.
    """

    def __init__(self) -> None:
        self._due: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._due)

    def put(self, office: str, due_ms: int) -> None:
        """Bring the office up at `due_ms` at the latest; an earlier entry of it stays, and asks again then."""
        known = self._due.get(office)
        if known is not None and known <= due_ms:
            return
        self._due[office] = due_ms
        heappush(self._heap, (due_ms, office))
        if len(self._heap) > 4 * len(self._due) + 64:
            self._heap = [(moment, name) for name, moment in self._due.items()]
            heapify(self._heap)

    def drop(self, office: str) -> None:
        """Never bring it up."""
        self._due.pop(office, None)

    def take(self, now_ms: int) -> str | None:
        """The office that has been due for longest, taken off; None when none is due by now."""
        next_ms = self.next_ms()
        if next_ms is None or next_ms > now_ms:
            return None
        office = heappop(self._heap)[1]
        del self._due[office]
        return office

    def next_ms(self) -> int | None:
        """When the next office is due."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None
