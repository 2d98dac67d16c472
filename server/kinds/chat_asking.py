"""One request for a chat completion, from the first byte out to the last one in."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from server.errors import UnavailableError
from server.kinds.chat_answer import Answer
from server.kinds.chat_provider import Provider
from server.kinds.chat_refusal import NOT_ACCEPTED, error_of, is_rate_limit, outcome_of, status_within
from server.kinds.chat_telling import Telling
from server.kinds.contract import Context
from server.kinds.deadline import Deadline
from server.kinds.outbound import reaching, start_of
from server.kinds.ratefacts import facts_of, refused
from server.kinds.wording import spoken
from server.model import Outcome, RateFacts

if TYPE_CHECKING:
    import httpx2

SILENCE_MS = 300_000
"""Models think for minutes before they say a word; but one that says nothing for so long is gone."""
FAREWELL_MS = 1_000
"""How long a stream may take to end after it has said that it does."""
ERROR_BYTES_MAX = 64 * 1024
ANSWER_BYTES_FACTOR = 8
"""A completion that comes whole may be so many times as large as the text in it."""
_END = "[DONE]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The provider's limit is reached; what it said of it has been told."""

    status: int
    error: Mapping[str, Any]
    retry_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """The provider does not accept the key."""

    outcome: Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """What one execution asks; it may have to be asked more than once."""

    client: "httpx2.AsyncClient"
    provider: Provider
    context: Context
    body: bytes
    bytes_max: int
    tokens_max: int | None = None

    async def ask(self, times: int, telling: Telling) -> Answer | Outcome | Refused | Rejected:
        """Send the request, the `times`-th time (from 1), and return the whole answer, or what became of it instead.

        Raises:
            UnavailableError: the provider was not reached, or its answer broke off.
            LimitExceededError: the answer is too large.
        """
        answer = Answer(self.bytes_max, self.tokens_max)
        silence = f"{self.provider.host} said nothing for {spoken(SILENCE_MS)}"
        try:
            async with Deadline(self.context.clock, SILENCE_MS, silence) as deadline:
                return await self._ask(times, answer, telling, deadline)
        except UnavailableError:
            if answer.complete:  # what was lost is at most the usage
                return answer
            raise
        finally:
            telling.end()

    async def _ask(
        self, times: int, answer: Answer, telling: Telling, deadline: Deadline
    ) -> Answer | Outcome | Refused | Rejected:
        request = self.client.stream(
            "POST", self.provider.url, content=self.body, headers=dict(self.provider.headers)
        )
        with reaching(self.provider.host):
            async with request as response:
                deadline.put_off()
                facts = facts_of(response.headers, self.context.clock.now_ms())
                if response.status_code != 200:
                    error = error_of(await start_of(response, ERROR_BYTES_MAX))
                    return self._judged(response.status_code, error, facts, times)
                self.context.learned(self.provider.key, facts)
                async with aclosing(self._chunks(response, answer, deadline)) as chunks:
                    async for chunk in chunks:
                        if isinstance(chunk, dict) and chunk.get("error"):
                            error = error_of(orjson.dumps(chunk))
                            return self._judged(status_within(error), error, facts, times)
                        telling.heard(answer, answer.feed(chunk))
        if not answer.complete:
            raise UnavailableError(f"the answer of {self.provider.host} broke off before its end")
        return answer

    def _judged(
        self, status: int, error: Mapping[str, Any], facts: RateFacts, times: int
    ) -> Outcome | Refused | Rejected:
        if not is_rate_limit(status, error):
            self.context.learned(self.provider.key, RateFacts(requests=facts.requests, tokens=facts.tokens))
            outcome = outcome_of(status, error, self.provider, facts.retry_ms)
            return Rejected(outcome=outcome) if status == NOT_ACCEPTED else outcome
        facts = refused(facts, times)
        self.context.learned(self.provider.key, facts)
        return Refused(status=status, error=error, retry_ms=facts.retry_ms)

    async def _chunks(
        self, response: "httpx2.Response", answer: Answer, deadline: Deadline
    ) -> AsyncGenerator[Any, None]:
        """Yield the chunks of a stream; of a provider that does not stream, its one completion."""
        media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "text/event-stream":
            yield self._decoded(await start_of(response, self.bytes_max * ANSWER_BYTES_FACTOR))
            return
        from httpx2 import EventSource  # noqa: PLC0415

        async for event in EventSource(response):
            deadline.put_off()
            if event.data.strip() == _END:
                answer.end()
                deadline.change(FAREWELL_MS)
            elif event.data:
                yield self._decoded(event.data)

    def _decoded(self, data: str | bytes) -> Any:
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:
            raise UnavailableError(f"expected JSON from {self.provider.host}, got something else") from None
