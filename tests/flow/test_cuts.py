"""Connections cut at any byte: the client that comes back holds exactly the state whose hash the server gives.

`TENDESKS_CUTS=10000` is the long version, which writes docs/cuts.md; the seed is printed.
"""

import asyncio
import hashlib
import json
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.model import Role, View
from server.routes.call import Call
from server.routes.office import shown
from tests.fakes.clock import FakeClock
from tests.fakes.house import OWNER, Served, reached, served
from tests.fakes.listening import listening
from tests.flow.cutting import DOWN, UP, Client, Proxy
from tests.flow.test_live import History

pytestmark = pytest.mark.flow

SEED = int(os.environ.get("TENDESKS_SEED", "20261124"))
CUTS = int(os.environ.get("TENDESKS_CUTS", "150"))
LONG = 10_000
PAGE = Path(__file__).parents[2] / "docs" / "cuts.md"
EARLY = {UP: (300, 400), DOWN: (200, 500, 1_500, 6_000)}
"""Handshake, hello and the way to the state are within so many bytes."""
LATE = {UP: (150,), DOWN: (300, 6_000)}


steps_max = 25
"""So many steps are waited for the bytes at which the cut comes; then it comes without them."""


class Life:
    """A client, and the proxy through which it looks."""

    def __init__(self, client: Client, server_port: int) -> None:
        self.client = client
        self.server_port = server_port
        self.proxy = Proxy(server_port)

    async def connect(self) -> None:
        self.proxy = Proxy(self.server_port)
        await self.proxy.open()
        self.client.open(self.proxy.port)

    async def leave(self) -> None:
        await self.proxy.close()
        await self.client.gone()


class Siege:
    """Eight clients of four views; in each round every one is cut once, comes back, and is asked what it holds."""

    def __init__(self, house: Served, office: httpx2.AsyncClient, seed: int) -> None:
        self.house = house
        self.office = office
        self.chance = random.Random(seed)
        self.history = History(seed, house)
        self.tally: Counter[str] = Counter()
        self.lives = [
            Life(Client(view.value, view.value, self.tally), house.port) for view in View for _ in range(2)
        ]

    async def round(self) -> None:
        for life in self.lives:
            await self.threaten(life)
        for _ in range(steps_max):
            await self.bustle(1)
            if all(life.proxy.cut.is_set() for life in self.lives):
                break
        for life in self.lives:
            self.tally[
                "where nothing was on its way" if not life.proxy.cut.is_set() else "in mid-stream"
            ] += 1
            self.tally[f"during {life.client.phase}"] += 1
            await life.leave()
        await self.pass_time()
        for life in self.lives:
            await life.connect()
        await self.bustle(self.chance.randrange(0, 4))
        for life in self.lives:
            await self.compare(life.client)

    async def threaten(self, life: Life) -> None:
        """Let the cut come soon: in the connection that is there, or right from the first byte of a new one."""
        anew = life.client.state is None or self.chance.random() < 0.5
        direction = self.chance.choice([UP, DOWN, DOWN])
        after = self.chance.randrange(self.chance.choice((EARLY if anew else LATE)[direction]))
        reset = self.chance.random() < 0.5
        if anew:
            if life.proxy.connected:
                await life.leave()
            await life.connect()
        life.proxy.arm(direction, after, reset=reset)
        self.tally[direction] += 1
        self.tally["with RST" if reset else "with FIN"] += 1

    async def bustle(self, steps: int) -> None:
        """The office changes, and the sockets get to do some of their work; shorter than a hello may take."""
        for _ in range(steps):
            for _ in range(self.chance.choice([1, 3, 10])):
                self.history.happen()
            await self.house.clock.advance(self.chance.choice([100, 100, 300]))
            for _ in range(self.chance.randrange(30)):
                await asyncio.sleep(0)

    async def pass_time(self) -> None:
        """While nobody looks: nothing, a while, longer than the ring reaches, a set clock, longer than a stream lives."""
        what = self.chance.random()
        if what < 0.5:
            await self.bustle(self.chance.randrange(4))
        elif what < 0.9:
            await self.bustle(30)
        elif what < 0.97:
            self.house.clock.set_wall(self.house.clock.now_ms() + self.chance.choice([-9_000, 3_600_000]))
            await self.bustle(3)
        else:
            await self.house.clock.advance(130_000)

    async def compare(self, client: Client) -> None:
        answer = await self.office.get("/office", headers={"x-view": client.view})
        truth = answer.json()
        await client.holds(truth["epoch"], truth["seq"])
        assert answer.headers["etag"] == f'"{hash_of(client.state)}"'
        self.tally["hashes"] += 1
        self.tally["epochs"] = truth["epoch"]


