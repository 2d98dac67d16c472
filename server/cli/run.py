"""`tendesks run FILE -- COMMAND`: a program once for every line of a list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from server.cli import words
from server.cli.address import Address, data_folder, find
from server.cli.api import Api
from server.cli.exits import CommandError, Exit, NoServerError, RefusedError
from server.cli.export import check_target, to_file
from server.cli.figures import Figures
from server.cli.follow import Follow
from server.cli.interrupts import Interrupts
from server.cli.listing import BatchName, ListFile, ListFormat, Priority, Slots, TitleField
from server.cli.local_server import answers, own_server
from server.cli.options import Data, Json, Url, read_timeout
from server.cli.order import Order, check_program, looked_through, submit, variables
from server.cli.program import group
from server.cli.progress import REDRAW_MS, Progress, progress_for
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.cli.source import Source, opened
from server.cli.summary import Outcome, failures_of, tell
from server.clock import Clock, SystemClock
from server.errors import AlreadyEndedError

PATIENCE_MS = 5 * words.MINUTE_MS
HURRY_S = 2
CANCELLING = "Cancelling; what runs is asked to end. Ctrl-C again leaves at once."

app = group("run")


class RunCommand(TyperCommand):
    """Says in its usage where the program begins."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The line that people remember."""
        return ["[OPTIONS]", "FILE", "--", "COMMAND…"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Where to run it, and what to do with what comes out."""

    url: str | None
    data: Path
    output: Path | None
    detach: bool


@app.command(cls=RunCommand)
def run(  # noqa: PLR0913, PLR0917 - its arguments are the options
    file: ListFile,
    command: Annotated[
        list[str],
        typer.Argument(
            metavar="COMMAND…", help="The program and its arguments; {field} is filled from the line."
        ),
    ],
    name: BatchName = None,
    title: TitleField = None,
    shape: ListFormat = None,
    slots: Slots = None,
    priority: Priority = None,
    attempts: Annotated[
        int | None, typer.Option(help="How often to try each task [1].", min=1, show_default=False)
    ] = None,
    timeout: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="The longest a task may take, such as 90s or 20m [20m].", show_default=False
        ),
    ] = None,
    env: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Pass this variable on; may be given again.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the results there at the end: .csv, .ndjson or .json.",
            show_default=False,
        ),
    ] = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Hand it in and leave; needs a running server.")
    ] = False,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Run a program once for every line of a list, and watch.

    tendesks run companies.csv --output results.csv -- claude -p "Research {name}"

    The program runs in this folder with this PATH, gets the line as JSON on standard input, and moves its desk with
    lines such as "::progress 0.4 reading". Ctrl-C cancels what is left and still writes what is done; a second one
    leaves at once. Without a running server one is started for the time.
    """
    screen = Screen(json=json)
    options = {"slots": slots, "priority": priority, "attempts": attempts}
    with reporting(screen):
        options["timeout"] = read_timeout(timeout)
        wish = Wish(url=url, data=data_folder(data), output=output, detach=detach)
        if output is not None:
            check_target(output)
        with opened(file, shape) as source:
            order = Order(
                name=name or source.name,
                command=command,
                env=variables(env or ()),
                options=options,
                title=title,
            )
            code = asyncio.run(_run(source, order, wish, screen))
    raise typer.Exit(code)


async def _run(source: Source, order: Order, wish: Wish, screen: Screen) -> Exit:
    clock = SystemClock()
    known = find(wish.url, wish.data, must=False)
    if known is None or known.loopback:
        check_program(order.command[0])
    async with looked_through(source, order) as spool, _server(wish, known, clock) as (address, own):
        relocate = (lambda: find(wish.url, wish.data, must=False)) if address.local else (lambda: None)
        async with Api(address, clock, patience_ms=PATIENCE_MS, relocate=relocate) as api:
            with Interrupts() as interrupts:
                began_ms = clock.monotonic_ms()
                batch = await submit(api, source, order, spool)
                greet(screen, batch, address)
                if wish.detach:
                    return _left(screen, batch, address)
                seen = Run(api, clock, screen, interrupts, batch["id"], began_ms)
                return await seen.through(wish.output, own=own)


@asynccontextmanager
async def _server(wish: Wish, known: Address | None, clock: Clock) -> AsyncIterator[tuple[Address, bool]]:
    """A server that answers: the one that is named or runs already, else one of our own for the time."""
    if known is not None and (not known.local or await answers(known)):
        yield known, False
        return
    if wish.detach:
        raise NoServerError("--detach needs a running server; `tendesks serve` starts one")
    async with own_server(wish.data, clock) as address:
        yield address, True


def greet(screen: Screen, batch: dict[str, Any], address: Address) -> None:
    """Say what was handed in and where it can be seen."""
    estimate = batch.get("estimate")
    forecast = (
        f", {words.stretch(*(round(estimate[key] * 1000) for key in ('p50', 'p90')))}" if estimate else ""
    )
    screen.tell(
        (words.plain(batch["name"]), "strong"), f": {words.counted(batch['total'], 'task')}{forecast}"
    )
    screen.tell(("Office ", "quiet"), (address.office, "link"))


def _left(screen: Screen, batch: dict[str, Any], address: Address) -> Exit:
    screen.emit({**batch, "office": address.url})
    screen.say(batch["id"])
    return Exit.OK


class Run:
    """A batch on its way, with somebody waiting for it."""

    def __init__(
        self, api: Api, clock: Clock, screen: Screen, interrupts: Interrupts, batch: str, began_ms: int
    ) -> None:
        self._api = api
        self._clock = clock
        self._screen = screen
        self._interrupts = interrupts
        self._batch = batch
        self._began_ms = began_ms

    async def through(self, output: Path | None, *, own: bool) -> Exit:
        """Watch it to its end, write the results, tell what became of it."""
        with progress_for(self._screen) as progress:
            self._interrupts.first = lambda: progress.note(CANCELLING)
            figures = await self._watch(progress)
        elapsed_ms = self._clock.monotonic_ms() - self._began_ms
        if output is not None:
            await to_file(self._api, self._batch, check_target(output), output)
        outcome = Outcome(
            figures=figures,
            failures=await failures_of(self._api, figures),
            elapsed_ms=elapsed_ms,
            office=self._api.address.url,
            output=output,
            interrupted=self._interrupts.asked.is_set(),
            own_server=own,
        )
        tell(self._screen, outcome)
        return outcome.exit

    async def _watch(self, progress: Progress) -> Figures:
        try:
            return await self._see(progress)
        except asyncio.CancelledError:
            # Left in a hurry: what is left of the list must not go on by itself at the server's next start.
            with suppress(CommandError, TimeoutError):
                await asyncio.wait_for(self._cancel(), HURRY_S)
            raise

    async def _see(self, progress: Progress) -> Figures:
        cancelled = False
        follow = Follow(self._api, self._clock, self._batch)
        async with aclosing(follow.sights(REDRAW_MS)) as sights:
            async for sight in sights:
                if self._interrupts.asked.is_set() and not cancelled:
                    cancelled = True
                    await self._cancel()
                progress.show(sight, self._clock.monotonic_ms() - self._began_ms)
                if sight.figures.ended:
                    return sight.figures
        raise AssertionError("what is followed is followed to its end")

    async def _cancel(self) -> None:
        """Ask for the end; a batch that ended meanwhile is no reason to complain."""
        try:
            await self._api.post(f"/batches/{self._batch}/cancel")
        except RefusedError as refused:
            if refused.reason != AlreadyEndedError.code:
                raise
