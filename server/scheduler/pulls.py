"""Who waits for work that is pulled (no I/O): the user's own runners ask, and are given what is next in the same order.

A batch whose tasks are pulled takes part in its office's ring only while somebody asks who may have it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from server.model import Work

PULLS_MAX = 100
"""How many requests of one office may wait at a time; said as `waiting_leases_max`."""


@dataclass(slots=True, eq=False)
class Pull:
    """One request for work: at most `left` more executions, of one batch or of any.

    `given` is called once there is some, or nothing is to be waited for: for one that is not `patient` after the first
    cycle that looked. `closed`: whoever asked waits no longer; what comes too late goes back.
    """

    batch: str | None
    left: int
    patient: bool
    given: Callable[[], None]
    got: list[Work] = field(default_factory=list)
    closed: bool = False

    def looked_at(self) -> None:
        """A cycle has looked, and what it gave is in `got`."""
        if self.got or not self.patient:
            self.given()

    def hurry(self) -> None:
        """Wait no longer for what is not there."""
        self.patient = False
        self.given()

    def wants(self, batch: str) -> bool:
        """Whether it may have one more execution of this batch."""
        return self.left > 0 and not self.closed and self.batch in {None, batch}