def hash_of(state: Any) -> str:
    """RFC 8785, written anew: names are ASCII, numbers are small integers, so sorting and no spaces are all of it."""
    text = json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@asynccontextmanager
async def besieged(seed: int) -> AsyncIterator[Siege]:
    clock = FakeClock()
    async with served(clock, options={"log_config": None}) as house:
        clock.settle = house.ticker.settled
        for view in View:
            house.tokens[view.value] = replace(OWNER, role=Role.VIEWER, view=view)

        async def office(request: Request) -> Response:
            parts: Any = SimpleNamespace(keyframe=house.ticker.keyframe)
            identity = house.tokens[request.headers["x-view"]]
            return await shown(Call(request=request, parts=parts, identity=identity))

        async with (
            listening(Starlette(routes=[Route("/office", office)])) as port,
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
        ):
            siege = Siege(house, http, seed)
            try:
                yield siege
            finally:
                for life in siege.lives:
                    await life.proxy.close()
            for life in siege.lives:
                await life.client.gone()
            await reached(lambda: not house.hub._sockets and not house.connections)


async def test_whoever_was_cut_off_at_any_byte_holds_the_truth_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    print(f"seed {SEED}, {CUTS} cuts")  # noqa: T201 - shown with a failure
    began = time.monotonic()
    with structlog.testing.capture_logs() as lines:
        async with besieged(SEED) as siege:
            while siege.tally["hashes"] < CUTS:
                await siege.round()
    tally = siege.tally
    assert (lines, [record.getMessage() for record in caplog.records]) == ([], [])
    assert tally["resumed"] > tally["keyframes"] / 10
    for place in ("handshake", "hello", "live"):
        assert tally[f"during {place}"] > CUTS / 30, f"seed {SEED}: {tally}"
    assert tally["in mid-stream"] > CUTS / 2
    if CUTS >= LONG:
        PAGE.write_text(page(tally, round(time.monotonic() - began)))


def page(tally: Counter[str], seconds: int) -> str:
    today = time.strftime("%Y-%m-%d")
    rows = [
        ("cuts", tally["hashes"]),
        ("… during the handshake", tally["during handshake"]),
        ("… after hello, before the server's", tally["during hello"]),
        ("… on the way to the state: in a keyframe, or among the diffs that were missed", tally["during the way to it"]),
        ("… while live", tally["during live"]),
        ("… at a byte that was counted", tally["in mid-stream"]),
        ("… between two messages", tally["where nothing was on its way"]),
        ("… with FIN", tally["with FIN"]),
        ("… with RST", tally["with RST"]),
        ("frames applied: diffs", tally["diffs"]),
        ("frames applied: keyframes", tally["keyframes"]),
        ("times a stream was resumed", tally["resumed"]),
        ("epochs of the office", tally["epochs"]),
        ("hashes compared, each after a cut", tally["hashes"]),
    ]  # fmt: skip
    wrong = (
        "a client's state hashes to anything but the server's ETag",
        "a diff is missing, or comes twice",
        "a stream is resumed from where the client is not",
        "the server logs anything",
        "a socket is left",
    )
    return PAGE_TEXT.format(
        today=today,
        seed=SEED,
        seconds=seconds,
        rows="\n".join(f"| {name} | {count:,} |" for name, count in rows),
        wrong="\n".join(f"| {what} | 0 |" for what in wrong),
    )


PAGE_TEXT = """\
# Cut connections

Written by the long version of `tests/flow/test_cuts.py` on {today}, seed {seed}, in {seconds:,} s.

Eight clients, two of each view, look at one office over real sockets, each through a proxy that cuts its connection after a random number of bytes, in
either direction, with FIN or RST: in the handshake, in hello, in a keyframe, among the diffs that were missed, in the live stream. The office
changes all the while. Whoever was cut off comes back at once or after a while (longer than the ring reaches, longer than a stream lives, over an
epoch that ended) with the epoch, view and seq it holds. The clients know the table of messages and a stock library for RFC 7396, and nothing of ours. After every cut the
state they hold is hashed as RFC 8785 text and compared with the ETag that `GET /office` gives for their view.

| | |
|---|---|
{rows}

| what may not happen | how often it did |
|---|---|
{wrong}

The test stops at the first one, so this file is only written when there is none.
"""
