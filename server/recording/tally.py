"""How many executions began and ended in each ten seconds, counted from frames of the full view (p)."""

from collections import Counter
from collections.abc import Iterator

from server.recording.parts import entries, moved, number, part
from simulation.desk import RUNNING
from simulation.fields import State
from simulation.snapshot import shown_max

tally_ms = 10_000
"""How long a tally counts."""


class Tally:
    """Counts from `from_ms` on, for `tally_ms`; `running` executions run to begin with. `first`: nothing is known of before.

    Ends are counted for each batch in two ways, and the larger count holds: executions that were seen and no longer are
    (which leaves out what nobody saw, upstairs behind the twentieth or within one tick), and what the batch says has
    ended (which leaves out whatever is tried again). Starts follow from that and from how many run.
    """

    def __init__(self, from_ms: int, running: int, *, first: bool = False) -> None:
        self.first = first
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
        self._left.update(_left(before, after))
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


def _left(before: State, after: State) -> list[str]:
    """The batch of each execution that was seen to run and no longer is."""
    gone = dict(_gone(before, after))
    if not gone:
        return []
    seen = {desk.get("execution") for _, desk in entries(after, "desks") if _runs(desk)}
    seen |= part(part(after, "overflow"), "shown").keys()
    youngest = _youngest(after)
    return [
        str(entry.get("batch"))
        for execution, entry in gone.items()
        if execution not in seen
        and (_runs(entry) or youngest is None or (number(entry, "since"), execution) < youngest)
    ]


def _gone(before: State, after: State) -> Iterator[tuple[str, State]]:
    """Each execution that was seen to run at a desk, or shown upstairs, and is not there any more."""
    for _, old, desk in moved(before, after, "desks"):
        if old is not None and _runs(old) and not (_runs(desk) and old["execution"] == desk["execution"]):
            yield old["execution"], old
    was, now = part(before, "overflow"), part(after, "overflow")
    if was is not now:
        shown = part(now, "shown")
        yield from (known for known in entries(was, "shown") if known[0] not in shown)


def _runs(desk: State) -> bool:
    return str(desk.get("activity")) in RUNNING and isinstance(desk.get("execution"), str)


def _youngest(state: State) -> tuple[int, str] | None:
    """The youngest that is shown upstairs if some are not: what is younger still may run there, unseen."""
    overflow = part(state, "overflow")
    if number(overflow, "count") <= shown_max:
        return None
    shown = ((number(entry, "since"), execution) for execution, entry in entries(overflow, "shown"))
    return max(shown, default=None)


def _settled(before: State, after: State) -> dict[str, int]:
    """How many tasks of each batch ended by what it says itself."""
    return {
        batch: sum(max(0, number(figures, name) - number(old, name)) for name in ("done", "failed"))
        for batch, old, figures in moved(before, after, "batches")
        if old is not None
    }
