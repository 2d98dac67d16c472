"""A POST that is sent again under the same Idempotency-Key is answered as the first time, and done once."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from sqlite3 import Error as SqliteError

import orjson
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from server.errors import IdempotencyError, InvalidInputError, TenDesksError
from server.routes.answers import NO_STORE
from server.routes.call import Call
from server.routes.envelope import request_id
from server.routes.problem import internal, problem
from server.routes.refusals import OutcomeUnknownError, StillRunningError
from server.store.requests import Claim, Claimed, claim, finish, release, take_over

KEY_CHARS_MAX = 255


def digest_of(call: Call, body: bytes) -> bytes:
    """What makes two requests the same: method, path, query, type and body (or the body's own digest)."""
    request = call.request
    query = sorted(request.query_params.multi_items())
    head = [request.method, request.scope["path"], query, request.headers.get("content-type")]
    return hashlib.sha256(orjson.dumps(head) + b"\n" + body).digest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """What a request makes, all or nothing, and how to answer if it turns out to be there (None: it is not)."""

    subject: str
    recall: Callable[[str], Awaitable[Response | None]]


async def once(
    call: Call, digest: bytes, act: Callable[[], Awaitable[Response]], trace: Trace | None = None
) -> Response:
    """Answer by `act`, or as it answered before.

    An error of ours, or that the client has left, means that nothing was done, and frees the key.

    With a trace, a request that was cut short by the end of the server is answered if it was done, else done now.

    Raises:
        IdempotencyError: the key came with another request.
        StillRunningError, OutcomeUnknownError: the first request has no answer yet, or will never have one.
    """
    key = call.request.headers.get("idempotency-key")
    if key is None:
        return await act()
    if not 1 <= len(key) <= KEY_CHARS_MAX:
        raise InvalidInputError(f"Idempotency-Key: expected 1 to {KEY_CHARS_MAX} characters, got {len(key)}")
    found = await _claim(call, key, digest, "" if trace is None else trace.subject)
    if found.claimed is Claimed.FRESH:
        return await _first(call, key, act)
    if trace is not None and found.subject:
        return await _cut_short(call, key, act, trace, found)
    return _again(found)


async def _cut_short(
    call: Call, key: str, act: Callable[[], Awaitable[Response]], trace: Trace, found: Claim
) -> Response:
    answer = await trace.recall(found.subject)
    if answer is not None:
        answer.headers["idempotency-replayed"] = "true"
        await _finish(call, key, answer)
        return answer
    async with call.parts.db.write() as tx:
        taken = await take_over(
            tx.conn,
            account=call.who.account,
            key=key,
            left=found.body,
            holder=call.parts.process,
            subject=trace.subject,
        )
    return await _first(call, key, act) if taken else _again(Claim(claimed=Claimed.RUNNING))


async def _claim(call: Call, key: str, digest: bytes, subject: str) -> Claim:
    account = call.who.account
    async with call.parts.db.write() as tx:
        if (account, key) in call.parts.freed:
            await release(tx.conn, account=account, key=key)
            tx.then(partial(call.parts.freed.discard, (account, key)))
        return await claim(
            tx.conn,
            account=account,
            key=key,
            digest=digest,
            holder=call.parts.process,
            now_ms=call.parts.clock.now_ms(),
            subject=subject,
        )


async def _first(call: Call, key: str, act: Callable[[], Awaitable[Response]]) -> Response:
    try:
        answer = await act()
    except (TenDesksError, ClientDisconnect):
        await _release(call, key)
        raise
    except Exception:
        # It may have been done: to do it again would be worse than to repeat that it failed.
        failed = problem(internal(), request_id(call.request.scope))
        await _finish(call, key, failed)
        raise
    await _finish(call, key, answer)
    return answer


async def _release(call: Call, key: str) -> None:
    """Free the key; where the store takes nothing just now, as soon as the key comes again."""
    call.parts.freed.add((call.who.account, key))
    with suppress(SqliteError, SQLAlchemyError):
        async with call.parts.db.write() as tx:
            await release(tx.conn, account=call.who.account, key=key)
        call.parts.freed.discard((call.who.account, key))


async def _finish(call: Call, key: str, answer: Response) -> None:
    async with call.parts.db.write() as tx:
        await finish(
            tx.conn, account=call.who.account, key=key, status=answer.status_code, body=bytes(answer.body)
        )


def _again(found: Claim) -> Response:
    match found.claimed:
        case Claimed.ANSWERED:
            kind = "application/problem+json" if found.status >= 400 else "application/json"
            headers = {**NO_STORE, "idempotency-replayed": "true"}
            return Response(found.body, found.status, headers, kind if found.body else None)
        case Claimed.RUNNING:
            raise StillRunningError(
                "a request with this Idempotency-Key is under way: wait, then send it again"
            )
        case Claimed.ABANDONED:
            raise OutcomeUnknownError(
                "the server ended while it worked on this request: look whether it was done, then use a new key"
            )
        case _:
            raise IdempotencyError("this Idempotency-Key came with another request before: use a new key")
