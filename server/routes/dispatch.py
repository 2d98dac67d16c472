"""One path: finds the method's entry, who asks and whether they may, and turns errors into problems."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.errors import DiskFullError, NotAuthenticatedError, SuspendedError, TenDesksError
from server.model import Identity, Link
from server.model import Scope as Right
from server.routes.call import Call, Parts
from server.routes.entry import Entry
from server.routes.envelope import request_id
from server.routes.guard import carries_grant, identify, permit
from server.routes.idempotency import digest_of, once
from server.routes.problem import problem
from server.routes.refusals import MethodNotAllowedError, nothing_at
from server.routes.upload import BODY_BYTES_MAX, Upload
from server.store.room import is_full


class Dispatch:
    """An ASGI application for all entries of one path. `guests_only`: neither tokens nor sessions count."""

    def __init__(self, entries: Iterable[Entry], parts: Parts, *, guests_only: bool = False) -> None:
        self._entries = {entry.method: entry for entry in entries}
        self._parts = parts
        self._guests_only = guests_only

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
        guest = carries_grant(request)
        entry = self._entry_of_guest(request) if guest else self._entry(request.method)
        call = Call(request=request, parts=self._parts, identity=None)
        if entry.scope is not None:
            if self._guests_only and not guest:
                raise NotAuthenticatedError("expected `Authorization: Bearer …` with a grant, got none")
            identity = await identify(request, self._parts)
            permit(identity, entry.scope)
            _check_standing(identity, entry)
            _admit(identity.link, entry, request)
            call = Call(request=request, parts=self._parts, identity=identity)
        return await (_once(call, entry) if entry.once else entry.endpoint(call))

    def _entry_of_guest(self, request: Request) -> Entry:
        """What a guest may use at all; everything else is not there, for all that a guest can tell."""
        entry = self._entries.get("GET" if request.method == "HEAD" else request.method)
        if entry is None or not (entry.guests or (entry.scope is None and entry.method == "GET")):
            raise nothing_at(request.scope["path"])
        return entry

    def _entry(self, method: str) -> Entry:
        entry = self._entries.get("GET" if method == "HEAD" else method)
        if entry is None:
            allow = ", ".join([*self._entries, *(["HEAD"] if "GET" in self._entries else [])])
            raise MethodNotAllowedError(f"expected one of {allow}, got {method[:20]}", allow=allow)
        return entry


def _check_standing(identity: Identity, entry: Entry) -> None:
    """Raise SuspendedError where the account of whoever asks is suspended, and this would change something."""
    looks = entry.method == "GET" or entry.scope is Right.READ
    if identity.suspended and not looks and not entry.spared:
        raise SuspendedError(
            "this account is suspended: nothing starts or changes, all can be read; ask the operator of this server"
        )


def _admit(link: Link | None, entry: Entry, request: Request) -> None:
    """Raise NotFoundError where a link does not share what is asked for, whether that exists or not."""
    if link is None:
        return
    named = request.path_params.get("id", link.resource)
    if link.shared not in entry.guests or named != link.resource:
        raise nothing_at(request.scope["path"])


async def _once(call: Call, entry: Entry) -> Response:
    upload = Upload(call.request, call.parts.clock, bytes_max=BODY_BYTES_MAX, limit="body_bytes_max")
    await upload.whole()
    return await once(call, digest_of(call, upload.digest), lambda: entry.endpoint(call))
