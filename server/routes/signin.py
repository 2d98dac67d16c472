"""Before somebody is known: which ways in there are, and a one-time link by e-mail."""

from starlette.requests import Request
from starlette.responses import Response

from server.accounts.attempts import address_of
from server.accounts.email import email_of
from server.routes.answers import JsonAnswer, nothing, present
from server.routes.bodies import members_of
from server.routes.call import Call
from server.routes.refusals import HostedOnlyError
from server.settings import Mode, Settings


async def ways(call: Call) -> Response:
    """How people sign in here; a local server has its printed URL and nothing else."""
    reception = call.parts.reception
    openid = None if reception.openid is None else {"name": reception.openid.name}
    return JsonAnswer(present(mode=call.parts.settings.mode, email=reception.signin.by_mail, openid=openid))


async def ask(call: Call) -> Response:
    """Have a one-time link sent. The answer says nothing of whether the address is known."""
    email = email_of((await members_of(call, "email")).get("email"))
    hosted(call)
    call.parts.reception.signin.ask(email, client_of(call.request, call.parts.settings))
    return nothing()


def hosted(call: Call) -> None:
    """Raise HostedOnlyError on a local server, which has one owner and no accounts."""
    if call.parts.settings.mode is Mode.LOCAL:
        raise HostedOnlyError(
            "expected a server with TENDESKS_MODE=hosted, this one is local and has one owner"
        )


def client_of(request: Request, settings: Settings) -> str | None:
    """Under which name the tries of whoever asks are counted; None: they are not."""
    return address_of(None if request.client is None else request.client.host, settings.mode)
