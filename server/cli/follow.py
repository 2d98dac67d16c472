"""One batch from its submission to its end: over the socket while that works, by asking once a second when not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from server.cli.api import Api
from server.cli.figures import Figures
from server.cli.live import Live
from server.clock import Clock

POLL_MS = 1_000
CHECK_MS = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """A batch and, where the socket tells, the office around it. `now_ms` is the server's time."""

    figures: Figures
    office: dict[str, Any] | None
    now_ms: int


class Follow:
    """Sees a batch through. What it yields last has ended, and was read from the store, not from the socket."""

    def __init__(self, api: Api, clock: Clock, batch: str) -> None:
        self._api = api
        self._clock = clock
        self._path = f"/batches/{batch}"
        self._batch = batch
        self._live = Live(api, clock)

    async def sights(self, every_ms: int) -> AsyncGenerator[Sight, None]:
        """Yield what is to be seen, at least every `every_ms`, until the batch has ended.

        Raises:
            NoServerError: the server was away for longer than the client's patience.
            RefusedError: the batch is no longer there, or no longer ours to see.
        """
        keeping = asyncio.create_task(self._live.keep())
        try:
            figures, asked_ms = await self._ask()
            while not figures.ended:
                yield self._sight(figures)
                await self._clock.sleep(every_ms)
                figures, asked_ms = await self._look(figures, asked_ms)
            yield self._sight(figures)
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def _look(self, figures: Figures, asked_ms: int) -> tuple[Figures, int]:
        """Figures of now: live ones while they are fresh, else asked for; an end is always asked for."""
        state = self._live.state
        seen = state["batches"].get(self._batch) if state is not None else None
        since_ms = self._clock.monotonic_ms() - asked_ms
        if seen is None:
            return await self._ask() if since_ms >= POLL_MS else (figures, asked_ms)
        figures = figures.with_live(seen)
        if figures.ended or since_ms >= CHECK_MS:
            return await self._ask()
        return figures, asked_ms

    async def _ask(self) -> tuple[Figures, int]:
        return Figures.from_http(await self._api.get(self._path)), self._clock.monotonic_ms()

    def _sight(self, figures: Figures) -> Sight:
        return Sight(figures=figures, office=self._live.state, now_ms=self._live.now_ms())
