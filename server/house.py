"""The house: all parts of one process, made and put together. Who opens and closes it, and who may come in: `server.app`."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from starlette.applications import Starlette

from server.accounts.local import Owner, ensure_owner, ensure_token
from server.accounts.reception import Reception, open_reception
from server.billing.figures import BillingFigures
from server.billing.payments import Payments, open_payments
from server.billing.spending import Spending
from server.billing.tierfile import check_used, read_tiers
from server.bus.memory import MemoryBus
from server.clock import Clock
from server.errors import UnavailableError
from server.executions.logs import Logs
from server.executions.runner import LocalRunner
from server.gateway.hub import Hub
from server.kinds.catalogue import catalogue
from server.kinds.ceilings import Ceilings, NoCeilings
from server.kinds.command import CommandKind
from server.kinds.contract import Kind
from server.metrics.table import Sources
from server.model import NewTask, Tier
from server.preview.cards import Cards
from server.preview.exports import Exports
from server.preview.moments import Moments
from server.preview.studio import Studio
from server.privacy.privacy import Privacy, open_privacy
from server.recording.arriving import Arrivals
from server.recording.recorder import Recorder
from server.recording.retention import Retention
from server.routes.call import OpenLan
from server.routes.shapes import batch_facts
from server.samples import samples
from server.scheduler.loop import Scheduler
from server.settings import Mode, Settings
from server.sheets.making import Tables
from server.spectators.audience import Audience
from server.spectators.links import Links
from server.spectators.reach import Place
from server.store.batches import has_batches
from server.store.database import Database
from server.store.epochs import Epochs
from server.store.ids import Ids
from server.store.links import grant_key
from server.store.register import tiers_in_use
from server.ticker.loop import Ticker
from server.ticker.sinks import Sinks
from server.vault.checking import Checking
from server.vault.proof import open_ring
from server.vault.rotation import Rotation
from server.vault.vault import Vault
from server.webhooks.herald import open_herald
from server.webhooks.webhooks import Webhooks, open_webhooks

FAREWELL_MS = 2_000
"""How long viewers have to take the news that the server stops."""


@dataclass(kw_only=True)
class House:
    """All parts of one process, put together and at work."""

    settings: Settings
    clock: Clock
    ids: Ids
    db: Database
    tiers: Mapping[str, Tier]
    reception: Reception
    logs: Logs
    kinds: Mapping[str, Kind]
    runner: LocalRunner
    scheduler: Scheduler
    hub: Hub
    ticker: Ticker
    recorder: Recorder
    exports: Exports
    arrivals: Arrivals
    tables: Tables
    retention: Retention
    vault: Vault
    rotation: Rotation
    owner: Owner
    token: str
    links: Links
    privacy: Privacy
    cards: Cards
    payments: Payments | None
    webhooks: Webhooks
    asgi: Starlette = field(init=False)
    lan_asgi: Starlette = field(init=False)
    lan: OpenLan | None = None
    draining: bool = False

    async def lan_wanted(self) -> bool:
        """Whether a link for the local network is still good, so that the listener has to be open."""
        return self.settings.mode is Mode.LOCAL and await self.links.lan_wanted()

    async def open_lan(self) -> Place:
        """Open the listener for the local network, if it is not open; whoever serves this house knows how."""
        if self.lan is None:
            raise UnavailableError("lan: expected a server that can listen in the local network, got none")
        return await self.lan()

    def ready(self) -> Mapping[str, bool]:
        """What `/readyz` asks besides the store, which it asks itself; all must be true."""
        return {"admitting": not self.draining}

    def sources(self) -> Sources:
        """Where the metrics come from."""
        return Sources(
            gateway=self.hub.figures,
            ticker=self.ticker.figures,
            scheduler=self.scheduler.figures,
            recorder=self.recorder.figures,
            billing=BillingFigures if self.payments is None else self.payments.figures,
            webhooks=self.webhooks.figures,
        )

    async def begin_samples(self) -> None:
        """Give an office that never had a batch two to begin with, where commands may be run at all."""
        if not self.settings.commands_allowed:
            return
        async with self.db.read() as conn:
            if await has_batches(conn, self.owner.office):
                return
        for sample in await asyncio.to_thread(samples, self.kinds[CommandKind.name]):
            await self.scheduler.submit(self.owner.office, sample.batch, _whole(sample.tasks))

    async def stop(self, grace_ms: int) -> None:
        """Admit nothing more, let what runs end or end it after the grace period, and send the viewers away."""
        self.draining = True
        await self.scheduler.stop(grace_ms)
        self.links.watching.stop()
        await self.hub.stop(FAREWELL_MS)

    async def hurry(self) -> None:
        """The grace period is over now."""
        await self.runner.stop(0)


async def furnish(settings: Settings, clock: Clock, db: Database) -> House:
    """Make every part and hand each what it needs; nothing works yet."""
    ids = Ids(clock)
    bus = MemoryBus()
    tiers = read_tiers(settings.tiers_file)
    tier_given = "tier" in settings.model_fields_set
    owner = await ensure_owner(db, clock=clock, ids=ids, tier=settings.tier, tier_given=tier_given)
    async with db.read() as conn:
        check_used(tiers, await tiers_in_use(conn))
    logs = Logs(
        settings.logs_folder,
        clock,
        log_bytes_max=settings.log_bytes_max,
        logs_bytes_max=settings.logs_bytes_max,
    )
    vault = await _vault(settings, tiers, db, clock, ids)
    kinds = catalogue(settings, vault, _ceilings(settings, tiers, db, clock))
    runner = LocalRunner(kinds, clock, logs, settings)
    recorder = Recorder(db=db, clock=clock, ids=ids, hz=settings.tick_hz)
    herald = await open_herald(settings, tiers, db, ids, batch_facts)
    scheduler = Scheduler(
        db=db,
        bus=bus,
        clock=clock,
        ids=ids,
        runner=runner,
        running_max=settings.running_max,
        quota_enforced=settings.quota_enforced,
        tiers=tiers,
        worked=recorder.worked,
        herald=herald,
    )
    vault.changed = scheduler.keys_changed
    arrivals = Arrivals(db=db, clock=clock, ids=ids)
    hub = Hub(clock=clock, chance=random.random, sockets_max=settings.viewers_max)

    ticker = Ticker(
        clock=clock,
        bus=bus,
        hz=settings.tick_hz,
        facts=scheduler.facts,
        raise_epoch=Epochs(db).begin,
        sink=Sinks(hub, recorder),
    )
    links = Links(
        db=db,
        clock=clock,
        ids=ids,
        audience=Audience(clock),
        key=await grant_key(db),
        tiers=None if settings.mode is Mode.LOCAL else tiers,
    )
    reception = open_reception(
        settings=settings,
        db=db,
        clock=clock,
        ids=ids,
        tiers=tiers,
        office_name=partial(_office_name, scheduler),
    )
    payments = open_payments(settings, tiers, db=db, clock=clock, ids=ids, settle_plan=scheduler.settle_plan)
    exports = Exports(db=db, clock=clock, ids=ids, data=settings.data)
    return House(
        settings=settings,
        clock=clock,
        ids=ids,
        db=db,
        tiers=tiers,
        reception=reception,
        logs=logs,
        kinds=kinds,
        runner=runner,
        scheduler=scheduler,
        hub=hub,
        ticker=ticker,
        recorder=recorder,
        exports=exports,
        arrivals=arrivals,
        tables=Tables(clock=clock, folder=settings.data),
        retention=Retention(
            db=db, clock=clock, days=_kept_days(settings, tiers), made=recorder.made, arriving=arrivals.now
        ),
        vault=vault,
        rotation=Rotation(
            db=db, vault=vault, settings=settings, clock=clock, ids=ids, operator=owner.account
        ),
        owner=owner,
        token=await ensure_token(reception.tokens, settings.data, owner),
        links=links,
        privacy=open_privacy(
            settings=settings,
            db=db,
            clock=clock,
            ids=ids,
            scheduler=scheduler,
            tokens=reception.tokens,
            links=links,
            logs=logs,
            exports=exports,
            recorder=recorder,
            arrivals=arrivals,
            ticker=ticker,
            operator=owner.account,
            leaving=() if payments is None else (payments.leaving,),
        ),
        cards=Cards(
            studio=Studio(clock), clock=clock, look=links.shown, show=Moments(db, ticker.keyframe).of
        ),
        payments=payments,
        webhooks=open_webhooks(
            settings=settings, db=db, clock=clock, ids=ids, vault=vault, post=reception.post, herald=herald
        ),
    )


async def _vault(
    settings: Settings, tiers: Mapping[str, Tier], db: Database, clock: Clock, ids: Ids
) -> Vault:
    """On one's own machine anybody may have own keys; elsewhere those whose tier has them."""

    def entitled(tier: str) -> bool:
        return settings.mode is Mode.LOCAL or "keys" in tiers[tier].features

    vault = Vault(
        db=db, clock=clock, ids=ids, ring=await open_ring(db, settings), checking=Checking(settings, clock), entitled=entitled
    )  # fmt: skip
    await vault.begin()
    return vault


def _ceilings(settings: Settings, tiers: Mapping[str, Tier], db: Database, clock: Clock) -> Ceilings:
    """What may be taken of the platform's key: on one's own machine as much as one likes."""
    return NoCeilings() if settings.mode is Mode.LOCAL else Spending(db, clock, tiers)


async def _office_name(scheduler: Scheduler, office: str) -> str:
    return (await scheduler.account(office)).name


def _kept_days(settings: Settings, tiers: Mapping[str, Tier]) -> Mapping[str, int]:
    """By tier how long recordings are kept; one's own, on one's own machine, until they are deleted."""
    if settings.mode is Mode.LOCAL:
        return {}
    return {tier.name: tier.recording_days for tier in tiers.values() if tier.recording_days is not None}


async def _whole(tasks: Sequence[NewTask]) -> AsyncIterator[Sequence[NewTask]]:
    yield tasks
