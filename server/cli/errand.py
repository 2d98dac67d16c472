"""One call of `tendesks run`: what is left of the list, a trial of it where one is wished for, the rest, and its results."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.cli import former, trial, words
from server.cli.address import Address
from server.cli.api import Api
from server.cli.ask import ask, can_ask
from server.cli.attend import Attendant
from server.cli.exits import Exit
from server.cli.export import check_target, to_file
from server.cli.figures import Figures
from server.cli.handing import Part, hand_in
from server.cli.interrupts import Interrupts
from server.cli.kept import Finished
from server.cli.merge import Whole, merge
from server.cli.order import Order
from server.cli.rows import KeyedSpool
from server.cli.screen import Screen
from server.cli.source import Source
from server.cli.summary import Outcome, failures_of, tell
from server.clock import Clock
from server.intake.spool import Spool
from server.kinds.folders import FOLDER


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """How a list is to be run. `first`: so many rows before the rest; `yes`: nothing is asked."""

    output: Path | None = None
    detach: bool = False
    first: int | None = None
    resume: bool = False
    yes: bool = False


@dataclass(kw_only=True, slots=True)
class Errand:
    """`own`: the server is this command's own; `data`: its data folder, where that is on this machine."""

    api: Api
    clock: Clock
    screen: Screen
    interrupts: Interrupts
    source: Source
    order: Order
    wish: Wish
    spool: Spool
    own: bool
    data: Path | None
    _batches: list[Figures] = field(default_factory=list)
    _elapsed_ms: int = 0
    _tried: Sequence[dict[str, Any]] = ()

    async def through(self) -> Exit:
        """Do all of it, and say with which code the command ends."""
        with Finished() as finished:
            if self.wish.resume and not await self._look_back(finished):
                return Exit.INTERRUPTED
            if self.wish.detach:
                return await self._leave(finished)
            more = True
            while more and self._left(finished):
                more = await self._begin(finished, self._left(finished))
            return await self._end(finished)

    def _left(self, finished: Finished) -> int:
        """How many rows nobody has handed in or done before."""
        return self.spool.total - len(finished) - self._handed_in

    @property
    def _handed_in(self) -> int:
        return sum(part.total for part in self._batches)

    async def _look_back(self, finished: Finished) -> bool:
        """Find out what former runs have done; False when interrupted."""
        keys = self.spool.keys if isinstance(self.spool, KeyedSpool) else ()
        batches = await former.former_batches(self.api, self.order.name)
        ended = await former.end_open(
            self.api, self.clock, self.screen, self.interrupts, batches, own=self.own, yes=self.wish.yes
        )
        if not ended:
            return False
        await former.find_finished(self.api, batches, self.order.key or "", keys, finished)
        self.screen.tell(looked_back(self.order.name, self.spool.total, len(finished)))
        return not self.interrupts.asked.is_set()

    async def _begin(self, finished: Finished, left: int) -> bool:
        """Hand in what is left, or of it what is to be tried, and watch; True: there is more to do."""
        trying = not self._batches and self.wish.first is not None and self.wish.first < left
        part = self._part(finished, left, first=self.wish.first if trying else None)
        made = await hand_in(self.api, self.source, self.order.terms, self.spool, part)
        greet(self.screen, made, None if self._batches else self.api.address)
        figures, elapsed_ms = await self._attendant.through(made["id"])
        self._batches.append(figures)
        self._elapsed_ms += elapsed_ms
        return trying and await self._goes_on(left - figures.total)

    def _part(self, finished: Finished, left: int, *, first: int | None) -> Part:
        name = f"{self.order.name} (other {left})" if self._batches else self.order.name
        return Part(name=name, skip=finished or frozenset(), start=self._handed_in, first=first)

    async def _goes_on(self, rest: int) -> bool:
        """Show what was tried, and have it decided whether the rest is started."""
        figures = self._batches[-1]
        self._tried = await trial.tried_rows(self.api, figures.id)
        trial.show(self.screen, self._tried)
        if self.interrupts.asked.is_set() or not figures.ended or figures.cancelled:
            return False
        if self.wish.yes:
            return True
        if not can_ask(self.screen):
            return False
        return await ask(self.screen, self.interrupts, trial.question(rest)) in ("y", "yes")

    async def _leave(self, finished: Finished) -> Exit:
        if left := self._left(finished):
            made = await hand_in(
                self.api, self.source, self.order.terms, self.spool, self._part(finished, left, first=None)
            )
            greet(self.screen, made, self.api.address)
            self.screen.emit({**made, "office": self.api.address.url, "skipped": len(finished)})
            self.screen.say(made["id"])
        else:
            self.screen.emit({"id": None, "office": self.api.address.url, "skipped": len(finished)})
        return Exit.OK

    async def _end(self, finished: Finished) -> Exit:
        """Write the results and tell what became of the list."""
        if self.wish.output is not None:
            await self._write(finished, self.wish.output)
        outcome = Outcome(
            batches=tuple(self._batches),
            failures=await failures_of(self.api, self._batches),
            elapsed_ms=self._elapsed_ms,
            office=self.api.address.url,
            output=self.wish.output,
            interrupted=self.interrupts.asked.is_set(),
            own_server=self.own,
            name=self.order.name,
            key=self.order.key,
            skipped=len(finished),
            left=self._left(finished),
            tried=self._tried,
            folders=self._folders / FOLDER if self._folders else None,
        )
        tell(self.screen, outcome)
        return outcome.exit

    async def _write(self, finished: Finished, output: Path) -> None:
        shape = check_target(output)
        batches = [part.id for part in self._batches]
        if len(batches) == 1 and not finished and not self._folders:
            await to_file(self.api, batches[0], shape, output)
            return
        whole = Whole(spool=self.spool, finished=finished, batches=batches, folders=self._folders)
        await merge(self.api, whole, shape, output)

    @property
    def _folders(self) -> Path | None:
        """The data folder, where it is on this machine and has the attempts' own folders in it."""
        return self.data.expanduser().resolve() if self.order.dirs and self.data is not None else None

    @property
    def _attendant(self) -> Attendant:
        return Attendant(
            api=self.api, clock=self.clock, screen=self.screen, interrupts=self.interrupts, own=self.own
        )


def looked_back(name: str, total: int, done: int) -> str:
    """What former runs have left to do: "companies.csv: 150 of 200 rows are done already, 50 are left"."""
    if done == 0:
        return f"{words.plain(name)}: no former run in this office has done a row of it; all {words.count(total)} are left"
    if done == total:
        return (
            f"{words.plain(name)}: all {words.counted(total, 'row')} are done already; nothing is left to do"
        )
    return (
        f"{words.plain(name)}: {words.count(done)} of {words.counted(total, 'row')} are done already,"
        f" {words.count(total - done)} left"
    )


def greet(screen: Screen, batch: dict[str, Any], address: Address | None) -> None:
    """Say what was handed in, and where it can be seen unless that was said before."""
    estimate = batch.get("estimate")
    forecast = (
        f", {words.stretch(*(round(estimate[key] * 1000) for key in ('p50', 'p90')))}" if estimate else ""
    )
    screen.tell(
        (words.plain(batch["name"]), "strong"), f": {words.counted(batch['total'], 'task')}{forecast}"
    )
    if address is not None:
        screen.tell(("Office ", "quiet"), (address.office, "link"))
