import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.house import WAYS, House, Served, served


def pytest_asyncio_loop_factories(config: Any, item: Any) -> Mapping[str, Callable[[], Any]]:
    """What touches a transport is tested with both kinds of them; Windows has one."""
    loops: dict[str, Callable[[], Any]] = {"asyncio": asyncio.new_event_loop}
    if item.path.name == "test_wire.py" and sys.platform != "win32":
        import uvloop

        loops["uvloop"] = uvloop.new_event_loop
    return loops


@pytest.fixture(params=WAYS, ids=WAYS)
def way(request: pytest.FixtureRequest) -> Any:
    """Options of each way to write to a socket: all but what only the wire can do is the same."""
    return WAYS[request.param]


@pytest.fixture
async def house(way: Any) -> AsyncIterator[Served]:
    """A real server with nothing special about it, once for each way."""
    async with served(options=way) as one:
        yield one


@pytest.fixture
def quiet() -> House:
    """No sockets, and a clock that stands still."""
    clock = FakeClock()
    one = House(clock)
    clock.settle = one.ticker.settled
    return one
