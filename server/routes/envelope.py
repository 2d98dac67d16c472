"""Around every request: an id, one line in the log, headers that keep browsers strict, an answer whatever happens."""

from collections.abc import Mapping

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.clock import Clock
from server.routes.problem import internal, problem
from server.store.ids import Ids

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
SECURITY: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
CLIENT_LEFT = 499
_log = structlog.get_logger("access")


def request_id(scope: Scope) -> str:
    """The id that the envelope gave this request."""
    return str(scope.get("state", {}).get("request", "unknown"))


class Envelope:
    """The outermost of our layers. Sockets pass through: the gateway has its own."""

    def __init__(self, app: ASGIApp, *, clock: Clock, ids: Ids) -> None:
        self._app = app
        self._clock = clock
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["state"] = {**scope.get("state", {}), "request": self._ids.new()}
        sender = _Sender(send, request_id(scope))
        began_ms = self._clock.monotonic_ms()
        try:
            await self._guarded(scope, receive, sender)
        finally:
            _log.info(
                "request",
                method=scope["method"],
                path=scope["path"],  # never the query: it may hold what its sender would not want in a log
                status=sender.status,
                ms=self._clock.monotonic_ms() - began_ms,
                request=request_id(scope),
            )

    async def _guarded(self, scope: Scope, receive: Receive, sender: "_Sender") -> None:
        try:
            await self._app(scope, receive, sender)
        except ClientDisconnect:
            sender.status = CLIENT_LEFT
        except Exception:
            _log.exception("request failed", path=scope["path"], request=request_id(scope))
            if sender.begun:
                raise  # half an answer is out: only breaking the connection off tells the reader so
            await problem(internal(), request_id(scope))(scope, receive, sender)


class _Sender:
    """Adds the headers and remembers the status."""

    def __init__(self, send: Send, request: str) -> None:
        self._send = send
        self._request = request
        self.status = 0
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._request
            for name, value in SECURITY.items():
                headers.setdefault(name, value)
        await self._send(message)
