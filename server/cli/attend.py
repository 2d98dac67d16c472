"""A batch with somebody waiting for it: watched to its end, cancelled on Ctrl-C, decided on when the server pauses it."""

import asyncio
from contextlib import aclosing, nullcontext, suppress
from dataclasses import dataclass

from server.cli import words
from server.cli.api import Api
from server.cli.ask import ask, can_ask, unechoed
from server.cli.exits import CommandError, RefusedError
from server.cli.figures import PAUSED, Figures
from server.cli.follow import Follow, Sight
from server.cli.interrupts import Interrupts
from server.cli.progress import REDRAW_MS, Progress, paused, progress_for
from server.cli.screen import Screen
from server.clock import Clock
from server.errors import AlreadyEndedError

HURRY_S = 2
LOOK_MS = 1_000
CANCELLING = "Cancelling; what runs is asked to end. Ctrl-C again leaves at once."
NOBODY = "Nobody is here to decide, so what is left is cancelled."


@dataclass(frozen=True, kw_only=True, slots=True)
class Attendant:
    """Sees batches through, one after another. `own`: the server is this command's own and ends with it."""

    api: Api
    clock: Clock
    screen: Screen
    interrupts: Interrupts
    own: bool

    async def through(self, batch: str) -> tuple[Figures, int]:
        """Watch a batch until it has ended, or is left paused; returns its figures and how many ms that took.

        The time that a question waits for its answer is in them: the batch stands still meanwhile.
        """
        began_ms = self.clock.monotonic_ms()
        while True:
            with unechoed() if self.screen.live else nullcontext(), progress_for(self.screen) as progress:
                self.interrupts.first = lambda shown=progress: shown.note(CANCELLING)  # type: ignore[misc]
                figures = await self._watch(batch, progress, began_ms)
            self.interrupts.first = lambda: None
            if figures.ended or not await self._decide(figures):
                return figures, self.clock.monotonic_ms() - began_ms

    async def _watch(self, batch: str, progress: Progress, began_ms: int) -> Figures:
        try:
            return await self._see(batch, progress, began_ms)
        except asyncio.CancelledError:
            # Left in a hurry: what is left of the list must not go on by itself at the server's next start.
            with suppress(CommandError, TimeoutError):
                await asyncio.wait_for(self._cancel(batch), HURRY_S)
            raise

    async def _see(self, batch: str, progress: Progress, began_ms: int) -> Figures:
        cancelled = False
        follow = Follow(self.api, self.clock, batch)
        async with aclosing(follow.sights(REDRAW_MS)) as sights:
            async for sight in sights:
                if self.interrupts.asked.is_set() and not cancelled:
                    cancelled = True
                    await self._cancel(batch)
                progress.show(sight, self.clock.monotonic_ms() - began_ms)
                if sight.figures.ended or (not cancelled and self._has_to_decide(sight)):
                    return sight.figures
        raise AssertionError("what is followed is followed to its end")

    def _has_to_decide(self, sight: Sight) -> bool:
        """Whether watching makes no sense any more; where it is only left, what runs may end first."""
        return sight.figures.halted and (self.own or sight.figures.running == 0 or can_ask(self.screen))

    async def _decide(self, figures: Figures) -> bool:
        """What to do with a batch that the server has paused: True goes on watching it, False leaves it paused."""
        if not can_ask(self.screen):
            if self.own:
                self.screen.tell(NOBODY)
                await self._cancel(figures.id)
            return self.own
        self.screen.tell((paused(figures), "waits"))
        left = words.counted(figures.waiting, "task")
        question = f"Go on with the {left} that {'is' if figures.waiting == 1 else 'are'} left, or cancel? [go/cancel]"
        while True:
            answer = await ask(self.screen, self.interrupts, question, self._until_moved(figures))
            if answer is None:
                return True  # by Ctrl-C, which cancels it; or somebody else has decided
            if answer in ("g", "go"):
                await self.api.post(f"/batches/{figures.id}/resume")
                return True
            if answer in ("c", "cancel"):
                await self._cancel(figures.id)
                return True

    async def _until_moved(self, before: Figures) -> None:
        """Return when somebody else has decided: it is paused no more, or again and further on."""
        while True:
            with suppress(CommandError):
                figures = Figures.from_http(await self.api.once(f"/batches/{before.id}"))
                if figures.state != PAUSED or figures.waiting != before.waiting:
                    return
            await self.clock.sleep(LOOK_MS)

    async def _cancel(self, batch: str) -> None:
        """Ask for the end; a batch that ended meanwhile is no reason to complain."""
        try:
            await self.api.post(f"/batches/{batch}/cancel")
        except RefusedError as refused:
            if refused.reason != AlreadyEndedError.code:
                raise
