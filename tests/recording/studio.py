"""A ticker that is recorded into a real store, on a fake clock, and somebody who remembers every state that was live."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from sqlite3 import SQLITE_FULL, OperationalError
from typing import Any

import orjson

from server.bus.memory import MemoryBus
from server.recording.mending import mend
from server.recording.playback import at_moment
from server.recording.recorder import Recorder
from server.recording.segment import state_at, unpack
from server.routes.office import etag_of
from server.store.accounts import add_account
from server.store.database import Database, Transaction
from server.store.ids import Ids
from server.store.offices import add_office
from server.store.recordings import RecordingRow, SegmentRow, recordings_page, segment_body, segment_rows
from server.store.tables import metadata
from server.ticker.loop import Ticker
from server.ticker.sinks import Sinks
from server.ticker.stream import Stream
from simulation.inputs import Input
from tests.fakes.clock import FakeClock
from tests.fakes.offices import FakeOffices
from tests.simulation import histories

OFFICE = "o1"
MINUTE_MS = 60_000


class Witness:
    """Satisfies Sink. `seen`: every moment at which the full view changed, with the hash of what it showed from then on."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, str]] = []
        self.frames: list[bytes] = []

    def deliver(self, stream: Stream, diff: bytes) -> None:
        assert orjson.loads(diff)["seq"] == stream.seq
        self.frames.append(diff)
        self.see(stream)

    def tell(self, stream: Stream, message: bytes) -> None:
        pass

    def renew(self, stream: Stream) -> None:
        self.see(stream)

    def see(self, stream: Stream) -> None:
        current = stream.current()
        self.seen.append((current.now, etag_of(current.state)))

    def at(self, now_ms: int) -> str:
        return self.seen[bisect_right(self.seen, now_ms, key=lambda seen: seen[0]) - 1][1]


class Studio:
    """One server process after another over one store. `begin` starts one; `kill` leaves it as a kill -9 would."""

    def __init__(self, path: Path, *, database: type[Database] = Database, **options: Any) -> None:
        self.db = database(f"sqlite+aiosqlite:///{path / 'store.sqlite3'}")
        self.now_ms = FakeClock().now_ms()
        self.witness = Witness()
        self.options = options
        self.epochs: dict[str, int] = {}
        self.offices: FakeOffices | None = None

    async def prepare(self, *offices: str, tier: str = "pro") -> None:
        async with self.db.write() as tx:
            await tx.conn.run_sync(metadata.create_all)
            for office in offices or (OFFICE,):
                await add_account(tx.conn, account=f"a{office}", name="Ann", tier=tier, now_ms=0)
                await add_office(tx.conn, office=office, account=f"a{office}", name="Acme", now_ms=0)

    async def begin(self) -> None:
        self.clock = FakeClock(self.now_ms)
        bus = MemoryBus()
        before, self.offices = self.offices, FakeOffices(bus)
        if before is not None:
            self.offices._facts, self.offices.epochs = before._facts, before.epochs
        self.ids = Ids(self.clock, start=lambda _: 0)
        self.recorder = Recorder(db=self.db, clock=self.clock, ids=self.ids, hz=10, **self.options)
        self.ticker = Ticker(
            clock=self.clock, bus=bus, hz=10, facts=self.offices.facts, raise_epoch=self.offices.raise_epoch,
            sink=Sinks(self.witness, self.recorder),
        )  # fmt: skip
        await mend(self.db)
        self.recorder.begin(self.hold, self.ticker.release)
        self.clock.settle = self.settle

    async def hold(self, office: str) -> Stream:
        stream = await self.ticker.hold(office)
        if office == OFFICE:
            self.witness.see(stream)
        return stream

    async def settle(self) -> None:
        await self.ticker.settled()
        await self.recorder.settled()

    def add(self, office: str = OFFICE, slots: int = 10) -> None:
        assert self.offices is not None
        self.offices.add(office, slots=slots)

    def happen(self, *inputs: Input, office: str = OFFICE) -> None:
        assert self.offices is not None
        self.offices.happen(office, *inputs)

    async def kill(self) -> None:
        """Its timers go with its clock."""
        await self.settle()
        self.now_ms = self.clock.now_ms()

    async def stop(self) -> None:
        await self.ticker.stop()
        await self.recorder.stop()
        self.now_ms = self.clock.now_ms()

    async def recordings(self, office: str = OFFICE) -> list[RecordingRow]:
        """Oldest first."""
        async with self.db.read() as conn:
            return (await recordings_page(conn, office, limit=500))[::-1]

    async def segments(self, recording: str) -> list[SegmentRow]:
        async with self.db.read() as conn:
            return await segment_rows(conn, recording)

    async def lines(self, recording: str, n: int, office: str = OFFICE) -> list[bytes]:
        async with self.db.read() as conn:
            return unpack(await segment_body(conn, office, recording, n))

    async def markers(self, recording: str, *kinds: str) -> list[dict[str, Any]]:
        found = [marker for row in await self.segments(recording) for marker in orjson.loads(row.markers)]
        return [marker for marker in found if not kinds or marker["kind"] in kinds]


class Played:
    """All recordings of an office, read once; `at` is the hash of what they show at a moment, None where nothing is known."""

    def __init__(self, spans: list[SegmentRow], bodies: list[list[bytes]]) -> None:
        self.spans = spans
        self.bodies = bodies

    @classmethod
    async def of(cls, studio: Studio) -> "Played":
        spans, bodies = [], []
        for recording in await studio.recordings():
            for row in await studio.segments(recording.id):
                spans.append(row)
                bodies.append(await studio.lines(recording.id, row.n))
        return cls(spans, bodies)

    def at(self, now_ms: int) -> str | None:
        n = at_moment(self.spans, now_ms)
        state = None if n is None else state_at(self.bodies[n], now_ms, 10)
        return None if state is None else etag_of(state)


class Teller:
    """Things that happen in an office by chance, as they do in the histories of the simulation."""

    def __init__(self, chance: Random, slots: int = 10) -> None:
        self._office = histories.Office(chance=chance, slots=slots)

    def tell(self, now_ms: int) -> list[Input]:
        self._office.now_ms = now_ms
        return histories.inputs_of(self._office)


class SlowDatabase(Database):
    """A store whose writes wait, or fail, when they are told to."""

    full = False

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.open = asyncio.Event()
        self.open.set()
        self.writes = 0

    @asynccontextmanager
    async def write(self, *, first: bool = False) -> AsyncIterator[Transaction]:
        assert not first, "nothing of a recording goes before the queue"
        await self.open.wait()
        self.writes += 1
        async with super().write() as tx:
            yield tx
            if self.full:
                error = OperationalError("database or disk is full")
                error.sqlite_errorcode = SQLITE_FULL
                raise error


async def worked(studio: Studio, office: str = OFFICE) -> None:
    """Something begins to run, and the office is awake."""
    studio.recorder.worked(office, True)
    await studio.settle()
