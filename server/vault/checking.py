"""Whether a provider accepts a key: one cheap question before it is stored, and never again."""

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from server.clock import Clock
from server.errors import KeyRefusedError, TooManyError, UnavailableError
from server.kinds.chat_provider import models_url, provider
from server.kinds.deadline import Deadline
from server.kinds.outbound import Outbound, reaching
from server.settings import Mode, Settings

if TYPE_CHECKING:
    import httpcore2

ANSWER_MS = 10_000
checks_per_minute_max = 10
CHECKS_AT_ONCE = 20
ACCOUNTS_MAX = 10_000
MINUTE_MS = 60_000
_ACCEPTED = range(200, 300)
_REFUSED = 401


class Checking:
    """Asks providers whether they accept a key. In hosted mode only those on the public internet are asked."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        backend: "Callable[[], httpcore2.AsyncNetworkBackend] | None" = None,
    ) -> None:
        self._clock = clock
        hosted = settings.mode is Mode.HOSTED
        self._outbound = Outbound(CHECKS_AT_ONCE, backend or (_pinned if hosted else None))
        self._asked: OrderedDict[str, deque[int]] = OrderedDict()

    async def accepted(self, account: str, base: str, secret: str) -> bool:
        """Ask for the list of models; True: the key is good, False: nobody can tell now.

        Only 401 is a refusal: a 403 may mean that this key is not to list models, a 404 that there is no such list, and
        a server that is down today may be there tomorrow.

        Raises:
            KeyRefusedError: the provider does not accept it.
            InvalidInputError: the host is none that may be asked.
            TooManyError: this account has asked too often.
        """
        self._count(account)
        asked = provider(base, secret, whose="own")
        slow = f"{asked.host} took longer than {ANSWER_MS // 1000} s"
        try:
            with reaching(asked.host):
                async with Deadline(self._clock, ANSWER_MS, slow):
                    client = await self._outbound.client()
                    headers = {**asked.headers, "accept": "application/json"}
                    async with client.stream("GET", models_url(base), headers=headers) as response:
                        status = response.status_code
        except UnavailableError:
            return False
        if status == _REFUSED:
            raise KeyRefusedError(f"{asked.host} does not accept this key ({status}); nothing was stored")
        return status in _ACCEPTED

    async def aclose(self) -> None:
        """Close all connections."""
        await self._outbound.aclose()

    def _count(self, account: str) -> None:
        """Nobody may find out with our help which of many keys are good ones."""
        now_ms = self._clock.monotonic_ms()
        asked = self._asked.setdefault(account, deque())
        self._asked.move_to_end(account)
        while len(self._asked) > ACCOUNTS_MAX:
            self._asked.popitem(last=False)
        while asked and asked[0] <= now_ms - MINUTE_MS:
            asked.popleft()
        if len(asked) >= checks_per_minute_max:
            raise TooManyError(
                f"expected at most {checks_per_minute_max} keys to be checked a minute (checks_per_minute_max)"
            )
        asked.append(now_ms)


def _pinned() -> "httpcore2.AsyncNetworkBackend":
    from server.kinds.pinned import PinnedBackend  # noqa: PLC0415

    return PinnedBackend()
