"""The limits of a user's provider keys (pure): token buckets for requests and for tokens, learned from what answers say.

A bucket (Turner 1986, "New directions in communications") fills steadily up to a minute's worth; each request takes one
from the first and its tokens from the second, and may take what is not there yet: it then waits until it is. So turns
are given in order, and nobody asks twice.
"""

import math
from dataclasses import dataclass, field

from server.model import Allowance, RateFacts

HOLD_MS = 10_000
"""A wait of up to so long keeps slot and desk."""
WAIT_MAX_MS = 120_000
"""No wait is longer, whatever a provider says: then it is asked again."""
KEYS_MAX = 100
"""Of so many keys limits are known for one user; the one that was used longest ago is forgotten first."""
MINUTE_MS = 60_000
_SHARE_OF_NEW = 0.2  # how much the newest request counts in the mean of tokens


@dataclass(slots=True)
class Bucket:
    """So many a minute, of which `level` are there at `at_ms`; below 0 they are promised. `limit` None: not known."""

    limit: float | None = None
    level: float = 0.0
    at_ms: int = 0

    def learn(self, said: Allowance, now_ms: int) -> None:
        """Believe an answer: its limit, and what it says is left."""
        if said.limit is not None and said.limit > 0:
            self.level = float(said.limit) if self.limit is None else min(self.level, said.limit)
            self.limit = float(said.limit)
        if self.limit is None:
            return
        self._fill(now_ms)
        if said.remaining is not None:
            self.level = min(self.level, float(said.remaining))

    def ready_ms(self, count: float, now_ms: int) -> int:
        """When so many would be there. More than a minute's worth is never there: then a full bucket must do."""
        if self.limit is None or count <= 0:
            return now_ms
        self._fill(now_ms)
        missing = min(count, self.limit) - self.level
        return now_ms if missing <= 0 else now_ms + math.ceil(missing * MINUTE_MS / self.limit)

    def take(self, count: float, now_ms: int) -> None:
        """Take so many, or promise them."""
        if self.limit is not None:
            self._fill(now_ms)
            self.level -= count

    def _fill(self, now_ms: int) -> None:
        limit, passed_ms = self.limit or 0.0, max(0, now_ms - self.at_ms)
        self.level = min(limit, self.level + limit * passed_ms / MINUTE_MS)
        self.at_ms = max(self.at_ms, now_ms)


@dataclass(slots=True)
class Key:
    """One provider key: its two buckets, until when it is refused, and how many tokens a request took lately."""

    requests: Bucket = field(default_factory=Bucket)
    tokens: Bucket = field(default_factory=Bucket)
    refused_ms: int = 0
    mean_tokens: float = 0.0

    def ready_ms(self, tokens: float, now_ms: int) -> int:
        """When the next request of so many tokens may go out."""
        ready_ms = max(
            self.requests.ready_ms(1, now_ms), self.tokens.ready_ms(tokens, now_ms), self.refused_ms
        )
        return min(max(ready_ms, now_ms), now_ms + WAIT_MAX_MS)

    def take(self, tokens: float, now_ms: int) -> None:
        """Count a request, now or promised."""
        self.requests.take(1, now_ms)
        self.tokens.take(tokens, now_ms)


class Rates:
    """All keys of one user. A moment beside a key is that of its next request."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}

    def learn(self, name: str, facts: RateFacts, now_ms: int) -> None:
        """Believe what an answer said of a key."""
        key = self._key(name)
        key.requests.learn(facts.requests, now_ms)
        key.tokens.learn(facts.tokens, now_ms)
        if facts.retry_ms is not None:
            key.refused_ms = max(key.refused_ms, now_ms + min(max(facts.retry_ms, 0), WAIT_MAX_MS))

    def reserve(self, name: str, tokens: int, now_ms: int) -> tuple[bool, int]:
        """Give a request its turn: (True, its moment), or (False, when to ask again) where that is not within HOLD_MS."""
        key = self._key(name)
        if tokens:
            key.mean_tokens += _SHARE_OF_NEW * (tokens - key.mean_tokens) if key.mean_tokens else tokens
        ready_ms = key.ready_ms(tokens, now_ms)
        if ready_ms - now_ms > HOLD_MS:
            return False, ready_ms
        key.take(tokens, now_ms)
        return True, ready_ms

    def promise(self, name: str, now_ms: int) -> tuple[bool, int]:
        """Give a turn to an execution that is about to start, as if it asked for the mean of tokens. See `reserve`."""
        return self.reserve(name, round(self._key(name).mean_tokens), now_ms)

    def correct(self, name: str, tokens: int, now_ms: int) -> None:
        """The execution that was promised a turn asks for so many tokens instead of the mean."""
        key = self._key(name)
        key.tokens.take(tokens - round(key.mean_tokens), now_ms)

    def refused_ms(self, name: str) -> int:
        """Until when a provider wants to hear nothing from this key."""
        return self._key(name).refused_ms

    def _key(self, name: str) -> Key:
        key = self._keys.pop(name, None) or Key()
        self._keys[name] = key  # the one used last is last
        while len(self._keys) > KEYS_MAX:
            del self._keys[next(iter(self._keys))]
        return key
