"""A real server for each module, on both event loops there are, with a viewer that looks on all the while."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
import structlog

from server.gateway import door, inlet, wire
from tests.fakes.clock import FakeClock
from tests.fakes.house import served
from tests.fakes.offices import started
from tests.hostile.target import Target

SHORT_S = 0.1
HEAD_MS = 400


def pytest_asyncio_loop_factories(config: Any, item: Any) -> Mapping[str, Callable[[], Any]]:
    """The server runs on uvloop where there is one; Windows has none."""
    loops: dict[str, Callable[[], Any]] = {"asyncio": asyncio.new_event_loop}
    if sys.platform != "win32":
        import uvloop

        loops["uvloop"] = uvloop.new_event_loop
    return loops


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def target() -> AsyncIterator[Target]:
    clock = FakeClock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "hang_up_s", SHORT_S)
        patch.setattr(inlet, "linger_s", SHORT_S)
        patch.setattr(door, "handshake_ms_max", HEAD_MS)
        async with served(clock, slots=3, options={"log_config": None}) as house:
            clock.settle = house.ticker.settled
            house.offices.happen("office1", started(1, clock.now_ms()))
            async with house.enter() as viewer:
                one = Target(house, viewer)
                one.state = (await viewer.until("keyframe"))["state"]
                yield one


@pytest.fixture
def silent(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that a stranger sends is worth a line in the log."""
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.WARNING):
        yield
    assert lines == []
    assert [record.getMessage() for record in caplog.records] == []
