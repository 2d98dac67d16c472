"""The place where errors become one line each, and an exit code."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from server.cli.exits import Exit, exit_of
from server.cli.screen import Screen
from server.errors import TenDesksError


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
