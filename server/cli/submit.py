"""`tendesks submit FILE --kind K`: hand in a list as a batch of any kind, and leave."""

from typing import Annotated, Any

import orjson
import typer

from server.cli import words
from server.cli.call import Call, perform
from server.cli.exits import Exit, UsageError
from server.cli.listing import BatchName, ListFile, ListFormat, Priority, Slots, TitleField
from server.cli.options import Data, Json, Url, read_timeout
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.cli.source import Source, opened

app = group("submit")


@app.command()
def submit(  # noqa: PLR0913, PLR0917 - its arguments are the options
    file: ListFile,
    kind: Annotated[str, typer.Option(help="What each task is: command, demo, …")],
    param: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="A param of the kind; JSON, or else text.", show_default=False
        ),
    ] = None,
    name: BatchName = None,
    title: TitleField = None,
    shape: ListFormat = None,
    slots: Slots = None,
    priority: Priority = None,
    attempts: Annotated[
        int | None,
        typer.Option(help="How often to try each task [as the kind has it].", min=1, show_default=False),
    ] = None,
    timeout: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="The longest a task may take, such as 90s or 20m.", show_default=False
        ),
    ] = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Hand in a list as a batch of any kind. Prints the batch's id.

    tendesks submit urls.txt --kind demo --param seconds=2
    """
    with reporting(Screen(json=json)), opened(file, shape) as source:
        query: dict[str, object] = {
            "name": name or source.name,
            "kind": kind,
            "params": orjson.dumps(read_params(param or ())).decode(),
            "title": title,
            "slots": slots,
            "priority": priority,
            "attempts": attempts,
            "timeout": read_timeout(timeout),
        }

        async def body(call: Call) -> Exit:
            return await _submit(call, source, query)

        perform(body, url=url, data=data, json=json)


async def _submit(call: Call, source: Source, query: dict[str, object]) -> Exit:
    made = await call.api.upload("/batches", source.body, source.media, query)
    call.screen.emit(made)
    call.screen.say(made["id"])
    if not call.screen.json:
        call.screen.tell((words.plain(made["name"]), "strong"), f": {words.counted(made['total'], 'task')}")
        call.screen.tell(("Office ", "quiet"), (call.api.address.office, "link"))
    return Exit.OK


def read_params(pairs: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """Read NAME=VALUE pairs; a value that is JSON is taken as such, every other one as text.

    Raises:
        UsageError: one is no pair, or a name comes twice.
    """
    params: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--param: expected NAME=VALUE, got {pair!r}")
        if name in params:
            raise UsageError(f"--param: {name} comes twice")
        params[name] = _value(text)
    return params


def _value(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return text
