"""A bare WebSocket client and a stock RFC 7396 library, and nothing of ours, hold what the server holds.

The server is real, and so are the sockets; only its clock is moved by the test, so that minutes pass at once.
"""

import asyncio
import json
import random
from typing import Any

import json_merge_patch
import pytest
from websockets.asyncio.client import ClientConnection, connect

from server.model import View
from simulation.inputs import QueueChanged, QuotaChanged, SlotsChanged
from tests.fakes.clock import FakeClock
from tests.fakes.house import WAYS, Served, served
from tests.fakes.offices import batch, ended, noted, started

pytestmark = pytest.mark.flow

STEPS = 120


class BareClient:
    """All that somebody would write who has read nothing but the description of the socket."""

    def __init__(self, url: str, token: str, view: str) -> None:
        self.url = url
        self.hello: dict[str, Any] = {"type": "hello", "token": token, "view": view}
        self.state: Any = None
        self.now: int = 0
        self.log: list[str] = []
        self.changed = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None

    async def open(self) -> None:
        self._socket = await connect(self.url, subprotocols=["tendesks.v1"], proxy=None)
        await self._socket.send(json.dumps(self.hello))
        self._reading = asyncio.create_task(self._read(self._socket))

    async def close(self) -> None:
        assert self._socket is not None
        assert self._reading is not None
        await self._socket.close()
        await self._reading

    async def holds(self, epoch: int, seq: int) -> None:
        """Wait until it has got there; the reader's failure is the test's."""
        assert self._reading is not None
        while (self.hello.get("epoch"), self.hello.get("seq")) != (epoch, seq):
            self.changed.clear()
            waiting = asyncio.create_task(self.changed.wait())
            await asyncio.wait({waiting, self._reading}, return_when="FIRST_COMPLETED", timeout=10)
            assert waiting.done(), f"expected epoch {epoch} and seq {seq}, got {self.hello}"

    async def _read(self, socket: ClientConnection) -> None:
        epoch = None
        async for data in socket:
            message = json.loads(data)
            self.log.append(message["type"])
            if message["type"] == "hello":
                epoch, self.hz = message["epoch"], message["hz"]
            elif message["type"] == "keyframe":
                self.state = message["state"]
                self.key = message["tick"], message["now"]
                self.hello |= {"epoch": epoch, "seq": message["seq"]}
            elif message["type"] == "resumed":
                assert message["from"] == self.hello["seq"]
            elif message["type"] == "diff":
                assert message["seq"] == self.hello["seq"] + 1
                self.state = json_merge_patch.merge(self.state, message["patch"])
                self.hello["seq"] = message["seq"]
            if message["type"] in {"keyframe", "diff"}:
                self.now = self.key[1] + (message["tick"] - self.key[0]) * 1000 // self.hz
            self.changed.set()


class History:
    """Things that happen in an office, by chance."""

    def __init__(self, seed: int, house: Served) -> None:
        self.chance = random.Random(seed)
        self.house = house
        self.running: list[int] = []
        self.number = 0

    async def step(self) -> None:
        self.number += 1
        for _ in range(self.chance.choice([0, 1, 1, 3, 20])):
            self.happen()
        if self.chance.random() < 0.02:
            self.house.clock.set_wall(self.house.clock.now_ms() + self.chance.choice([-9_000, 3_600_000]))
        await self.house.clock.advance(self.chance.choice([30, 100, 100, 700, 3_500]))

    def happen(self) -> None:
        self.number += 1
        now_ms = self.house.clock.now_ms()
        what = self.chance.choice(["start", "start", "end", "end", "note", "figures", "slots"])
        if what == "start":
            self.running.append(self.number)
            title = self.chance.choice(
                ["Acme Corp", "Žluťoučký kůň", "名前", 'quotes " and \\', "😀" * 60, ""]
            )
            self.house.offices.happen("office1", started(self.number, now_ms, title=title))
        elif what == "slots":
            slots = self.chance.choice([0, 1, 3, 10, 50])
            self.house.offices.happen("office1", SlotsChanged(slots=slots))
        elif what == "figures":
            self.house.offices.happen("office1", *self.figures(now_ms))
        elif self.running:
            some = self.running.pop(self.chance.randrange(len(self.running)))
            if what == "note":
                self.running.append(some)
                self.house.offices.happen("office1", noted(some, now_ms, f"step {self.number}"))
            else:
                self.house.offices.happen("office1", ended(some, now_ms))

    def figures(self, now_ms: int) -> list[Any]:
        eta_ms = self.chance.choice([None, (now_ms + 60_000, now_ms + 90_000)])
        queue = QueueChanged(waiting=self.number, perhour=None, eta_ms=eta_ms, blocked=None, until_ms=None)
        quota = QuotaChanged(used=self.number, limit=5_000, resets_ms=now_ms + 86_400_000)
        return [queue, quota, batch("A batch", done=self.number, batch=f"batch{self.chance.randrange(70)}")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("view", ["full", "figures"])
@pytest.mark.parametrize("seed", [7, 8, 9])
async def test_a_bare_client_holds_the_state_of_the_ticker_after_every_step(
    seed: int, view: str, way: str
) -> None:
    clock = FakeClock()
    async with served(clock, options=WAYS[way]) as house:
        clock.settle = house.ticker.settled
        url, history = f"ws://127.0.0.1:{house.port}/live", History(seed, house)
        steady, restless = BareClient(url, "owner", view), BareClient(url, "owner", view)
        await steady.open()
        await restless.open()
        away = 0
        for _ in range(STEPS):
            await history.step()
            truth = await house.ticker.keyframe("office1", View(view))
            await steady.holds(truth.epoch, truth.seq)
            assert steady.state == truth.state, f"seed {seed}"
            if away == 0:
                await restless.holds(truth.epoch, truth.seq)
                assert restless.state == truth.state, f"seed {seed}"
                if history.chance.random() < 0.2:
                    await restless.close()
                    away = history.chance.choice([1, 2, 10])
            else:
                away -= 1
                if away == 0:
                    await restless.open()
                    await restless.holds(truth.epoch, truth.seq)
                    assert restless.state == truth.state, f"seed {seed}"
        assert restless.log.count("resumed") > 3
        assert restless.log.count("keyframe") < restless.log.count("resumed")
        assert steady.log.count("hello") == steady.log.count("keyframe") == truth.epoch
        if away == 0:
            await restless.close()
        await steady.close()


async def test_the_time_of_a_frame_is_that_of_its_tick() -> None:
    clock = FakeClock()
    async with served(clock) as house:
        clock.settle = house.ticker.settled
        client = BareClient(f"ws://127.0.0.1:{house.port}/live", "owner", "full")
        await client.open()
        await client.holds(1, 0)
        await clock.advance(4_321)
        house.offices.happen("office1", started(1, clock.now_ms()))
        await clock.advance(79)
        await client.holds(1, 1)
        assert client.now == clock.now_ms()
        await client.close()
