"""The page's session: the token of the printed URL becomes a cookie."""

from starlette.responses import Response

from server.accounts.sessions import read_cookie, write_cookie
from server.errors import InvalidInputError
from server.routes.answers import nothing
from server.routes.bodies import members_of
from server.routes.call import Call
from server.routes.guard import check_origin, port_of


async def begin(call: Call) -> Response:
    """Trade an API token for a session's cookie."""
    if "origin" in call.request.headers:  # a program need not say where it comes from, a page must be ours
        check_origin(call.request, call.parts.settings)
    token = (await members_of(call, "token")).get("token")
    if not isinstance(token, str):
        raise InvalidInputError("token: expected a text, got none")
    secret = await call.parts.sessions.begin(token)
    return nothing({"set-cookie": _cookie(call, secret), "cache-control": "no-store"})


async def end(call: Call) -> Response:
    """End the session whose cookie came, and take the cookie away."""
    secret = read_cookie(call.request.headers.get("cookie"), port_of(call.request.scope, call.parts.settings))
    if secret is not None:
        await call.parts.sessions.end(secret)
    return nothing({"set-cookie": _cookie(call, None), "cache-control": "no-store"})


def _cookie(call: Call, secret: str | None) -> str:
    scope = call.request.scope
    return write_cookie(port_of(scope, call.parts.settings), secret, secure=scope["scheme"] == "https")
