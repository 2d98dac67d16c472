"""The kind `chat`: one chat completion per task, at any provider that speaks OpenAI's protocol."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from server.errors import RateLimitedError, TenDesksError
from server.kinds import chat_params, chat_result, chat_schema
from server.kinds.ceilings import Ceilings, NoCeilings
from server.kinds.chat_answer import Answer
from server.kinds.chat_asking import Refused, Rejected
from server.kinds.chat_lengths import Lengths
from server.kinds.chat_means import ChatMeans, Means, NoProviderError
from server.kinds.chat_refusal import outcome_of
from server.kinds.chat_request import Request
from server.kinds.chat_result import Usage
from server.kinds.chat_telling import Telling
from server.kinds.contract import Context
from server.kinds.ends import failed, of_error
from server.kinds.own_keys import OwnKeyError, OwnKeys
from server.model import ExecutionState, Outcome, Reason, Work
from server.settings import Mode, Settings

REFUSALS_MAX = 5
"""So often one execution is told to wait for a limit before it counts as a failed attempt."""
_CUT = "length"
_FILTERED = "content_filter"


class ChatKind:
    """Params `{"prompt", "model", "system"?, "schema"?, "provider"?}`: see `chat_params`; the result: see `chat_result`.

    The answer is streamed: its tokens move the desk, its text is the log. With whose key it is
    asked for: see `chat_means`.
    """

    name = "chat"
    attempts = 3

    def __init__(
        self, settings: Settings, own_keys: OwnKeys | None = None, ceilings: Ceilings | None = None
    ) -> None:
        self._settings = settings
        self._means = ChatMeans(settings, own_keys)
        self._ceilings = ceilings or NoCeilings()
        self._lengths = Lengths()

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        """See Kind."""
        self._means.check()
        return chat_params.checked(params, fields, hosted=self._settings.mode is Mode.HOSTED)

    async def perform(self, work: Work, context: Context) -> Outcome:
        """See Kind."""
        try:
            return await self._perform(work, context)
        except RateLimitedError:
            raise
        except (OwnKeyError, NoProviderError) as error:
            return error.outcome()
        except TenDesksError as error:
            return of_error(error)

    async def aclose(self) -> None:
        """See Closing."""
        await self._means.aclose()

    async def _perform(self, work: Work, context: Context) -> Outcome:
        self._means.check()
        messages = chat_params.messages_of(work.params, json.loads(work.input))
        expected = self._lengths.expected(work.batch)
        request = Request(
            body=chat_params.body_of(work.params, messages),
            prompt=chat_params.tokens_of(messages),
            expected=expected,
            bytes_max=self._settings.result_bytes_max,
        )
        end = await self._asked(work, context, request)
        return end if isinstance(end, Outcome) else await self._answered(work, context, end)

    async def _asked(self, work: Work, context: Context, request: Request) -> Answer | Outcome:
        """Ask until there is an answer or none is to be had; a limit is waited for before each time."""
        times, told = 1, ""
        while True:
            means = await self._means.find(work)
            await context.turn(means.provider.key, request.tokens)
            still = await self._means.find(work)  # a key may have been deleted while its turn was waited for
            if still.provider.key != means.provider.key:
                continue
            if told != (told := still.provider.key):
                whose = " with your own key" if still.own else ""
                context.log(f"Asking {work.params['model']} at {still.provider.host}{whose}.")
            end = await self._ask(work, context, still, request, times)
            if not isinstance(end, Refused):
                return end
            if times >= REFUSALS_MAX:
                return outcome_of(end.status, end.error, still.provider, end.retry_ms)
            context.log(f"{still.provider.host} refused: its limit is reached ({end.status}).")
            times += 1

    async def _ask(
        self, work: Work, context: Context, means: Means, request: Request, times: int
    ) -> Answer | Outcome | Refused:
        """Ask once, with an own key or within what the plan allows of the platform's."""
        if means.own is None:
            return await self._within(work, context, means, request, times)
        end = await request.by(means, context, None).ask(times, Telling(context, request.expected))
        if isinstance(end, Rejected):
            await self._means.rejected(means)
            return end.outcome
        if isinstance(end, Answer):
            await self._means.accepted(means)
        return end

    async def _within(
        self, work: Work, context: Context, means: Means, request: Request, times: int
    ) -> Answer | Outcome | Refused:
        ceiling = await self._ceilings.reserve(work.account, request.tokens)
        if refusal := ceiling.refusal(request.tokens):
            return refusal
        telling, taken = Telling(context, request.expected), 0
        tokens_max = None if ceiling.task is None else ceiling.task - request.prompt
        try:
            end = await request.by(means, context, tokens_max).ask(times, telling)
            taken = self._usage(work, end).total if isinstance(end, Answer) else 0
        finally:
            taken = taken or (request.prompt + telling.tokens if telling.tokens else 0)
            await self._ceilings.spent(work.account, request.tokens, taken)
        return end.outcome if isinstance(end, Rejected) else end

    async def _answered(self, work: Work, context: Context, answer: Answer) -> Outcome:
        """Make a result of a complete answer."""
        usage = self._usage(work, answer)
        self._lengths.add(work.batch, answer.tokens)
        if words := chat_result.words_of(usage):
            context.log(f"({answer.model or work.params['model']}: {words})")
        if usage.output is not None:
            context.note(f"{usage.output:,} {'token' if usage.output == 1 else 'tokens'}")
        if answer.refusal:
            return failed(Reason.INVALID, f"the model refused: {answer.refusal}", retryable=False)
        if answer.finish == _FILTERED:
            return failed(Reason.INVALID, "the provider's filter ended the answer", retryable=False)
        if "schema" in work.params:
            return await self._by_schema(work.params["schema"], answer, usage)
        return self._done(chat_result.text_fields(answer.text), answer, usage)

    async def _by_schema(self, schema: Mapping[str, Any], answer: Answer, usage: Usage) -> Outcome:
        try:
            value = chat_result.value_of(answer.text)
        except ValueError:
            why = "was cut before its end" if answer.finish == _CUT else "was something else"
            return failed(Reason.INVALID, f"expected JSON as the answer, but it {why}: {answer.text}")
        # In a thread: a schema may take its time, and everyone else shall not wait for it.
        if wrong := await asyncio.to_thread(chat_schema.problem, schema, value):
            return failed(Reason.INVALID, f"the answer does not fit the schema: {wrong}")
        return self._done(chat_result.value_fields(value), answer, usage)

    def _done(self, fields: Mapping[str, Any], answer: Answer, usage: Usage) -> Outcome:
        result = chat_result.result_of(
            fields, usage, cut=answer.finish == _CUT, bytes_max=self._settings.result_bytes_max
        )
        return Outcome(state=ExecutionState.DONE, result=result)

    def _usage(self, work: Work, answer: Answer) -> Usage:
        prices = self._settings.chat_prices
        price = prices.get(work.params["model"]) or prices.get(answer.model or "")
        return chat_result.usage_of(answer.usage, price)
