"""A studio that writes down what it is asked for: its pictures are the orders themselves."""

import asyncio

from server.errors import TenDesksError
from server.preview.order import Order, written


class FakeStudio:
    """Satisfies what Cards needs of server.preview.studio.Studio. `error` is raised in place of a picture."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.error: TenDesksError | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.asked = asyncio.Event()
        self.stopped = False
        self.warm = False

    async def paint(self, order: Order) -> bytes:
        self.orders.append(order)
        self.asked.set()
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return written(order)

    async def stop(self) -> None:
        self.stopped = True
