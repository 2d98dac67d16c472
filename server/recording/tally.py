"""How many executions began and ended in each ten seconds, counted from frames of the full view (p)."""

from collections import Counter
from collections.abc import Iterator

from server.recording.parts import entries, number, part
from simulation.desk import RUNNING
from simulation.fields import State
from simulation.snapshot import shown_max

tally_ms = 10_000
"""How long a tally counts."""


class Tally:
    """Counts from `from_ms` on, for `tally_ms`; `running` executions run to begin with.

    Ends are counted for each batch in two ways, and the larger count holds: executions that were seen and no longer are
    (which leaves out what nobody saw, upstairs behind the twentieth or within one tick), and what the batch says has
    ended (which leaves out whatever is tried again). Starts follow from that and from how many run.
    """

    def __init__(self, from_ms: int, running: int) -> None:
        self.from_ms = from_ms
        self.to_ms = from_ms + tally_ms
        self._running = running
        self._left: Counter[str] = Counter()
        self._settled: Counter[str] = Counter()

    def over(self, at_ms: int) -> bool:
        """Whether a moment is no longer one that this tally counts; one before it, too: the clock was set back."""
        return not self.from_ms <= at_ms < self.to_ms

    def next(self, at_ms: int, running: int) -> "Tally":
        """The tally that counts at a moment, whole tallies after this one."""
        whole = max(0, at_ms - self.from_ms) // tally_ms
        return Tally(self.from_ms + whole * tally_ms if whole else at_ms, running)

    def count(self, before: State, after: State) -> None:
        """Take one step from a state to the next."""
        if before.get("desks") is not after.get("desks") or before.get("overflow") is not after.get(
            "overflow"
        ):
            self._left.update(_left(before, after))
        if before.get("batches") is not after.get("batches"):
            self._settled.update(_settled(before, after))

    def close(self, running: int) -> tuple[int, int]:
        """How many began and how many ended, `running` executions running in the end."""
        ends = sum((self._left | self._settled).values())
        starts = ends + running - self._running
        # Fewer may run by more than was seen to end: then that many ended.
        return max(0, starts), ends - min(0, starts)


def running_of(state: State) -> int:
    """How many executions run in a state."""
    return number(part(state, "office"), "running")


def _left(before: State, after: State) -> Iterator[str]:
    """The batch of each execution that was seen to run and no longer is."""
    seen = _running(after)
    youngest = _youngest(after)
    for execution, (batch, since_ms) in _running(before).items():
        if execution not in seen and (youngest is None or (since_ms, execution) < youngest):
            yield batch


def _running(state: State) -> dict[str, tuple[str, int]]:
    """Each execution that is seen to run, with its batch and since when; those at desks count as oldest."""
    shown = entries(part(state, "overflow"), "shown")
    found = {execution: (str(entry.get("batch")), number(entry, "since")) for execution, entry in shown}
    for _, desk in entries(state, "desks"):
        if str(desk.get("activity")) in RUNNING:
            found[str(desk.get("execution"))] = (str(desk.get("batch")), -1)
    return found


def _youngest(state: State) -> tuple[int, str] | None:
    """The youngest that is shown upstairs if some are not: what is younger still may run there, unseen."""
    overflow = part(state, "overflow")
    if number(overflow, "count") <= shown_max:
        return None
    shown = ((number(entry, "since"), execution) for execution, entry in entries(overflow, "shown"))
    return max(shown, default=None)


def _settled(before: State, after: State) -> dict[str, int]:
    """How many tasks of each batch ended by what it says itself."""
    known = dict(entries(before, "batches"))
    ended: dict[str, int] = {}
    for batch, figures in entries(after, "batches"):
        old = known.get(batch)
        if old is not None and old is not figures:
            ended[batch] = sum(
                max(0, number(figures, name) - number(old, name)) for name in ("done", "failed")
            )
    return ended
