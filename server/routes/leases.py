"""Work for the user's own runners: leased, kept alive by reports, ended by them."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from server.errors import InvalidInputError, LimitExceededError, NotFoundError, StaleTokenError
from server.kinds.wording import one_line
from server.model import PULLED_KINDS, ExecutionState, Outcome, Reason
from server.routes.answers import JsonAnswer
from server.routes.bodies import flag_of, number_of, once_by_members, text_of
from server.routes.call import Call
from server.routes.leaseschemas import (
    LEASES_MAX,
    LOG_CHARACTERS_MAX,
    REMAINING_S_MAX,
    RETRY_S_MAX,
    WAIT_S_MAX,
)
from server.routes.times import rfc3339
from server.scheduler.pulling import Lease
from server.store.pages import execution_exists
from server.vault.redaction import redacted

MESSAGE_CHARACTERS_MAX = 300
NOTE_CHARACTERS_MAX = 120
RESULT_DEPTH_MAX = 250
"""Four fewer than orjson writes."""
PUT_BACK = Outcome(state=ExecutionState.CANCELLED, put_back=True)


async def lease(call: Call) -> Response:
    """Hand out work, at once or as soon as there is some; an empty list where there was none in time."""
    return await once_by_members(call, ("kinds", "batch", "max", "wait"), partial(_lease, call))


async def _lease(call: Call, members: Mapping[str, Any]) -> Response:
    most = number_of(members, "max", low=1, high=LEASES_MAX, whole=True)
    if most is None:
        raise InvalidInputError(f"max: expected how many, a number from 1 to {LEASES_MAX}")
    wait_s = number_of(members, "wait", low=0, high=WAIT_S_MAX) or 0
    batch = text_of(members, "batch", chars_max=16)
    if not _asks_for_pulled(members):
        return JsonAnswer([])
    return JsonAnswer([_shape(each) for each in await _leases(call, batch, int(most), round(wait_s * 1000))])


async def _leases(call: Call, batch: str | None, most: int, wait_ms: int) -> list[Lease]:
    """Ask for as long as whoever asked is there; what is admitted once they are gone goes back."""
    asking = asyncio.ensure_future(call.parts.scheduler.lease(call.office, batch, most, wait_ms))
    leaving = asyncio.ensure_future(_left(call))
    try:
        await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done():
            asking.cancel()
            await asyncio.wait({asking})
            await _give_back(call, [] if asking.cancelled() else await asking)
            raise ClientDisconnect
        return await asking
    finally:
        leaving.cancel()
        asking.cancel()


async def _give_back(call: Call, leases: Sequence[Lease]) -> None:
    for each in leases:
        await call.parts.scheduler.finish(call.office, each.work.execution, each.work.fence, PUT_BACK)


async def progress(call: Call) -> Response:
    """Say how far it is, which renews the lease; the answer says whether its end was asked for."""
    known = ("token", "progress", "note", "remaining", "log")
    return await once_by_members(call, known, partial(_progress, call))


async def _progress(call: Call, members: Mapping[str, Any]) -> Response:
    execution, fence = await _token(call, members)
    share = number_of(members, "progress", low=0, high=1)
    remaining_s = number_of(members, "remaining", low=0, high=REMAINING_S_MAX)
    note = members.get("note")
    if note is not None and not isinstance(note, str):
        raise InvalidInputError("note: expected a text")
    lines = _lines(members)
    scheduler = call.parts.scheduler
    await _log(call, execution, fence, lines)
    renewed = await scheduler.renew(call.office, execution, fence)
    if share is not None or note is not None:
        scheduler.reports.progressed(
            execution,
            fence,
            None if share is None else round(share * 1000),
            None if remaining_s is None or share is None else round(remaining_s * 1000),
            None
            if note is None
            else one_line(redacted(note[: 8 * NOTE_CHARACTERS_MAX]), NOTE_CHARACTERS_MAX),
        )
    return JsonAnswer({"expires": rfc3339(renewed.expires_ms), "cancelled": renewed.cancelling})


async def complete(call: Call) -> Response:
    """Record a result; said twice it is recorded once."""
    return await once_by_members(call, ("token", "result", "log"), partial(_complete, call))


async def _complete(call: Call, members: Mapping[str, Any]) -> Response:
    execution, fence = await _token(call, members)
    lines = _lines(members)
    result = _result(members)
    most = call.parts.settings.result_bytes_max
    if len(result) > most:
        raise LimitExceededError(
            f"result: expected at most {most:,} bytes (result_bytes_max), got {len(result):,}"
        )
    outcome = Outcome(state=ExecutionState.DONE, result=result)
    await _log(call, execution, fence, lines)
    await call.parts.scheduler.finish(call.office, execution, fence, outcome)
    return JsonAnswer({"execution": execution, "state": ExecutionState.DONE})


async def fail(call: Call) -> Response:
    """Record a failure; it is tried again if attempts are left, unless `retryable` is false.

    With `put_back` it was no failure of the task: it goes back to the head of its batch at no cost.
    """
    known = ("token", "reason", "message", "retryable", "retry", "put_back", "log")
    return await once_by_members(call, known, partial(_fail, call))


async def _fail(call: Call, members: Mapping[str, Any]) -> Response:
    execution, fence = await _token(call, members)
    outcome = _failure(members)
    await _log(call, execution, fence, _lines(members))
    await call.parts.scheduler.finish(call.office, execution, fence, outcome)
    return JsonAnswer({"execution": execution, "state": outcome.state})


def _failure(members: Mapping[str, Any]) -> Outcome:
    retry_s = number_of(members, "retry", low=0, high=RETRY_S_MAX)
    message = members.get("message")
    if message is not None and not isinstance(message, str):
        raise InvalidInputError("message: expected a text")
    reason = _reason(members)
    if flag_of(members, "put_back", default=False):
        return PUT_BACK
    return Outcome(
        state=ExecutionState.FAILED,
        reason=reason,
        message=one_line(redacted(message or ""), MESSAGE_CHARACTERS_MAX) or "failed without a message",
        retryable=flag_of(members, "retryable", default=True),
        retry_after_ms=None if retry_s is None else round(retry_s * 1000),
    )


def _shape(each: Lease) -> dict[str, Any]:
    work = each.work
    return {
        "execution": work.execution,
        "task": work.task,
        "batch": work.batch,
        "title": work.title,
        "attempt": work.attempt,
        "attempts": work.attempts,
        "input": orjson.Fragment(work.input),
        "token": work.token,
        "expires": rfc3339(each.expires_ms),
    }


def _asks_for_pulled(members: Mapping[str, Any]) -> bool:
    kinds = members.get("kinds")
    if kinds is None:
        return True
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise InvalidInputError("kinds: expected a list of names")
    return not PULLED_KINDS.isdisjoint(kinds)


async def _token(call: Call, members: Mapping[str, Any]) -> tuple[str, int]:
    """Read the token of a lease, `execution.fence`; that of another execution is stale here."""
    token, execution = members.get("token"), call.path("id")
    if not isinstance(token, str):
        raise InvalidInputError("token: expected the token that came with the lease")
    named, _, fence = token.rpartition(".")
    if not fence.isdecimal() or len(fence) > 9 or not fence.isascii():
        raise InvalidInputError("token: expected the token that came with the lease, execution.number")
    if named != execution:
        async with call.parts.db.read() as conn:
            if not await execution_exists(conn, call.office, execution):
                raise NotFoundError(f"execution: there is no {execution[:40]!r} in this office")
        raise StaleTokenError(f"execution {execution}: the token is that of another one")
    return execution, int(fence)


def _result(members: Mapping[str, Any]) -> bytes:
    """Return the result as JSON text; answers and exports put it into others, so it must leave them some levels."""
    try:
        return orjson.dumps([[[[members.get("result")]]]])[4:-4]
    except TypeError:  # what could be read is JSON: nothing but its depth can be the matter
        raise LimitExceededError(
            f"result: expected at most {RESULT_DEPTH_MAX} levels (result_depth_max), got more"
        ) from None


def _lines(members: Mapping[str, Any]) -> str | None:
    """Read lines for the log; None where there are none."""
    text = members.get("log")
    if text is not None and not isinstance(text, str):
        raise InvalidInputError("log: expected a text")
    if text is not None and len(text) > LOG_CHARACTERS_MAX:
        raise LimitExceededError(
            f"log: expected at most {LOG_CHARACTERS_MAX:,} characters at a time (log_characters_max), got {len(text):,}"
        )
    return text or None


async def _log(call: Call, execution: str, fence: int, lines: str | None) -> None:
    """Add lines to the log of what goes on under this very fence; what ended already has its log, and keeps it."""
    goes_on = partial(call.parts.scheduler.leased, call.office, execution, fence)
    if lines is not None and goes_on():
        await call.parts.logs.add(execution, lines, goes_on)


def _reason(members: Mapping[str, Any]) -> Reason:
    given = members.get("reason", Reason.EXIT)
    allowed = [reason.value for reason in Reason if reason is not Reason.LOST]
    if given not in allowed:
        raise InvalidInputError(f"reason: expected one of {', '.join(allowed)}")
    return Reason(given)


async def _left(call: Call) -> None:
    """Return once whoever asked has gone away."""
    while (await call.request.receive())["type"] != "http.disconnect":
        pass
