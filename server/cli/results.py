"""`tendesks results BATCH`: what came out, into a file or on standard output."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from server.cli import words
from server.cli.call import Call, perform
from server.cli.exits import Exit
from server.cli.export import check_target, to_file, to_stdout
from server.cli.lookup import find_batch
from server.cli.options import Batch, Data, Json, Url
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen

app = group("results")


class Shape(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    NDJSON = "ndjson"
    JSON = "json"
    PARQUET = "parquet"


@app.command()
def results(
    batch: Batch,
    shape: Annotated[
        Shape | None, typer.Option("--format", help="By the name of --to, else csv.", show_default=False)
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="A file instead of standard output.", show_default=False),
    ] = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Write a batch's results. With --to the file appears when it is complete.

    With --json and no --format, standard output is JSON; with --json and --to, it says what was written.
    """
    with reporting(Screen(json=json)):
        chosen = _shape(shape, to, json=json)

    async def body(call: Call) -> Exit:
        found = await find_batch(call.api, batch)
        if to is None:
            await to_stdout(call.api, found["id"], chosen)
            return Exit.OK
        size = await to_file(call.api, found["id"], chosen, to)
        call.screen.emit({"batch": found["id"], "to": str(to), "format": chosen, "bytes": size})
        call.screen.say(f"{words.plain(found['name'])}: {words.counted(size, 'byte')} in {to}")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


def _shape(shape: Shape | None, to: Path | None, *, json: bool) -> str:
    if to is not None:
        return check_target(to) if shape is None else shape.value
    return shape.value if shape else ("json" if json else "csv")
