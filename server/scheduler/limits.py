"""Where executions ask for their turn at a provider's key, and what follows when there is none soon."""

from functools import partial

from server.model import RateFacts
from server.scheduler.engine import Engine
from server.scheduler.index import Batch, Office, Running
from server.scheduler.rate import HOLD_MS


class Limits:
    """The limits of all users of this process. Moments are monotonic here; what is shown is of the wall clock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def reserve(self, running: Running, key: str, tokens: int) -> int | None:
        """Give a request its turn: the milliseconds to wait, or None. See Report."""
        office, now_ms = self._engine.index.offices[running.office], self._engine.clock.monotonic_ms()
        promised, moment_ms = self._promised(office, running, key, tokens, now_ms)
        if not promised:
            given, moment_ms = office.rates.reserve(key, tokens, now_ms)
            if not given:
                self._shut(office, key, moment_ms)
                return None
        return max(0, moment_ms - now_ms)

    def learn(self, running: Running, key: str, facts: RateFacts) -> None:
        """Believe what an answer said; a refusal for longer than a slot is held shuts the key for everyone."""
        office, now_ms = self._engine.index.offices[running.office], self._engine.clock.monotonic_ms()
        self._uses(office, running.batch, key)
        office.rates.learn(key, facts, now_ms)
        refused_ms = office.rates.refused_ms(key)
        if refused_ms - now_ms > HOLD_MS:
            self._shut(office, key, refused_ms)

    def await_room(self, office: Office, key: str, moment_ms: int) -> None:
        """Open a key that is shut again at this moment, unless it is shut for longer by then."""
        delay_ms = moment_ms - self._engine.clock.monotonic_ms()
        self._engine.clock.call_later(delay_ms, partial(self._open, office.id, key, office.shut[key]))

    def _promised(
        self, office: Office, running: Running, key: str, tokens: int, now_ms: int
    ) -> tuple[bool, int]:
        """Use the turn that was reserved when it was admitted, unless the key was refused since for too long."""
        moment_ms, running.turn_ms = running.turn_ms, None
        same = running.batch.rate_key == key
        self._uses(office, running.batch, key)
        if moment_ms is None or not same:
            return False, 0
        office.rates.correct(key, tokens, now_ms)
        moment_ms = max(moment_ms, office.rates.refused_ms(key))
        return moment_ms - now_ms <= HOLD_MS, moment_ms

    def _uses(self, office: Office, batch: Batch, key: str) -> None:
        """A batch asks with this key: if that is news, it is held back by what shuts this one, and by no other."""
        if batch.rate_key == key:
            return
        looked = key in office.shut or batch.rate_key in office.shut
        batch.rate_key = key
        if looked:
            self._look_at(office)

    def _shut(self, office: Office, key: str, moment_ms: int) -> None:
        """Start nothing more that needs this key before then."""
        clock = self._engine.clock
        until_ms = clock.now_ms() + moment_ms - clock.monotonic_ms()
        if office.shut.get(key, 0) >= until_ms:
            return
        office.shut[key] = until_ms
        self.await_room(office, key, moment_ms)
        self._look_at(office)

    def _open(self, office_id: str, key: str, until_ms: int) -> None:
        """It was shut until then; who starts now waits at its desk if a provider has refused for a little longer."""
        office = self._engine.index.offices.get(office_id)
        if office is not None and office.shut.get(key) == until_ms:
            del office.shut[key]
            self._look_at(office)

    def _look_at(self, office: Office) -> None:
        self._engine.index.offer_all(office)
        self._engine.look_at(office)
