"""What somebody may ask of what is kept about them: all of it as a file, and that it be deleted."""

from starlette.responses import Response, StreamingResponse

from server.privacy.deletion import check_name
from server.routes.answers import NO_STORE, JsonAnswer, nothing
from server.routes.bodies import members_of
from server.routes.call import Call
from server.routes.refusals import HostedOnlyError
from server.routes.results import disposition
from server.routes.signin import hosted
from server.routes.times import rfc3339
from server.settings import Mode

ZIP = "application/zip"


async def export(call: Call) -> Response:
    """All that is kept of the account."""
    facts = await call.parts.scheduler.account(call.office)
    pieces = call.parts.privacy.takeouts.begin(call.who.account, call.office)
    moment = rfc3339(call.parts.clock.now_ms())[:10]
    headers = {**NO_STORE, "content-disposition": disposition(f"{facts.name} {moment}.zip")}
    return StreamingResponse(pieces, 200, headers, ZIP)


async def delete(call: Call) -> Response:
    """Have the account deleted; nothing of it starts from now on."""
    members = await members_of(call, "confirm")
    if call.parts.settings.mode is Mode.LOCAL:
        raise HostedOnlyError(
            "account: this server is yours alone; stop it and delete its data folder, and nothing of it is left"
        )
    check_name(members.get("confirm"), (await call.parts.scheduler.account(call.office)).name)
    deletes_ms = await call.parts.privacy.deletion.ask(call.who.account, actor=call.who.actor)
    return JsonAnswer({"deletes": rfc3339(deletes_ms)}, 202)


async def keep(call: Call) -> Response:
    """Take the deletion back."""
    hosted(call)
    await call.parts.privacy.deletion.keep(call.who.account, actor=call.who.actor)
    return nothing()


async def delete_other(call: Call) -> Response:
    """The operator has an account deleted."""
    hosted(call)
    deletes_ms = await call.parts.privacy.deletion.ask(call.path("id"), actor=call.who.actor)
    return JsonAnswer({"deletes": rfc3339(deletes_ms)}, 202)


async def keep_other(call: Call) -> Response:
    """The operator takes a deletion back."""
    hosted(call)
    await call.parts.privacy.deletion.keep(call.path("id"), actor=call.who.actor)
    return nothing()
