"""One command that talks to a server, from its options to its exit code."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from server.cli.address import data_folder, find
from server.cli.api import Api
from server.cli.exits import Exit, NoServerError
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.clock import Clock, SystemClock


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
