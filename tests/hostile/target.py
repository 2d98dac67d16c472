"""What is aimed at: a house on a clock that stands still, and a good viewer that looks on all the while."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from json_merge_patch import merge

from server.model import View
from tests.fakes.house import Served, Visitor, reached
from tests.fakes.offices import noted
from tests.hostile.raw import open_files


class Target:
    """A house, a clock that stands still, and a good viewer of it."""

    def __init__(self, house: Served, viewer: Visitor) -> None:
        self.house = house
        self.port = house.port
        self.viewer = viewer
        self.state: Any = None
        self.seq = 0
        self.notes = 0

    def census(self) -> dict[str, int]:
        """What a socket costs: all of it is given back when it is gone."""
        return {
            "sockets": len(self.house.hub._sockets),
            "viewers": self.house.hub.count("office1"),
            "connections": len(self.house.connections),
            "tasks": len(asyncio.all_tasks()),
            "files": open_files(),
        }

    async def is_as(self, before: Mapping[str, int]) -> None:
        try:
            await reached(lambda: self.census() == before)
        except TimeoutError:
            pytest.fail(f"expected {before}, got {self.census()}")

    async def serves_truly(self) -> None:
        """The good viewer gets every diff, and a new one a keyframe, both with what is."""
        self.notes += 1
        clock = self.house.clock
        self.house.offices.happen("office1", noted(1, clock.now_ms(), f"note {self.notes}"))
        await clock.advance(100)
        truth = await self.house.ticker.keyframe("office1", View.FULL)
        assert truth.seq > self.seq
        while self.seq < truth.seq:
            diff = await self.viewer.until("diff")
            assert diff["seq"] == self.seq + 1
            self.seq += 1
            self.state = merge(self.state, diff["patch"])
        assert self.state == truth.state
        async with self.house.enter() as new:
            assert (await new.until("keyframe"))["state"] == truth.state
        await clock.advance(5_000)  # the count of viewers is told, and no more is due
