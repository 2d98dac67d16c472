"""For whoever watches the process: does it live, and may it be sent work."""

from starlette.responses import Response

from server.routes.answers import JsonAnswer
from server.routes.call import Call
from server.store.database import answers


async def live(call: Call) -> Response:
    """The process answers."""
    return JsonAnswer({"status": "ok", "now": call.parts.clock.now_ms()})


async def ready(call: Call) -> Response:
    """Whether the store answers and has room, and the server is not draining: else 503.

    Migrations were looked at when it started.
    """
    store = await answers(call.parts.db)
    disk = store and await call.parts.scheduler.has_room()
    checks = {"store": store, "disk": disk, **call.parts.ready()}
    good = all(checks.values())
    return JsonAnswer({"ready": good, "checks": checks}, 200 if good else 503)
