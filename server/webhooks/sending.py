"""One attempt: a POST, and as much of its answer as is of use, which is the status."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from server.clock import Clock
from server.errors import InvalidInputError, UnavailableError
from server.kinds.deadline import Deadline
from server.kinds.outbound import Outbound, host_of, reaching
from server.kinds.wording import one_line, spoken
from server.settings import Mode, Settings
from server.webhooks.answer import Answer, answer_of
from server.webhooks.turns import deliveries_at_once_max

if TYPE_CHECKING:
    import httpcore2
    import httpx2

ANSWER_MS = 15_000
"""From the name's resolution to the last header of the answer."""
REST_MS = 1_000
rest_bytes_max = 16 * 1024
"""So much of an answer's body is read, so that the connection can be used again; nothing of it is kept."""
REASON_CHARACTERS = 200
INSIDE = "Its host is not on the public internet"


class Sender:
    """Sends to addresses of users. In hosted mode only to those on the public internet; redirects are followed in no mode."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        backend: "Callable[[], httpcore2.AsyncNetworkBackend] | None" = None,
        answer_ms: int = ANSWER_MS,
    ) -> None:
        self._clock = clock
        self._answer_ms = answer_ms
        self._hosted = settings.mode is Mode.HOSTED
        self._outbound = Outbound(deliveries_at_once_max, backend or (_pinned if self._hosted else None))

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send once; whatever goes wrong is an answer too."""
        answers: list[Answer] = []
        reason = None
        try:
            with reaching(host_of(url)):
                await self._ask(url, headers, body, answers)
        except UnavailableError as error:
            reason = _words(error.detail)
        except InvalidInputError:  # NotPublicError among them: which address its name has is not told
            reason = INSIDE if self._hosted else "Its address cannot be asked"
        if answers:
            return answers[0]  # what became of the rest of it does not matter
        return Answer(at_ms=self._clock.now_ms(), reason=reason)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._outbound.aclose()

    async def _ask(self, url: str, headers: Mapping[str, str], body: bytes, answers: list[Answer]) -> None:
        client = await self._outbound.client()
        sent = {**headers, "content-type": "application/json", "accept-encoding": "identity"}
        slow = f"It did not answer within {spoken(self._answer_ms)}"
        async with (
            Deadline(self._clock, self._answer_ms, slow) as deadline,
            client.stream("POST", url, content=body, headers=sent) as response,
        ):
            answers.append(answer_of(response.status_code, response.headers, self._clock.now_ms()))
            deadline.change(REST_MS)
            await _read(response)


async def _read(response: "httpx2.Response") -> None:
    """Read a body to its end, unless it is too long: then the connection is closed."""
    left = rest_bytes_max
    async for part in response.aiter_raw():
        left -= len(part)
        if left <= 0:
            return


def _words(detail: str) -> str:
    """Say it to somebody who looks after a receiver and not after this server."""
    if "CERTIFICATE_VERIFY_FAILED" in detail:
        return "Its certificate was not accepted"
    if "SSL" in detail or "TLS" in detail:
        return "No secure connection could be made to it"
    return one_line(detail, REASON_CHARACTERS).replace("the connection", "The connection", 1)


def _pinned() -> "httpcore2.AsyncNetworkBackend":
    from server.kinds.pinned import PinnedBackend  # noqa: PLC0415

    return PinnedBackend()
