"""`tendesks run FILE -- COMMAND`: a program once for every line of a list."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from server.cli.address import Address, data_folder, find
from server.cli.api import Api
from server.cli.errand import Errand, Wish
from server.cli.exits import Exit, NoServerError, UsageError
from server.cli.export import check_target
from server.cli.interrupts import Interrupts
from server.cli.listing import BatchName, KeyField, ListFile, ListFormat, Priority, Slots, TitleField
from server.cli.local_server import answers, comes_back, holder_of, own_server
from server.cli.options import Data, Json, Url, read_timeout
from server.cli.order import Order, called, check_program, looked_through, variables
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.cli.source import Source, opened
from server.cli.words import MINUTE_MS
from server.clock import Clock, SystemClock

PATIENCE_MS = 5 * MINUTE_MS

app = group("run")


class RunCommand(TyperCommand):
    """Says in its usage where the program begins."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The line that people remember."""
        return ["[OPTIONS]", "FILE", "--", "COMMAND…"]


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
    key: KeyField = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Leave out the rows that a former run has done; goes by --key."),
    ] = False,
    first: Annotated[
        int | None,
        typer.Option(
            "--try",
            metavar="N",
            help="Run the first N rows, show them, and ask before the rest.",
            min=1,
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: go on.")] = False,
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
    dirs: Annotated[
        bool,
        typer.Option(
            "--dirs", help="Give each attempt a folder of its own: {dir} in the command, and TENDESKS_DIR."
        ),
    ] = False,
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

    A list that was cut off goes on with --key FIELD --resume: rows that are done in any batch of this office with the
    list's name are left out, and --output holds the whole list. Another program is another --name.
    """
    screen = Screen(json=json)
    options = {"slots": slots, "priority": priority, "attempts": attempts}
    with reporting(screen):
        options["timeout"] = read_timeout(timeout)
        wish = Wish(output=output, detach=detach, first=first, resume=resume, yes=yes)
        _check(wish, key)
        with opened(file, shape) as source:
            order = Order(
                name=called(name, source, tried=first is not None),
                command=command,
                env=variables(env or ()),
                options=options,
                title=title,
                key=key,
                dirs=dirs,
            )
            code = asyncio.run(_run(source, order, wish, screen, url, data_folder(data)))
    raise typer.Exit(code)


def _check(wish: Wish, key: str | None) -> None:
    if wish.resume and key is None:
        raise UsageError("--resume goes by a key; name the field that tells the rows apart: --key FIELD")
    if wish.detach and wish.first is not None:
        raise UsageError("--try shows the first rows and --detach leaves at once; leave one of them out")
    if wish.detach and wish.output is not None:
        raise UsageError(
            "--detach leaves before there are results for --output; `tendesks results` writes them"
        )
    if wish.output is not None:
        check_target(wish.output)


async def _run(source: Source, order: Order, wish: Wish, screen: Screen, url: str | None, data: Path) -> Exit:
    clock = SystemClock()
    known = find(url, data, must=False)
    if known is None or known.loopback:
        check_program(order.command[0])
    async with (
        looked_through(source, order) as spool,
        _server(known, data, clock, screen, detach=wish.detach) as (address, own),
    ):
        relocate = (lambda: find(url, data, must=False)) if address.local else (lambda: None)
        async with Api(address, clock, patience_ms=PATIENCE_MS, relocate=relocate) as api:
            with Interrupts() as interrupts:
                errand = Errand(
                    api=api, clock=clock, screen=screen, interrupts=interrupts, source=source, order=order,
                    wish=wish, spool=spool, own=own, data=data if address.local else None,
                )  # fmt: skip
                return await errand.through()


@asynccontextmanager
async def _server(
    known: Address | None, data: Path, clock: Clock, screen: Screen, *, detach: bool
) -> AsyncIterator[tuple[Address, bool]]:
    """A server that answers: the one that is named or runs already, else one of our own for the time."""
    if known is not None and (not known.local or await _ready(known, data, clock, screen)):
        yield known, False
        return
    if detach:
        raise NoServerError("--detach needs a running server; `tendesks serve` starts one")
    async with own_server(data, clock) as address:
        yield address, True


async def _ready(known: Address, data: Path, clock: Clock, screen: Screen) -> bool:
    if await answers(known):
        return True
    holder = holder_of(data)
    if holder is None:
        return False
    screen.tell(f"The server at {known.url} is starting or stopping; waiting for it.")
    return await comes_back(known, holder, clock)
