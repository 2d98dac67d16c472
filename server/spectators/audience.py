"""Who watches by which link: how many, how many there may be, and the end of those whose link has ended.

What ended in this process is remembered for a while, because a socket may have been looked up just before and come in
just after.
"""

from collections.abc import Callable, Collection

from server.clock import Clock, Timer
from server.errors import LinkEndedError
from server.model import Link

look_ms_max = 60_000
"""The wall clock may be set, and a machine may sleep: ends are looked for this often at least."""
ends_max = 10_000
"""So many links' ends are remembered; those of the last seconds would do."""


class Seat:
    """One socket's place; `close` ends the socket, and is called once at most."""

    __slots__ = ("close", "edition", "link", "until_ms")

    def __init__(self, link: Link, until_ms: int, close: Callable[[], None]) -> None:
        self.link = link.id
        self.edition = link.edition
        self.until_ms = until_ms
        self.close = close


class Audience:
    """All sockets that came by links, of the whole process. Every call returns at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seats: dict[str, set[Seat]] = {}
        self._ends: dict[str, dict[int, int]] = {}  # by link and the first edition that is spared
        self._shut: set[str] = set()  # links of accounts that are suspended, or about to be deleted
        self._timer: Timer | None = None
        self._due_ms = 0

    def enter(self, link: Link, close: Callable[[], None]) -> Seat | None:
        """Give a socket its place, which is taken from it when its link ends; None: there are too many already.

        To be called in the step in which the link was looked up, or later.

        Raises:
            LinkEndedError: it has ended meanwhile.
        """
        until_ms = min([link.expires_ms, *self._ends_of(link)])
        now_ms = self._clock.now_ms()
        if until_ms <= now_ms or link.id in self._shut:
            raise LinkEndedError
        seats = self._seats.setdefault(link.id, set())
        if link.viewers_max is not None and len(seats) >= link.viewers_max:
            return None
        seat = Seat(link, until_ms, close)
        seats.add(seat)
        self._arm(until_ms, now_ms)
        return seat

    def leave(self, seat: Seat) -> None:
        """A socket is gone; harmless when its place was taken from it."""
        seats = self._seats.get(seat.link, set())
        seats.discard(seat)
        if not seats:
            self._seats.pop(seat.link, None)

    def count(self, link: str) -> int:
        """How many watch by a link now."""
        return len(self._seats.get(link, ()))

    def end(self, link: str, *, below: int, until_ms: int) -> None:
        """A link's editions below this one end at a moment; those that ended by now are closed in this step."""
        ends = self._ends[link] = self._ends.pop(link, {})
        ends[below] = min(until_ms, ends.get(below, until_ms))
        while len(self._ends) > ends_max:
            del self._ends[next(iter(self._ends))]
        for seat in self._seats.get(link, ()):
            if seat.edition < below:
                seat.until_ms = min(seat.until_ms, until_ms)
        self._look()

    def shut(self, links: Collection[str]) -> None:
        """Nobody watches by these links until they are opened again; who does is closed in this step."""
        self._shut |= {*links}
        seats = [seat for link in links for seat in self._seats.get(link, ())]
        for seat in seats:
            self.leave(seat)
        for seat in seats:
            seat.close()

    def open(self, links: Collection[str]) -> None:
        """These links may be watched by again."""
        self._shut -= {*links}

    def _ends_of(self, link: Link) -> list[int]:
        ends = self._ends.get(link.id, {})
        return [until_ms for below, until_ms in ends.items() if link.edition < below]

    def _look(self) -> None:
        """Close whoever's time is over, and look again when the next one's is."""
        now_ms = self._clock.now_ms()
        over = [seat for seats in self._seats.values() for seat in seats if seat.until_ms <= now_ms]
        for seat in over:
            self.leave(seat)
        for seat in over:
            seat.close()
        soonest = min((seat.until_ms for seats in self._seats.values() for seat in seats), default=None)
        self._call_off()
        if soonest is not None:
            self._arm(soonest, now_ms)

    def _arm(self, until_ms: int, now_ms: int) -> None:
        due_ms = min(until_ms, now_ms + look_ms_max)
        if self._timer is not None and self._due_ms <= due_ms:
            return
        self._call_off()
        self._due_ms = due_ms
        self._timer = self._clock.call_later(due_ms - now_ms, self._look)

    def _call_off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
