from collections.abc import AsyncIterator

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.house import House, Served, served


@pytest.fixture
async def house() -> AsyncIterator[Served]:
    """A real server with nothing special about it."""
    async with served() as one:
        yield one


@pytest.fixture
def quiet() -> House:
    """No sockets, and a clock that stands still."""
    clock = FakeClock()
    one = House(clock)
    clock.settle = one.ticker.settled
    return one
