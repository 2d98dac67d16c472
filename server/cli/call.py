"""One command, from its options to its exit code: the place where errors become one line each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from server.cli import words
from server.cli.address import data_folder, find
from server.cli.api import Api
from server.cli.exits import Exit, NoServerError, UsageError, exit_of
from server.cli.screen import Screen
from server.clock import Clock, SystemClock
from server.errors import TenDesksError

Url = Annotated[
    str | None,
    typer.Option(
        "--url", metavar="URL", help="The server; its token comes from TENDESKS_TOKEN.", show_default=False
    ),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The data folder [~/.tendesks].", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output, nothing else there.")]
Batch = Annotated[str, typer.Argument(metavar="BATCH", help="Its name, its id, or the beginning of its id.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What the body of a command is given."""

    api: Api
    screen: Screen
    clock: Clock


Answer = Callable[[Call], Awaitable[Exit]]


def perform(body: Answer, *, url: str | None, data: Path | None, json: bool) -> None:
    """Find the server, let `body` talk to it, and end the command with its exit code."""
    screen = Screen(json=json)
    with reporting(screen):
        code = asyncio.run(_perform(body, url, data_folder(data), screen))
    raise typer.Exit(code)


async def _perform(body: Answer, url: str | None, data: Path, screen: Screen) -> Exit:
    address = find(url, data)
    if address is None:
        raise NoServerError(f"no server is running on {data}")
    clock = SystemClock()
    relocate = (lambda: find(url, data, must=False)) if address.local else (lambda: None)
    async with Api(address, clock, relocate=relocate) as api:
        return await body(Call(api=api, screen=screen, clock=clock))


@contextmanager
def reporting(screen: Screen) -> Iterator[None]:
    """Tell what went wrong in one line and end with the exit code that fits."""
    try:
        yield
    except TenDesksError as error:
        screen.fail(error.detail, code_of(error))
        raise typer.Exit(exit_of(error)) from error
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(Exit.INTERRUPTED) from None


def code_of(error: TenDesksError) -> str:
    """The stable word for an error: the server's own where it refused."""
    return str(getattr(error, "reason", error.code))


def read_timeout(text: str | None) -> int | None:
    """Seconds of a --timeout.

    Raises:
        UsageError: it is no duration.
    """
    try:
        return None if text is None else words.duration_s(text)
    except ValueError as error:
        raise UsageError(f"--timeout: {error}") from error
