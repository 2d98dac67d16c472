"""How often something may be tried (p): so many times in a while, counted by a name such as an address.

Memory is bounded: the names longest unheard of are forgotten first, once there are more than `names_max`.
"""

import math
from ipaddress import IPv6Address, ip_address, ip_network

from server.settings import Mode

names_max = 20_000
address_length_max = 64
"""A proxy that passes on what a client claims may call it anything."""
network_bits = 64
"""Who has one IPv6 address has all of its network."""


def address_of(client: str | None, mode: Mode) -> str | None:
    """Under which name what a client does is counted; None: it is not.

    In local mode the loopback is the owner, who must never be locked out of a house of his own. An IPv6 client counts
    as its network of 64 bits; what is no address (a proxy said so) counts as it is, and so does having none.
    """
    try:
        address = ip_address((client or "").partition("%")[0])
    except ValueError:
        return (client or "")[:address_length_max]
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback and mode is Mode.LOCAL:
        return None
    if isinstance(address, IPv6Address):
        return str(ip_network((address, network_bits), strict=False))
    return str(address)


class Bucket:
    """So many in a while, all of them at once if need be; they come back evenly. All counts are whole numbers."""

    __slots__ = ("_filled_ms", "_left", "_limit", "_within_ms")

    def __init__(self, limit: int, within_ms: int, now_ms: int) -> None:
        self._limit = limit
        self._within_ms = within_ms
        self._left = limit * within_ms
        self._filled_ms = now_ms

    def has_one(self, now_ms: int) -> bool:
        """Whether there is one left."""
        more = (now_ms - self._filled_ms) * self._limit
        self._left = min(self._left + more, self._limit * self._within_ms)
        self._filled_ms = now_ms
        return self._left >= self._within_ms

    def take(self, now_ms: int) -> bool:
        """Take one; False: there is none, and none is taken."""
        if not self.has_one(now_ms):
            return False
        self._left -= self._within_ms
        return True

    def wait_s(self, now_ms: int) -> int:
        """Seconds until there is one."""
        missing = 0 if self.has_one(now_ms) else self._within_ms - self._left
        return math.ceil(missing / self._limit / 1000)


class Attempts:
    """Tries of one kind, by name. Moments are those of the monotonic clock."""

    def __init__(self, limit: int, within_ms: int) -> None:
        self.limit = limit
        self.within_ms = within_ms
        self._buckets: dict[str, Bucket] = {}

    def take(self, name: str, now_ms: int) -> int:
        """Count one try; 0: it may be made, else the seconds until another one may."""
        bucket = self._at(name, now_ms)
        return 0 if bucket.take(now_ms) else bucket.wait_s(now_ms)

    def wait_s(self, name: str, now_ms: int) -> int:
        """Seconds until another try may be made; 0: now. Counts nothing."""
        return self._buckets[name].wait_s(now_ms) if name in self._buckets else 0

    def _at(self, name: str, now_ms: int) -> Bucket:
        bucket = self._buckets.pop(name, None) or Bucket(self.limit, self.within_ms, now_ms)
        if len(self._buckets) >= names_max:
            del self._buckets[next(iter(self._buckets))]
        self._buckets[name] = bucket
        return bucket
