"""Sign-in by OpenID Connect, as a browser goes through it: away to the provider, and back with a session or a reason.

Both are followed by a browser's own address bar, so every end is a page: a failure is the sign-in page with one word in
its fragment, for which it has a sentence. What a provider says is never repeated there.
"""

from starlette.responses import RedirectResponse, Response

from server.accounts.openid import Entered, OpenId
from server.accounts.openid_errors import OpenIdError
from server.accounts.passage import passage_cookie, write_passage_cookie
from server.accounts.sessions import write_cookie
from server.errors import NotFoundError
from server.routes.answers import NO_STORE
from server.routes.call import Call
from server.routes.guard import port_of
from server.routes.session import carried, label_of
from server.routes.signin import client_of

SAID = ("state", "code", "error", "iss")
"""What of the query counts, each at most once."""


async def begin(call: Call) -> Response:
    """Send the browser to the provider."""
    openid = _openid(call)
    try:
        begun = await openid.begin(client_of(call.request, call.parts.settings))
    except OpenIdError as error:
        return _left(call, Entered(why=error.why))
    answer = RedirectResponse(begun.url, 303, NO_STORE)
    answer.headers["referrer-policy"] = "no-referrer"
    answer.headers.append("set-cookie", _passage(call, begun.cookie))
    return answer


async def finish(call: Call) -> Response:
    """Let somebody in who comes back from the provider."""
    query = call.request.query_params
    said = {name: values[0] for name in SAID if len(values := query.getlist(name)) == 1}
    address = client_of(call.request, call.parts.settings)
    return _left(call, await _openid(call).finish(said, carried(call), label_of(call), address))


def _left(call: Call, entered: Entered) -> Response:
    """The page, with a session or with a reason. The browser carries nothing more, unless a letter is to find it there."""
    settings = call.parts.settings
    to = "/" if entered.why is None else f"/#signin-failed={entered.why}"
    answer = RedirectResponse(to, 303, NO_STORE)
    answer.headers["referrer-policy"] = "no-referrer"
    answer.headers.append("set-cookie", _passage(call, entered.cookie))
    if entered.session is not None:
        secure, port = call.request.scope["scheme"] == "https", port_of(call.request.scope, settings)
        cookie = write_cookie(port, entered.session, secure=secure, sole=settings.secure)
        answer.headers.append("set-cookie", cookie)
    return answer


def _passage(call: Call, value: str | None) -> str:
    settings, scope = call.parts.settings, call.request.scope
    name = passage_cookie(port_of(scope, settings), sole=settings.secure)
    return write_passage_cookie(name, value, secure=settings.secure or scope["scheme"] == "https")


def _openid(call: Call) -> OpenId:
    """The provider of this server. Raises NotFoundError where there is none."""
    openid = call.parts.reception.openid
    if openid is None:
        raise NotFoundError(
            "openid: expected a server with TENDESKS_OIDC_ISSUER, this one has no such provider"
        )
    return openid
