"""The kind `chat`: one chat completion per task, at any provider that speaks OpenAI's protocol."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from server.errors import InvalidInputError, RateLimitedError, TenDesksError
from server.kinds import chat_params, chat_result, chat_schema
from server.kinds.chat_answer import Answer
from server.kinds.chat_asking import Asking, Refused
from server.kinds.chat_lengths import Lengths
from server.kinds.chat_provider import Provider, platform_provider
from server.kinds.chat_refusal import outcome_of
from server.kinds.chat_result import Usage
from server.kinds.chat_telling import Telling
from server.kinds.contract import Context
from server.kinds.ends import failed, of_error
from server.kinds.outbound import Outbound
from server.model import ExecutionState, Outcome, Reason, Work
from server.settings import Mode, Settings

REFUSALS_MAX = 5
"""So often one execution is told to wait for a limit before it counts as a failed attempt."""
_CUT = "length"
_FILTERED = "content_filter"


class ChatKind:
    """Params `{"prompt", "model", "system"?, "schema"?}`: see `chat_params`; the result: see `chat_result`.

    The answer is streamed: its tokens move the desk, its text is the log. One client serves all executions.
    """

    name = "chat"
    attempts = 3

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._provider = platform_provider(settings)
        self._outbound = Outbound(settings.running_max)
        self._lengths = Lengths()

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        """See Kind."""
        if self._provider is None:
            raise InvalidInputError(_no_provider())
        return chat_params.checked(params, fields, hosted=self._settings.mode is Mode.HOSTED)

    async def perform(self, work: Work, context: Context) -> Outcome:
        """See Kind."""
        if self._provider is None:
            return failed(Reason.INVALID, _no_provider(), retryable=False, halts=True)
        try:
            return await self._perform(work, context, self._provider)
        except RateLimitedError:
            raise
        except TenDesksError as error:
            return of_error(error)

    async def aclose(self) -> None:
        """See Closing."""
        await self._outbound.aclose()

    async def _perform(self, work: Work, context: Context, provider: Provider) -> Outcome:
        messages = chat_params.messages_of(work.params, json.loads(work.input))
        expected = self._lengths.expected(work.batch)
        asking = Asking(
            client=await self._outbound.client(),
            provider=provider,
            context=context,
            body=chat_params.body_of(work.params, messages),
            bytes_max=self._settings.result_bytes_max,
        )
        context.log(f"Asking {work.params['model']} at {provider.host}.")
        end = await self._asked(asking, chat_params.tokens_of(messages) + (expected or 0), expected)
        return end if isinstance(end, Outcome) else await self._answered(work, context, end)

    async def _asked(self, asking: Asking, tokens: int, expected: int | None) -> Answer | Outcome:
        """Ask until there is an answer or none is to be had; a limit is waited for before each time."""
        context, provider = asking.context, asking.provider
        times = 1
        while True:
            await context.turn(provider.key, tokens)
            end = await asking.ask(times, Telling(context, expected))
            if not isinstance(end, Refused):
                return end
            if times >= REFUSALS_MAX:
                return outcome_of(end.status, end.error, provider, end.retry_ms)
            context.log(f"{provider.host} refused: its limit is reached ({end.status}).")
            times += 1

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


def _no_provider() -> str:
    return (
        "chat: expected a provider to ask, got none: the operator sets TENDESKS_CHAT_BASE_URL,"
        " https://api.openai.com/v1 for example, and TENDESKS_CHAT_API_KEY"
    )
