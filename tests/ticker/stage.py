"""A ticker with fakes around it, on a clock that the test moves."""

from typing import Any

from server.bus.memory import MemoryBus
from server.model import View
from server.ticker.loop import Ticker
from tests.fakes.clock import FakeClock
from tests.fakes.offices import FakeOffices, started
from tests.fakes.sink import FakeSink

ONE = ("office1", View.FULL)


class Stage:
    """A ticker with all that it needs; nobody is idle within no slots, so that a world rests by itself."""

    def __init__(self, slots: int = 0) -> None:
        self.clock = FakeClock()
        self.bus = MemoryBus()
        self.offices = FakeOffices(self.bus)
        self.offices.add("office1", slots=slots)
        self.sink = FakeSink()
        self.ticker = Ticker(
            clock=self.clock, bus=self.bus, hz=10, facts=self.offices.facts,
            raise_epoch=self.offices.raise_epoch, sink=self.sink,
        )  # fmt: skip
        self.clock.settle = self.ticker.settled

    async def join(self, view: View = View.FULL, office: str = "office1") -> None:
        await self.ticker.awake(office)
        self.sink.attach(self.ticker.join(office, view))

    def happen(self, *inputs: Any) -> None:
        self.offices.happen("office1", *inputs)

    def start(self, number: int) -> None:
        self.happen(started(number, self.clock.now_ms()))

    async def truth(self, view: View = View.FULL) -> Any:
        return (await self.ticker.keyframe("office1", view)).state
