"""The whole of HTTP over a real store, scheduler, ticker and logs; only time and the bodies of tasks are fake."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from server.accounts.local import Owner, ensure_owner
from server.accounts.reception import Reception, open_reception
from server.accounts.sessions import Sessions
from server.accounts.tokens import Grant, TokenKind, Tokens
from server.billing.payments import Payments, open_payments
from server.billing.tiers import TIERS
from server.bus.memory import MemoryBus
from server.clock import SystemClock
from server.executions.logs import Logs
from server.gateway.admission import Admission, limits_of
from server.gateway.guesses import Guesses
from server.kinds.catalogue import catalogue
from server.model import Role, Scope
from server.preview.cards import Cards
from server.preview.exports import Exports
from server.preview.moments import Moments
from server.privacy.privacy import Privacy, open_privacy
from server.recording.arriving import Arrivals
from server.recording.recorder import Recorder
from server.recording.retention import Retention
from server.routes.create import create_routes
from server.routes.shapes import batch_facts
from server.scheduler.loop import Scheduler
from server.settings import Mode, Settings
from server.sheets.making import Tables
from server.spectators.audience import Audience
from server.spectators.links import Links
from server.spectators.reach import Place, Reach
from server.store.database import Database
from server.store.epochs import Epochs
from server.store.ids import Ids
from server.store.links import grant_key
from server.store.tables import metadata
from server.ticker.loop import Ticker
from server.ticker.sinks import Sinks
from server.ticker.stream import Stream
from server.vault.checking import Checking
from server.vault.keyring import fresh
from server.vault.rotation import Rotation
from server.vault.vault import Vault
from server.webhooks.herald import open_herald
from server.webhooks.webhooks import Webhooks, open_webhooks
from tests.fakes.clock import FakeClock
from tests.fakes.runner import FakeRunner
from tests.fakes.studio import FakeStudio
from tests.preview.plain import EXPORTING

URL = "http://127.0.0.1:8000"
API = "/api/v1"


class NoViewers:
    """Satisfies server.ticker.contract.Sink: nobody looks."""

    def deliver(self, stream: Stream, diff: bytes) -> None:
        pass

    def tell(self, stream: Stream, message: bytes) -> None:
        pass

    def renew(self, stream: Stream) -> None:
        pass


class FakeLan:
    """A local network that is there."""

    def __init__(self) -> None:
        self.opened = 0

    async def open(self) -> Place:
        self.opened += 1
        return await self.where()

    async def where(self) -> Place:
        return Place(base="http://192.168.1.7:41234", reach=Reach.LAN)


@dataclass
class Front:
    """What a test needs at hand. `client` carries the owner's token."""

    app: Starlette
    client: httpx2.AsyncClient
    clock: FakeClock
    db: Database
    logs: Logs
    owner: Owner
    recorder: Recorder
    exports: Exports
    retention: Retention
    runner: FakeRunner
    scheduler: Scheduler
    ticker: Ticker
    sessions: Sessions
    settings: Settings
    token: str
    tokens: Tokens
    reception: Reception
    links: Links
    privacy: Privacy
    lan: "FakeLan"
    studio: "FakeStudio"
    cards: Cards
    guests: Starlette
    vault: Vault
    rotation: Rotation
    webhooks: Webhooks
    web: Path
    payments: Payments | None = None
    ready: dict[str, bool] = field(default_factory=dict)

    async def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        return await self.client.request(
            method, path if path.startswith("/health") else API + path, **options
        )

    async def get(self, path: str, **query: Any) -> Any:
        response = await self.ask("GET", path, params=query or None)
        assert response.status_code == 200, response.text
        return response.json()

    async def submit(self, count: int = 3, **members: Any) -> str:
        tasks = [{"input": {"name": f"row {number}", "n": number}} for number in range(count)]
        body = {"name": "List", "kind": "demo", "params": {"seconds": 60}, "tasks": tasks, **members}
        response = await self.ask("POST", "/batches", json=body)
        assert response.status_code == 201, response.text
        await self.scheduler.settled()
        return str(response.json()["id"])

    def record(self) -> None:
        """Record from now on; without this nothing is."""

        async def settle() -> None:
            await self.scheduler.settled()
            await self.ticker.settled()
            await self.recorder.settled()

        self.clock.settle = settle
        self.recorder.begin(self.ticker.hold, self.ticker.release)

    async def issue(self, role: Role, *scopes: Scope) -> str:
        grant = Grant(account=self.owner.account, role=role, scopes=frozenset(scopes))
        return await self.tokens.issue(TokenKind.API, grant)

    def guest(self, grant: str, base_url: str = URL) -> httpx2.AsyncClient:
        """A client that carries a grant and nothing else."""
        headers = {"authorization": f"Bearer {grant}"}
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app), base_url=base_url, headers=headers
        )

    async def grant(self, **members: Any) -> str:
        """Make a link with these members, and exchange it."""
        made = (await self.ask("POST", "/links", json=members)).json()
        secret = made["url"].partition("#")[2]
        async with self.nobody() as client:
            found = await client.post(f"{API}/links/exchange", json={"id": made["id"], "secret": secret})
        return str(found.json()["grant"])

    def nobody(self, base_url: str = URL) -> httpx2.AsyncClient:
        """A client that carries nothing."""
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url=base_url)


