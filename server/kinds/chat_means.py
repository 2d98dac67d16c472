"""With what a chat is asked: a key of the user's own where there is one, else the platform's; and by which way out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.errors import InvalidInputError
from server.kinds.chat_provider import Provider, own_provider, platform_provider
from server.kinds.ends import failed
from server.kinds.outbound import Outbound
from server.kinds.own_keys import OwnKey, OwnKeys
from server.model import Outcome, Reason, Work
from server.settings import Mode, Settings

if TYPE_CHECKING:
    import httpcore2
    import httpx2


class NoProviderError(InvalidInputError):
    """There is nobody to ask: neither the operator nor the user has seen to that."""

    def outcome(self) -> Outcome:
        """The end of an execution that met it: its task goes back, and the batch pauses and says why."""
        return failed(Reason.INVALID, self.detail, retryable=False, halts=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """Whom to ask, by which client, and with which own key; None: with the platform's."""

    provider: Provider
    client: "httpx2.AsyncClient" = field(repr=False)
    own: OwnKey | None


class ChatMeans:
    """Finds the means of one request at a time, and remembers none. Own keys go only where the public internet is."""

    def __init__(
        self,
        settings: Settings,
        own_keys: OwnKeys | None,
        backend: "Callable[[], httpcore2.AsyncNetworkBackend] | None" = None,
    ) -> None:
        self._own_keys = own_keys
        self._platform = platform_provider(settings)
        self._platform_way = Outbound(settings.running_max)
        hosted = settings.mode is Mode.HOSTED
        self._own_way = Outbound(settings.running_max, backend or (_pinned if hosted else None))

    def check(self) -> None:
        """Raise NoProviderError where nobody at all could be asked."""
        if self._platform is None and (self._own_keys is None or not self._own_keys.some):
            raise _nobody()

    async def find(self, work: Work) -> Means:
        """Return the means of the next request.

        Raises:
            OwnKeyError: there is an own key for it that cannot be used.
            NoProviderError: there is neither an own key nor a platform's.
        """
        own = None
        if self._own_keys is not None:
            own = await self._own_keys.find(work.account, work.params.get("provider"))
        if own is not None:
            return Means(provider=own_provider(own), client=await self._own_way.client(), own=own)
        if self._platform is None:
            raise _nobody()
        return Means(provider=self._platform, client=await self._platform_way.client(), own=None)

    async def accepted(self, means: Means) -> None:
        """There was an answer."""
        if means.own is not None and self._own_keys is not None:
            await self._own_keys.accepted(means.own)

    async def rejected(self, means: Means) -> None:
        """The provider does not accept the key."""
        if means.own is not None and self._own_keys is not None:
            await self._own_keys.rejected(means.own)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._platform_way.aclose()
        await self._own_way.aclose()


def _nobody() -> NoProviderError:
    return NoProviderError(
        "chat: expected a provider to ask, got none: add a key of your own, or the operator sets"
        " TENDESKS_CHAT_BASE_URL, https://api.openai.com/v1 for example, and TENDESKS_CHAT_API_KEY"
    )


def _pinned() -> "httpcore2.AsyncNetworkBackend":
    from server.kinds.pinned import PinnedBackend  # noqa: PLC0415

    return PinnedBackend()
