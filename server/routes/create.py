"""Everything that HTTP answers, from the parts that it is given: routes for the application, and the layers around them."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from server.accounts.reception import Reception
from server.accounts.sessions import Sessions
from server.accounts.tokens import Tokens
from server.billing.payments import Payments
from server.clock import Clock
from server.executions.logs import Logs
from server.kinds.contract import Kind
from server.model import Tier
from server.preview.cards import Cards
from server.preview.exports import Exports
from server.privacy.privacy import Privacy
from server.recording.arriving import Arrivals
from server.recording.recorder import Recorder
from server.recording.retention import Retention
from server.routes.call import Guesses, Keyframes, OpenLan, Parts
from server.routes.dispatch import Dispatch
from server.routes.docs import documentation
from server.routes.entry import Entry
from server.routes.envelope import Envelope
from server.routes.host import HostCheck, names_of, names_of_machine
from server.routes.pages import LinkPages
from server.routes.static import WebClient
from server.routes.table import TABLE
from server.scheduler.loop import Scheduler
from server.settings import Mode, Settings
from server.sheets.making import Tables
from server.spectators.links import Links
from server.store.database import Database
from server.store.ids import Ids
from server.vault.rotation import Rotation
from server.vault.vault import Vault
from server.webhooks.webhooks import Webhooks

WEB = Path(__file__).parent.parent / "web"
ENTRIES: tuple[Entry, ...] = (*TABLE, *documentation(TABLE))


@dataclass(frozen=True, kw_only=True, slots=True)
class Surface:
    """`routes` end with one that answers every path: put others before them. `middleware` is outermost first.

    `guest_routes` and `guest_middleware`: the same for the local network's listener, which has what guests may use.
    """

    routes: list[BaseRoute]
    middleware: list[Middleware]
    guest_routes: list[BaseRoute]
    guest_middleware: list[Middleware]


def create_routes(  # noqa: PLR0913 -- one argument for each part of the house
    *,
    db: Database,
    scheduler: Scheduler,
    keyframe: Keyframes,
    kinds: Mapping[str, Kind],
    logs: Logs,
    recorder: Recorder,
    exports: Exports,
    arrivals: Arrivals,
    tables: Tables,
    retention: Retention,
    settings: Settings,
    clock: Clock,
    ids: Ids,
    tiers: Mapping[str, Tier],
    tokens: Tokens,
    sessions: Sessions,
    reception: Reception,
    links: Links,
    privacy: Privacy,
    cards: Cards,
    guesses: Guesses,
    lan: OpenLan,
    vault: Vault,
    rotation: Rotation,
    webhooks: Webhooks,
    ready: Callable[[], Mapping[str, bool]],
    web: Path = WEB,
    payments: Payments | None = None,
) -> Surface:
    """Build the routes. `ready` names what has to be in order before work may be sent here, and whether it is.

    `web` is the folder of the built web client; where there is none, the page says so. `payments`: where something is sold.
    """
    parts = Parts(
        db=db,
        scheduler=scheduler,
        keyframe=keyframe,
        kinds=kinds,
        logs=logs,
        recorder=recorder,
        exports=exports,
        arrivals=arrivals,
        tables=tables,
        retention=retention,
        settings=settings,
        clock=clock,
        ids=ids,
        tiers=tiers,
        tokens=tokens,
        sessions=sessions,
        reception=reception,
        links=links,
        privacy=privacy,
        cards=cards,
        guesses=guesses,
        lan=lan,
        vault=vault,
        rotation=rotation,
        webhooks=webhooks,
        ready=ready,
        process=secrets.token_bytes(8),
        payments=payments,
    )
    pages = LinkPages(web, links.shown, settings).routes()
    envelope = Middleware(Envelope, clock=clock, ids=ids)
    layers = [envelope]
    if settings.mode is Mode.LOCAL:
        layers.append(Middleware(HostCheck, names=names_of(settings)))
    return Surface(
        routes=[*_routes(parts), *pages, Route("/{path:path}", WebClient(web))],
        middleware=layers,
        guest_routes=[
            *_routes(parts, guests_only=True),
            *pages,
            Route("/{path:path}", WebClient(web, pages=frozenset())),
        ],
        guest_middleware=[envelope, Middleware(HostCheck, names=names_of_machine(), addresses=True)],
    )


def _routes(parts: Parts, *, guests_only: bool = False) -> list[BaseRoute]:
    shown = [entry for entry in ENTRIES if entry.guests or not guests_only]
    by_path = groupby(sorted(shown, key=lambda entry: entry.path), lambda entry: entry.path)
    return [Route(path, Dispatch(list(entries), parts, guests_only=guests_only)) for path, entries in by_path]
