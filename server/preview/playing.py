"""A recording played from moment to moment (p): each state from the one before, a segment unpacked once."""

from collections.abc import Iterable, Iterator

from server.recording.file import RecordingFile
from server.recording.frame import moment_ms
from server.recording.playback import at_moment
from server.recording.segment import read
from simulation.fields import State
from simulation.patch import apply


class Playing:
    """What a recording shows at moments that do not go back."""

    def __init__(self, file: RecordingFile) -> None:
        self._file = file
        self._n: int | None = None
        self._state: State = {}
        self._left: list[tuple[int, State]] = []

    def at(self, now_ms: int) -> State | None:
        """The state at a moment that is not before the last one asked for; None where nothing is known.

        Raises DamagedError as `RecordingFile.lines`.
        """
        n = at_moment(self._file.segments, now_ms)
        if n is None:
            return None
        if n != self._n:
            self._begin(n)
        while self._left and self._left[-1][0] <= now_ms:
            _, patch = self._left.pop()
            self._state = apply(self._state, patch)
        return self._state

    def _begin(self, n: int) -> None:
        keyframe, diffs = read(self._file.lines(n))
        hz = self._file.header.hz
        self._n, self._state = n, keyframe.state
        self._left = [(moment_ms(keyframe, diff.tick, hz), diff.patch) for diff in reversed(diffs)]


def played(file: RecordingFile, moments: Iterable[int]) -> Iterator[tuple[int, State]]:
    """The moments of which something is known, with what was shown. Raises as `Playing.at`."""
    playing = Playing(file)
    for now_ms in moments:
        state = playing.at(now_ms)
        if state is not None:
            yield now_ms, state
