"""What a task can be, on this server."""

from starlette.responses import Response

from server.routes.answers import JsonAnswer
from server.routes.call import Call
from server.routes.submit import kind_allowed


async def listed(call: Call) -> Response:
    """Every kind with its default number of attempts, and whether it may be used here."""
    items = [
        {"name": kind.name, "attempts": kind.attempts, "allowed": kind_allowed(call, kind.name)}
        for kind in call.parts.kinds.values()
    ]
    return JsonAnswer({"items": items})
