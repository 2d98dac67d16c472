"""Arguments and options of the commands that hand in a list."""

from typing import Annotated

import typer

from server.intake.stream import Format

ListFile = Annotated[
    str,
    typer.Argument(metavar="FILE", help="CSV with a header, NDJSON, plain lines, or - for standard input."),
]
BatchName = Annotated[
    str | None, typer.Option(help="What to call the batch [the file's name].", show_default=False)
]
TitleField = Annotated[
    str | None,
    typer.Option(metavar="FIELD", help="The field that names each task [the first].", show_default=False),
]
KeyField = Annotated[
    str | None,
    typer.Option(
        metavar="FIELD",
        help="The field that tells the rows apart, with a value of its own in each.",
        show_default=False,
    ),
]
ListFormat = Annotated[
    Format | None,
    typer.Option("--as", help="Read FILE as this, whatever it is called.", show_default=False),
]
Slots = Annotated[int | None, typer.Option(help="At most so many at a time.", min=1, show_default=False)]
Priority = Annotated[int | None, typer.Option(help="1, 2 or 4 shares of the queue [1].", show_default=False)]
