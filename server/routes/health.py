"""For whoever watches the process: does it live, and may it be sent work."""

from starlette.responses import Response

from server.routes.answers import JsonAnswer
from server.routes.call import Call


async def live(call: Call) -> Response:
    """The process answers."""
    return JsonAnswer({"status": "ok", "now": call.parts.clock.now_ms()})


async def ready(call: Call) -> Response:
    """Whether store, bus and migrations are as they should be and the server is not draining: else 503."""
    checks = dict(call.parts.ready())
    good = all(checks.values())
    return JsonAnswer({"ready": good, "checks": checks}, 200 if good else 503)
