"""One batch from its submission to its end: over the socket while that works, by asking once a second when not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from server.cli.api import Api
from server.cli.exits import NoServerError
from server.cli.figures import PAUSED, Figures
from server.cli.live import Live
from server.cli.words import MINUTE_MS
from server.clock import Clock

POLL_MS = 1_000
CHECK_MS = 5_000
PATIENCE_MS = 5 * MINUTE_MS


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """A batch and, where the socket tells, the office around it. `now_ms` is the server's time.

    `away_ms`: so long nobody has answered, and the figures are that old.
    """

    figures: Figures
    office: dict[str, Any] | None
    now_ms: int
    away_ms: int | None = None


class Follow:
    """Sees a batch through. What it yields last has ended, and was read from the store, not from the socket."""

    def __init__(self, api: Api, clock: Clock, batch: str) -> None:
        self._api = api
        self._clock = clock
        self._path = f"/batches/{batch}"
        self._batch = batch
        self._live = Live(api, clock)
        self._asked_ms = clock.monotonic_ms()
        self._away_since_ms: int | None = None

    async def sights(self, every_ms: int) -> AsyncGenerator[Sight, None]:
        """Yield what is to be seen, at least every `every_ms`, until the batch has ended.

        Raises:
            NoServerError: the server was away for longer than `PATIENCE_MS`.
            RefusedError: the batch is no longer there, or no longer ours to see.
        """
        keeping = asyncio.create_task(self._live.keep())
        try:
            figures = Figures.from_http(await self._api.get(self._path))
            while not figures.ended:
                yield self._sight(figures)
                await self._clock.sleep(every_ms)
                figures = await self._look(figures)
            yield self._sight(figures)
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def _look(self, figures: Figures) -> Figures:
        """Figures of now: live ones while they are fresh, else asked for; an end is always asked for."""
        state = self._live.state
        seen = state["batches"].get(self._batch) if state is not None else None
        since_ms = self._clock.monotonic_ms() - self._asked_ms
        if seen is None:
            return await self._ask(figures) if since_ms >= POLL_MS else figures
        live = figures.with_live(seen)
        if live.ended or (live.state == PAUSED != figures.state):
            return await self._ask(figures)  # only HTTP says why it is paused
        return await self._ask(live) if since_ms >= CHECK_MS else live

    async def _ask(self, figures: Figures) -> Figures:
        """Ask the server; while it is away the figures stay as they were."""
        self._asked_ms = self._clock.monotonic_ms()
        try:
            answer = Figures.from_http(await self._api.once(self._path))
        except NoServerError:
            self._away_since_ms = self._away_since_ms or self._asked_ms
            if self._clock.monotonic_ms() - self._away_since_ms > PATIENCE_MS:
                raise
            return figures
        self._away_since_ms = None
        return answer

    def _sight(self, figures: Figures) -> Sight:
        since_ms = self._away_since_ms
        away_ms = None if since_ms is None else self._clock.monotonic_ms() - since_ms
        return Sight(figures=figures, office=self._live.state, now_ms=self._live.now_ms(), away_ms=away_ms)
