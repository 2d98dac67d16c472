"""A list comes in and becomes a batch: read as a stream, checked to its end, then stored all at once."""

import math
from contextlib import suppress
from dataclasses import replace
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from server.errors import ForbiddenError, InvalidInputError, NotFoundError, TenDesksError
from server.intake.jsonbody import JsonReader
from server.intake.spool import Spool
from server.intake.stream import Format, receive, steps
from server.intake.submission import Submission, from_members, from_query
from server.kinds.contract import Kind
from server.routes.answers import NO_STORE, JsonAnswer
from server.routes.call import Call
from server.routes.idempotency import Trace, digest_of, once
from server.routes.refusals import UnsupportedMediaTypeError
from server.routes.shapes import eta_of
from server.routes.upload import Upload
from server.store.batches import BatchRow, batch_row

JSON_BYTES_MAX = 32 * 1024 * 1024
"""What is larger goes as CSV or NDJSON."""
JSON = "application/json"
FORMATS = {
    "text/csv": Format.CSV,
    "text/tab-separated-values": Format.CSV,
    "application/x-ndjson": Format.NDJSON,
    "application/jsonl": Format.NDJSON,
    "text/plain": Format.LINES,
}


async def submit(call: Call) -> Response:
    """Store a batch, all or nothing."""
    upload = _upload(call)
    try:
        media, charset = media_type(call.request.headers)
        if media == JSON:
            return await _from_json(call, upload)
        return await _from_list(call, upload, FORMATS[media], charset)
    except TenDesksError:
        await upload.drain()
        raise


def media_type(headers: Headers) -> tuple[str, str | None]:
    """The type of the body and its charset, if one is named.

    Raises:
        UnsupportedMediaTypeError: a type that nobody reads, or a compressed body.
    """
    media, *options = (part.strip() for part in headers.get("content-type", "").split(";"))
    coding = headers.get("content-encoding", "identity")
    if coding != "identity":
        raise UnsupportedMediaTypeError(f"Content-Encoding: expected none, got {coding[:40]}")
    if media.lower() not in {JSON, *FORMATS}:
        got = media[:80] or "none"
        raise UnsupportedMediaTypeError(
            f"Content-Type: expected one of {', '.join([JSON, *FORMATS])}, got {got}"
        )
    pairs = dict(option.partition("=")[::2] for option in options)
    return media.lower(), pairs.get("charset", "").strip('"') or None


def _upload(call: Call) -> Upload:
    most = call.parts.settings.upload_bytes_max
    whole = call.request.headers.get("content-type", "").lower().startswith(JSON)
    if whole and most > JSON_BYTES_MAX:
        return Upload(call.request, call.parts.clock, bytes_max=JSON_BYTES_MAX, limit="json_bytes_max")
    return Upload(call.request, call.parts.clock, bytes_max=most, limit="upload_bytes_max")


async def _from_list(call: Call, upload: Upload, shape: Format, charset: str | None) -> Response:
    submission = from_query(_query(call))
    kind = kind_named(call, submission.kind)
    with _spool(call, title=submission.title, key=submission.key, first=submission.first) as spool:
        await receive(
            upload.chunks(),
            spool,
            shape=shape,
            chars_max=call.parts.settings.input_bytes_max,
            charset=charset,
            give_way=call.parts.db.give_way,
        )
        return await _stored(call, upload, kind, submission, spool)


async def _from_json(call: Call, upload: Upload) -> Response:
    if query := _query(call):
        raise InvalidInputError(f"expected no query beside a JSON body, got {', '.join(query)[:100]}")
    with _spool(call) as spool:
        reader = JsonReader(call.parts.settings.input_bytes_max)
        async for piece in steps(upload.chunks(), call.parts.db.give_way):
            spool.take(reader.feed(piece))
        spool.take(reader.finish())
        submission = from_members(reader.members())
        kind = kind_named(call, submission.kind)
        spool.finish()
        spool.cut(submission.first)
        return await _stored(call, upload, kind, submission, spool)


async def _stored(call: Call, upload: Upload, kind: Kind, submission: Submission, spool: Spool) -> Response:
    batch = submission.batch(kind, total=spool.total, kept=spool.kept, fields=spool.fields)
    id_ = call.parts.ids.new()

    async def store() -> Response:
        row = await call.parts.scheduler.submit(call.office, replace(batch, id=id_), spool.chunks())
        return await _stored_answer(call, row)

    async def recall(left: str) -> Response | None:
        with suppress(NotFoundError):
            async with call.parts.db.read() as conn:
                row = await batch_row(conn, call.office, left)
            return await _stored_answer(call, row)
        return None

    return await once(call, digest_of(call, upload.digest), store, Trace(subject=id_, recall=recall))


async def _stored_answer(call: Call, row: BatchRow) -> Response:
    headers = {**NO_STORE, "location": f"/api/v1/batches/{row.id}"}
    half_s, most_s = await _estimate(call, row)
    made = {"id": row.id, "name": row.name, "kind": row.kind, "state": row.state, "total": row.total}
    return JsonAnswer({**made, "estimate": {"p50": half_s, "p90": most_s}}, 201, headers)


async def _estimate(call: Call, row: BatchRow) -> tuple[float, float]:
    """In how many seconds it is done: as the scheduler forecasts it, else (within a second of the last forecast) alone."""
    if row.ended_ms is not None:
        return 0, 0
    eta, now_ms = eta_of(call, row), call.parts.clock.now_ms()
    if eta is not None:
        return max(eta[0] - now_ms, 0) / 1000, max(eta[1] - now_ms, 0) / 1000
    facts = await call.parts.scheduler.account(row.office)
    (alone,) = await call.parts.scheduler.estimate(row.office, row.total, facts.tier)
    seconds = math.ceil(row.total / max(alone.workers, 1)) * alone.each_ms / 1000
    return seconds, seconds


def _spool(call: Call, **named: Any) -> Spool:
    settings = call.parts.settings
    return Spool(
        settings.data,
        tasks_max=settings.tasks_per_batch_max,
        input_bytes_max=settings.input_bytes_max,
        **named,
    )


def _query(call: Call) -> dict[str, str]:
    pairs = call.request.query_params.multi_items()
    query = dict(pairs)
    if len(query) != len(pairs):
        raise InvalidInputError("expected every parameter of the query once, got one of them twice")
    return query


def kind_named(call: Call, name: str) -> Kind:
    """The kind of that name, if this server has it and lets it be used.

    Raises:
        InvalidInputError: there is none; the message lists those there are.
        ForbiddenError: it is not allowed here.
    """
    kind = call.parts.kinds.get(name)
    if kind is None:
        raise InvalidInputError(f"kind: expected one of {', '.join(call.parts.kinds)}, got {name[:40]!r}")
    if not kind_allowed(call, name):
        raise ForbiddenError(f"kind: {name} runs programs on the server's machine, which is not allowed here")
    return kind


def kind_allowed(call: Call, name: str) -> bool:
    """Whether tasks of this kind may be submitted here."""
    return name != "command" or call.parts.settings.commands_allowed
