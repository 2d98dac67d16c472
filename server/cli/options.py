"""Options and arguments that several commands share, and how their values are read."""

from pathlib import Path
from typing import Annotated

import typer

from server.cli import words
from server.cli.exits import UsageError

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


def read_timeout(text: str | None) -> int | None:
    """Seconds of a --timeout.

    Raises:
        UsageError: it is no duration.
    """
    try:
        return None if text is None else words.duration_s(text)
    except ValueError as error:
        raise UsageError(f"--timeout: {error}") from error
