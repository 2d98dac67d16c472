"""The newest diffs of a stream (p), kept for viewers that come back."""

from collections import deque


class Ring:
    """Encoded diffs with the numbers up to `seq`, without a gap; the oldest leave first."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.size = 0
        self._diffs: deque[bytes] = deque()

    def push(self, diff: bytes) -> None:
        """Take the diff `seq + 1`."""
        self.seq += 1
        self._diffs.append(diff)
        self.size += len(diff)

    def trim(self, bytes_max: int) -> None:
        """Let go of the oldest until all together are within `bytes_max`."""
        while self.size > bytes_max:
            self.size -= len(self._diffs.popleft())

    def since(self, seq: int) -> tuple[bytes, ...] | None:
        """The diffs `seq + 1` to the newest; None if one of them is gone, or `seq` never was."""
        missing = self.seq - seq
        if not 0 <= missing <= len(self._diffs):
            return None
        return tuple(self._diffs)[len(self._diffs) - missing :]
