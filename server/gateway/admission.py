"""How much one address and one account may ask of the live socket (p): sockets at once, handshakes and failed hellos a minute.

Memory is bounded: addresses that have no socket open are forgotten, the ones longest unheard of first, once there are
more than `addresses_max`. Who commands more addresses than that gets by, and is known by `viewers_max` alone.
"""

from dataclasses import dataclass

from server.accounts.attempts import Bucket
from server.gateway.close import Close, End
from server.model import Identity, Role
from server.settings import Settings

MINUTE_MS = 60_000
addresses_max = 20_000
refusals_told_max = 30
"""A minute and address. Who goes on all the same is refused in HTTP, which costs no socket that waits for its close."""
passed_over_max = 16
"""So many addresses with open sockets are passed over in search of one to forget."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """See the settings of the same names."""

    sockets_per_address_max: int
    handshakes_per_minute_max: int
    failed_hellos_per_minute_max: int
    sockets_per_account_max: int


def limits_of(settings: Settings) -> Limits:
    """What the operator allows."""
    return Limits(
        sockets_per_address_max=settings.sockets_per_address_max,
        handshakes_per_minute_max=settings.handshakes_per_minute_max,
        failed_hellos_per_minute_max=settings.failed_hellos_per_minute_max,
        sockets_per_account_max=settings.sockets_per_account_max,
    )


class Admission:
    """Counts for the whole process. Each socket has one `Stay`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._addresses: dict[str, _Address] = {}
        self._accounts: dict[str, int] = {}

    def stay(self, address: str | None) -> "Stay":
        """One socket of this address, as `address_of` gives it, before anything was asked of it."""
        return Stay(self, address)

    def at(self, address: str, now_ms: int) -> "_Address":
        """What is known of an address; it is heard of now."""
        known = self._addresses.pop(address, None)
        if known is None:
            self._make_room()
            known = _Address(
                handshakes=Bucket(self.limits.handshakes_per_minute_max, MINUTE_MS, now_ms),
                failures=Bucket(self.limits.failed_hellos_per_minute_max, MINUTE_MS, now_ms),
                refusals=Bucket(refusals_told_max, MINUTE_MS, now_ms),
            )
        self._addresses[address] = known
        return known

    def refused(self, address: str, now_ms: int) -> tuple[str, int] | None:
        """Whether an address has said too often that it is somebody we do not know: why, and for how many seconds."""
        failures = self.at(address, now_ms).failures
        if failures.has_one(now_ms):
            return None
        limit, wait_s = self.limits.failed_hellos_per_minute_max, failures.wait_s(now_ms)
        text = f"failed_hellos_per_minute_max: expected at most {limit} a minute"
        return f"{text} from one address; come back in {wait_s} s", wait_s

    def failed(self, address: str, now_ms: int) -> None:
        """It said so once more."""
        self.at(address, now_ms).failures.take(now_ms)

    def enter(self, account: str) -> bool:
        """One socket more of an account; False: it has too many."""
        count = self._accounts.get(account, 0)
        if count >= self.limits.sockets_per_account_max:
            return False
        self._accounts[account] = count + 1
        return True

    def leave(self, account: str) -> None:
        """One socket less."""
        self._accounts[account] -= 1
        if not self._accounts[account]:
            del self._accounts[account]

    def _make_room(self) -> None:
        if len(self._addresses) < addresses_max:
            return
        for _ in range(passed_over_max):
            oldest = next(iter(self._addresses))
            known = self._addresses.pop(oldest)
            if not known.sockets:
                return
            self._addresses[oldest] = known


class Stay:
    """What one socket has been counted for. Each step is refused with the limit, and when to come back."""

    __slots__ = ("_account", "_address", "_admission", "_known")

    def __init__(self, admission: Admission, address: str | None) -> None:
        self._admission = admission
        self._address = address
        self._known: _Address | None = None
        self._account: str | None = None

    def unwelcome(self, now_ms: int) -> bool:
        """It has been told often enough: not even the handshake is to be done."""
        if self._address is None:
            return False
        return not self._admission.at(self._address, now_ms).refusals.has_one(now_ms)

    def begin(self, now_ms: int) -> End | None:
        """The handshake is done."""
        if self._address is None:
            return None
        known = self._admission.at(self._address, now_ms)
        refused = self._count(known, now_ms)
        if refused is not None:
            known.refusals.take(now_ms)
        return refused

    def _count(self, known: "_Address", now_ms: int) -> End | None:
        limits = self._admission.limits
        if not known.handshakes.take(now_ms):
            name, limit = "handshakes_per_minute_max", limits.handshakes_per_minute_max
            return _later(f"{name}: expected at most {limit} a minute", known.handshakes.wait_s(now_ms))
        if known.sockets >= limits.sockets_per_address_max:
            return _too_many(
                f"sockets_per_address_max: expected at most {limits.sockets_per_address_max} at once"
            )
        known.sockets += 1
        self._known = known
        return None

    def hello(self, now_ms: int) -> End | None:
        """It says who it is, and is about to be looked up."""
        if self._known is None or self._address is None:
            return None
        refused = self._admission.refused(self._address, now_ms)
        return None if refused is None else End(close=Close.TOO_MANY, detail=refused[0])

    def failed(self, now_ms: int) -> None:
        """It is nobody we know."""
        if self._known is not None and self._address is not None:
            self._admission.failed(self._address, now_ms)

    def enter(self, identity: Identity) -> End | None:
        """It is known. Guests come by links, of which each has a limit of its own."""
        if self._known is None or identity.role is Role.GUEST:
            return None
        if not self._admission.enter(identity.account):
            limit = self._admission.limits.sockets_per_account_max
            return _too_many(f"sockets_per_account_max: expected at most {limit} at once")
        self._account = identity.account
        return None

    def end(self) -> None:
        """The socket is gone; harmless when it was never let in."""
        if self._known is not None:
            self._known.sockets -= 1
            self._known = None
        if self._account is not None:
            self._admission.leave(self._account)
            self._account = None


@dataclass(kw_only=True, slots=True)
class _Address:
    """What is counted for one address."""

    handshakes: Bucket
    failures: Bucket
    refusals: Bucket
    sockets: int = 0


def _later(text: str, wait_s: int) -> End:
    return End(close=Close.TOO_MANY, detail=f"{text} from one address; come back in {wait_s} s")


def _too_many(text: str) -> End:
    return End(close=Close.TOO_MANY, detail=f"{text}; close one first")
