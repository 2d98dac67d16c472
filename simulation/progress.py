"""How far an execution is, as a line that viewers draw on by themselves, and when it must be sent again."""

from dataclasses import dataclass

off_permille_max = 30
"""A drawn bar may differ from what is known by this much before the line is sent again."""
estimated_permille_max = 950
"""An estimated bar stops here: nobody has said that the work is done."""
assumed_ms = 60_000
"""How long a task takes while nothing has been measured."""
measured_ms_min = 1_000
"""A body's own speed counts once it has run for this long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """At ``at_ms``, ``permille`` of the work was done and ``remaining_ms`` were left; in between a straight line.

    ``reported`` says whether the body said so itself; else it follows from durations measured before.
    """

    at_ms: int
    permille: int
    remaining_ms: int
    reported: bool

    def drawn(self, now_ms: int) -> int:
        """Where the bar stands at a moment, 0 to 1000, as every viewer computes it."""
        most = 1000 if self.reported else estimated_permille_max
        if self.remaining_ms <= 0:
            return most
        elapsed_ms = max(0, now_ms - self.at_ms)
        line = self.permille + (1000 - self.permille) * elapsed_ms // self.remaining_ms
        return min(most, line)

    def left_ms(self, now_ms: int) -> int:
        """How long it still takes at a moment."""
        return max(0, self.remaining_ms - max(0, now_ms - self.at_ms))

    def rested(self, now_ms: int) -> "Progress":
        """The same bar and the same rest, counted from ``now_ms``."""
        return Progress(
            at_ms=now_ms,
            permille=self.drawn(now_ms),
            remaining_ms=self.left_ms(now_ms),
            reported=self.reported,
        )


def estimated(at_ms: int, estimate_ms: int | None) -> Progress | None:
    """The line of an execution that began at ``at_ms`` and is expected to take so long; none where nothing is known."""
    if estimate_ms is None:
        return None
    return Progress(at_ms=at_ms, permille=0, remaining_ms=max(0, estimate_ms), reported=False)


def reported(
    *, at_ms: int, permille: int, remaining_ms: int | None, elapsed_ms: int, estimate_ms: int | None
) -> Progress:
    """The line after a body's word. What it does not say of the time left follows from its own speed so far."""
    done = min(1000, max(0, permille))
    left_ms = remaining_ms
    if left_ms is None and done > 0 and elapsed_ms >= measured_ms_min:
        left_ms = elapsed_ms * (1000 - done) // done
    if left_ms is None:
        left_ms = (assumed_ms if estimate_ms is None else estimate_ms) * (1000 - done) // 1000
    return Progress(at_ms=at_ms, permille=done, remaining_ms=max(0, left_ms), reported=True)


def told(before: Progress | None, now: Progress) -> Progress:
    """The line viewers should hold: the one they have, unless its bar would be off by more than three points."""
    if before is None or before.reported != now.reported:
        return now
    off = abs(before.drawn(now.at_ms) - now.drawn(now.at_ms))
    return before if off <= off_permille_max else now
