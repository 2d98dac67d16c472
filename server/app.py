"""The composition root: it opens the house and its doors, and closes them in the order in which nothing is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import WebSocketRoute
from starlette.types import Scope

from server.accounts.sessions import read_cookie
from server.clock import Clock
from server.executions.leftovers import end_leftovers
from server.gateway.admission import Admission, limits_of
from server.gateway.endpoint import live_endpoint
from server.gateway.guesses import Guesses
from server.house import House, furnish
from server.kinds.catalogue import close
from server.model import Identity
from server.recording.mending import mend
from server.routes.create import create_routes
from server.routes.guard import origin_allowed
from server.settings import Settings
from server.spectators.grant import PREFIX as GRANT_PREFIX
from server.store.database import Database
from server.store.migrations import at_head, upgrade


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock, *, port: int) -> AsyncIterator[House]:
    """Open the store, mend what a crash left, and begin to work. The caller holds the data folder's lock.

    `port` is the one that is listened at; the session's cookie is named after it.
    """
    if not await at_head(settings.store_url):
        await upgrade(settings.store_url)
    db = Database(settings.store_url)
    try:
        house = await furnish(settings, clock, db)
        _open_doors(house, port)
        await end_leftovers(settings.data, clock)
        await mend(db)
        house.exports.begin()
        if settings.record:
            house.recorder.begin(house.ticker.hold, house.ticker.release)
        await house.scheduler.start()
        await house.rotation.resume()
        house.reception.begin()
        if house.payments is not None:
            house.payments.begin()
        house.webhooks.begin()
        house.privacy.sweeps.begin()
        house.retention.begin()  # after all that may fail, for it goes on by itself
        yield house
        if house.payments is not None:
            await house.payments.stop()
        await house.webhooks.stop()
        await house.privacy.sweeps.stop()
        await house.exports.stop()
        await house.ticker.stop()
        await house.retention.stop()
        await house.reception.stop()
        await house.recorder.stop()
        await house.logs.flush()
        await house.cards.stop()
        await house.rotation.stop()
        await close(house.kinds)
        await house.vault.aclose()
    finally:
        await db.close()


def _open_doors(house: House, port: int) -> None:
    """Put the applications together: the one for everybody, and the local network's for guests alone."""

    async def by_cookie(scope: Scope) -> Identity | None:
        secret = read_cookie(Headers(scope=scope).get("cookie"), port, sole=house.settings.secure)
        return None if secret is None else await house.reception.sessions.by_cookie(secret)

    async def nobody(_scope: Scope) -> Identity | None:
        return None

    async def by_token(token: str) -> Identity | None:
        by = house.links.by_grant if token.startswith(GRANT_PREFIX) else house.reception.tokens.by_token
        return await by(token)

    admission = Admission(limits_of(house.settings))
    endpoint = partial(
        live_endpoint,
        clock=house.clock,
        settings=house.settings,
        ticker=house.ticker,
        hub=house.hub,
        admission=admission,
        audience=house.links.audience,
        callers=house.reception.tokens.callers,
        origin_allowed=lambda scope: origin_allowed(scope, house.settings),
    )
    surface = create_routes(
        db=house.db,
        scheduler=house.scheduler,
        keyframe=house.ticker.keyframe,
        kinds=house.kinds,
        logs=house.logs,
        recorder=house.recorder,
        exports=house.exports,
        arrivals=house.arrivals,
        tables=house.tables,
        retention=house.retention,
        settings=house.settings,
        clock=house.clock,
        ids=house.ids,
        tiers=house.tiers,
        tokens=house.reception.tokens,
        sessions=house.reception.sessions,
        reception=house.reception,
        links=house.links,
        privacy=house.privacy,
        cards=house.cards,
        guesses=Guesses(admission, house.clock, house.settings.mode),
        lan=house.open_lan,
        vault=house.vault,
        rotation=house.rotation,
        ready=house.ready,
        payments=house.payments,
        webhooks=house.webhooks,
    )
    live = WebSocketRoute("/live", endpoint(by_token=by_token, by_cookie=by_cookie))
    house.asgi = Starlette(routes=[live, *surface.routes], middleware=surface.middleware)
    live = WebSocketRoute("/live", endpoint(by_token=house.links.by_grant, by_cookie=nobody))
    house.lan_asgi = Starlette(routes=[live, *surface.guest_routes], middleware=surface.guest_middleware)
