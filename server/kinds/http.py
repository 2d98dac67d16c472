"""The kind `http`: the task's input is POSTed as JSON to the user's address, and the answer is the result."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from server.errors import RateLimitedError, TenDesksError
from server.kinds import http_params
from server.kinds.contract import Context
from server.kinds.deadline import Deadline
from server.kinds.ends import of_error
from server.kinds.http_answer import RATE_LIMITED, outcome_of, result_of, too_large
from server.kinds.outbound import Outbound, host_of, reaching, start_of
from server.kinds.ratefacts import facts_of, refused
from server.kinds.withheld import Withheld
from server.kinds.wording import spoken
from server.model import ExecutionState, Outcome, RateFacts, Work
from server.settings import Mode, Settings

if TYPE_CHECKING:
    import httpcore2

REFUSALS_MAX = 5
"""So often one execution is told to wait for a limit before it counts as a failed attempt."""
BODY_MS = 60_000
"""How long an answer may take from its first byte to its last; how long it lets wait for it is the task's timeout."""
WORDS_BYTES_MAX = 4 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reply:
    """An answer, read as far as it is of use."""

    status: int
    facts: RateFacts
    body: bytes
    charset: str | None


class HttpKind:
    """Params `{"url", "headers"?}`: see `http_params`. The answer is the result if it is JSON, else `{"text": …}`.

    Every request of a task carries the same Idempotency-Key, and headers that name task, execution and attempt.
    In hosted mode only the public internet is asked (`pinned`); redirects are followed in no mode.
    """

    name = "http"
    attempts = 3

    def __init__(
        self, settings: Settings, backend: "Callable[[], httpcore2.AsyncNetworkBackend] | None" = None
    ) -> None:
        self._hosted = settings.mode is Mode.HOSTED
        self._bytes_max = settings.result_bytes_max
        self._withheld = Withheld()
        self._outbound = Outbound(settings.running_max, backend or (_pinned if self._hosted else None))

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        """See Kind."""
        return http_params.checked(params, fields, hosted=self._hosted, withheld=self._withheld)

    async def perform(self, work: Work, context: Context) -> Outcome:
        """See Kind."""
        try:
            return await self._perform(work, context)
        except RateLimitedError:
            raise
        except TenDesksError as error:
            return of_error(error)

    async def aclose(self) -> None:
        """See Closing."""
        await self._outbound.aclose()

    async def _perform(self, work: Work, context: Context) -> Outcome:
        given = http_params.headers_of(work.params, self._withheld)
        url = http_params.address_of(work.params["url"], json.loads(work.input))
        host, headers = host_of(url), _headers(work, given)
        context.log(f"POST {url.partition('?')[0]}")
        times = 1
        while True:
            await context.turn(_key(host))
            context.note(f"waits for {host}")
            reply = await self._ask(url, headers, work.input, context)
            context.log(f"{host} answered {reply.status}, {len(reply.body):,} bytes read")
            facts = reply.facts
            if reply.status != RATE_LIMITED:
                context.learned(_key(host), replace(facts, retry_ms=None))
                return self._outcome(reply, host, given)
            facts = refused(facts, times)
            context.learned(_key(host), facts)
            if times >= REFUSALS_MAX:
                return self._outcome(replace(reply, facts=facts), host, given)
            times += 1

    async def _ask(self, url: str, headers: Mapping[str, str], body: bytes, context: Context) -> _Reply:
        """Send one request.

        Raises:
            UnavailableError: nobody was reached, or the answer broke off or took too long.
            NotPublicError: the host is none that may be asked.
        """
        client, host = await self._outbound.client(), host_of(url)
        slow = f"{host} took longer than {spoken(BODY_MS)} from its answer's first byte to its last"
        with reaching(host):
            async with client.stream("POST", url, content=body, headers=dict(headers)) as response:
                bytes_max = self._bytes_max if response.is_success else WORDS_BYTES_MAX
                async with Deadline(context.clock, BODY_MS, slow):
                    data = await start_of(response, bytes_max + 1)
                return _Reply(
                    status=response.status_code,
                    facts=facts_of(response.headers, context.clock.now_ms()),
                    body=data,
                    charset=response.charset_encoding,
                )

    def _outcome(self, reply: _Reply, host: str, given: Mapping[str, str]) -> Outcome:
        if 200 <= reply.status < 300:
            if len(reply.body) > self._bytes_max:
                raise too_large(self._bytes_max)
            result = result_of(reply.body, reply.charset, self._bytes_max)
            return Outcome(state=ExecutionState.DONE, result=result)
        return outcome_of(
            reply.status, reply.body, host, retry_after_ms=reply.facts.retry_ms, secrets=given.values()
        )


def _headers(work: Work, given: Mapping[str, str]) -> dict[str, str]:
    ours = {
        "idempotency-key": work.task,
        "tendesks-task": work.task,
        "tendesks-execution": work.token,
        "tendesks-attempt": str(work.attempt),
    }
    return {"content-type": "application/json", "accept": "application/json, */*;q=0.5", **given, **ours}


def _key(host: str) -> str:
    return f"http:{host}"


def _pinned() -> "httpcore2.AsyncNetworkBackend":
    from server.kinds.pinned import PinnedBackend  # noqa: PLC0415

    return PinnedBackend()
