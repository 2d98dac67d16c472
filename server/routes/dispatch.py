"""One path: finds the method's entry, who asks and whether they may, and turns errors into problems."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.errors import DiskFullError, TenDesksError
from server.routes.call import Call, Parts
from server.routes.entry import Entry
from server.routes.envelope import request_id
from server.routes.guard import identify, permit
from server.routes.idempotency import digest_of, once
from server.routes.problem import problem
from server.routes.refusals import MethodNotAllowedError
from server.routes.upload import BODY_BYTES_MAX, Upload
from server.store.room import is_full


class Dispatch:
    """An ASGI application for all entries of one path."""

    def __init__(self, entries: Iterable[Entry], parts: Parts) -> None:
        self._entries = {entry.method: entry for entry in entries}
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except TenDesksError as error:
            response = problem(error, request_id(scope))
        except Exception as error:
            if not is_full(error):
                raise
            full = DiskFullError("the disk is full: nothing was changed; make room, and send it again")
            response = problem(full, request_id(scope))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        entry = self._entry(request.method)
        call = Call(request=request, parts=self._parts, identity=None)
        if entry.scope is not None:
            identity = await identify(request, self._parts)
            permit(identity, entry.scope)
            call = Call(request=request, parts=self._parts, identity=identity)
        return await (_once(call, entry) if entry.once else entry.endpoint(call))

    def _entry(self, method: str) -> Entry:
        entry = self._entries.get("GET" if method == "HEAD" else method)
        if entry is None:
            allow = ", ".join([*self._entries, *(["HEAD"] if "GET" in self._entries else [])])
            raise MethodNotAllowedError(f"expected one of {allow}, got {method[:20]}", allow=allow)
        return entry


async def _once(call: Call, entry: Entry) -> Response:
    upload = Upload(call.request, call.parts.clock, bytes_max=BODY_BYTES_MAX, limit="body_bytes_max")
    await upload.whole()
    return await once(call, digest_of(call, upload.digest), lambda: entry.endpoint(call))