@asynccontextmanager
async def fronted(  # noqa: PLR0915 - the whole house, part by part
    folder: Path, *, backend: Any = None, **settings: Any
) -> AsyncIterator[Front]:
    settings_ = Settings(data=folder, **settings)
    clock = FakeClock()
    ids = Ids(clock)
    db = Database(settings_.store_url)
    async with db.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
    owner = await ensure_owner(db, clock=clock, ids=ids, tier="pro")

    async def office_name(office: str) -> str:
        return f"The office {office}"

    reception = open_reception(
        settings=settings_, db=db, clock=clock, ids=ids, tiers=TIERS, office_name=office_name
    )
    tokens, sessions = reception.tokens, reception.sessions
    grant = Grant(account=owner.account, role=Role.OWNER, scopes=frozenset(Scope))
    token = await tokens.issue(TokenKind.API, grant)
    bus, runner = MemoryBus(), FakeRunner(clock)
    recorder = Recorder(db=db, clock=clock, ids=ids, hz=10)
    exports = Exports(db=db, clock=SystemClock(), ids=ids, data=folder, program=EXPORTING)
    arrivals = Arrivals(db=db, clock=clock, ids=ids)
    retention = Retention(db=db, clock=clock, days={}, made=recorder.made, arriving=arrivals.now)
    herald = await open_herald(settings_, TIERS, db, ids, batch_facts)
    scheduler = Scheduler(
        db=db, bus=bus, clock=clock, ids=ids, runner=runner, running_max=500, quota_enforced=False,
        worked=recorder.worked, herald=herald,
    )  # fmt: skip
    clock.settle = scheduler.settled
    await scheduler.start()
    vault = Vault(
        db=db, clock=clock, ids=ids, ring=fresh("test"), checking=Checking(settings_, SystemClock(), backend),
        entitled=lambda _tier: True,
    )  # fmt: skip
    vault.changed = scheduler.keys_changed
    rotation = Rotation(db=db, vault=vault, settings=settings_, clock=clock, ids=ids, operator=owner.account)

    ticker = Ticker(
        clock=clock,
        bus=bus,
        hz=10,
        facts=scheduler.facts,
        raise_epoch=Epochs(db).begin,
        sink=Sinks(NoViewers(), recorder),
    )
    logs = Logs(settings_.logs_folder, clock, log_bytes_max=1_000_000, logs_bytes_max=10_000_000)
    links = Links(
        db=db, clock=clock, ids=ids, audience=Audience(clock), key=await grant_key(db),
        tiers=None if settings_.mode is Mode.LOCAL else TIERS,
    )  # fmt: skip
    payments = open_payments(settings_, TIERS, db=db, clock=clock, ids=ids, settle_plan=scheduler.settle_plan)
    privacy = open_privacy(
        settings=settings_, db=db, clock=clock, ids=ids, scheduler=scheduler, tokens=tokens, links=links, logs=logs,
        exports=exports, recorder=recorder, arrivals=arrivals, ticker=ticker, operator=owner.account,
        leaving=() if payments is None else (payments.leaving,),
    )  # fmt: skip
    webhooks = open_webhooks(
        settings=settings_, db=db, clock=clock, ids=ids, vault=vault, post=reception.post, herald=herald,
        chance=lambda: 0.5, backend=backend,
    )  # fmt: skip
    lan, studio = FakeLan(), FakeStudio()
    cards = Cards(studio=studio, clock=clock, look=links.shown, show=Moments(db, ticker.keyframe).of)  # type: ignore[arg-type]
    ready = {"admitting": True}
    web = folder / "web"
    surface = create_routes(
        db=db, scheduler=scheduler, keyframe=ticker.keyframe, kinds=catalogue(settings_), logs=logs,
        recorder=recorder, exports=exports, arrivals=arrivals, tables=Tables(clock=SystemClock(), folder=folder), retention=retention, settings=settings_, clock=clock, ids=ids, tiers=TIERS, tokens=tokens, sessions=sessions, reception=reception,
        links=links, privacy=privacy, cards=cards, guesses=Guesses(Admission(limits_of(settings_)), clock, settings_.mode), lan=lan.open, vault=vault, rotation=rotation, webhooks=webhooks, ready=lambda: ready, web=web, payments=payments,
    )  # fmt: skip
    app = Starlette(routes=surface.routes, middleware=surface.middleware)
    reception.post.begin()
    headers = {"authorization": f"Bearer {token}"}
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url=URL, headers=headers) as client:
        yield Front(
            app=app, client=client, clock=clock, db=db, logs=logs, owner=owner, recorder=recorder, exports=exports,
            retention=retention, runner=runner, scheduler=scheduler, ticker=ticker, sessions=sessions, settings=settings_, token=token, tokens=tokens, reception=reception,
            links=links, privacy=privacy, lan=lan, studio=studio, cards=cards, guests=Starlette(routes=surface.guest_routes, middleware=surface.guest_middleware),
            vault=vault, rotation=rotation, webhooks=webhooks, web=web, payments=payments, ready=ready,
        )  # fmt: skip
    if payments is not None:
        await payments.stop()
    await webhooks.stop()
    await rotation.stop()
    await vault.aclose()
    await privacy.sweeps.stop()
    await exports.stop()
    await ticker.stop()
    await retention.stop()
    await recorder.stop()
    await scheduler.stop(0)
    await logs.flush()
    await reception.stop()
    await db.close()


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with fronted(tmp_path) as found:
        yield found
