"""`tendesks submit FILE --kind K`: hand in a list as a batch of any kind, and leave."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from server.cli import words
from server.cli.call import Call, perform
from server.cli.exits import Exit, UsageError
from server.cli.handing import Part, Terms, hand_in, query_of, spooled
from server.cli.listing import BatchName, KeyField, ListFile, ListFormat, Priority, Slots, TitleField
from server.cli.options import Data, Json, Url, read_timeout
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.cli.source import Source, opened

PRIVATE = frozenset({"env", "headers"})
"""Params that hold secrets more often than not."""

app = group("submit")


@app.command()
def submit(  # noqa: PLR0913, PLR0917 - its arguments are the options
    file: ListFile,
    kind: Annotated[str, typer.Option(help="What each task is: command, demo, …")],
    param: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="A param of the kind: JSON, or else text; @FILE reads a file.",
            show_default=False,
        ),
    ] = None,
    name: BatchName = None,
    title: TitleField = None,
    key: KeyField = None,
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

    tendesks submit companies.csv --kind chat --param model=gpt-5 --param prompt=@prompt.txt --param schema=@answer.json

    A value that is JSON (a number, true, a list, an object) is taken as such, every other one as text; "2" in quotes is
    a text. @FILE is the text of a file, or its JSON where its name ends in .json; @@ begins a text with one @.
    """
    with reporting(Screen(json=json)), opened(file, shape) as source:
        params = read_params(param or ())
        terms = Terms(
            kind=kind,
            params=params,
            options={
                "slots": slots,
                "priority": priority,
                "attempts": attempts,
                "timeout": read_timeout(timeout),
            },
            title=title,
            key=key,
            private=not PRIVATE.isdisjoint(params),
        )

        async def body(call: Call) -> Exit:
            return await _submit(call, source, terms, name or source.name)

        perform(body, url=url, data=data, json=json)


async def _submit(call: Call, source: Source, terms: Terms, name: str) -> Exit:
    if terms.in_body or terms.key is not None:
        async with spooled(source, title=terms.title, key=terms.key) as spool:
            made = await hand_in(call.api, source, terms, spool, Part(name=name))
    else:  # the server looks it through as it comes
        made = await call.api.upload("/batches", source.body, source.media, query_of(terms, name))
    call.screen.emit(made)
    call.screen.say(made["id"])
    if not call.screen.json:
        call.screen.tell((words.plain(made["name"]), "strong"), f": {words.counted(made['total'], 'task')}")
        call.screen.tell(("Office ", "quiet"), (call.api.address.office, "link"))
    return Exit.OK


def read_params(pairs: Sequence[str]) -> dict[str, Any]:
    """Read NAME=VALUE pairs; a value that is JSON is taken as such, every other one as text, @FILE from a file.

    Raises:
        UsageError: one is no pair, a name comes twice, or a file cannot be read.
    """
    params: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--param: expected NAME=VALUE, got {pair!r}")
        if name in params:
            raise UsageError(f"--param: {name} comes twice")
        params[name] = _from_file(name, Path(text[1:])) if _is_file(text) else _value(text)
    return params


def _is_file(text: str) -> bool:
    return text.startswith("@") and not text.startswith("@@")


def _value(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return text[1:] if text.startswith("@@") else text


def _from_file(name: str, path: Path) -> Any:
    """A file's text without the end of its last line; JSON by its name, and then nothing else will do."""
    try:
        data = path.read_bytes()
        if path.suffix.lower() == ".json":
            return orjson.loads(data)
        return data.decode("utf-8-sig").rstrip("\r\n")
    except OSError as error:
        raise UsageError(f"--param {name}: {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"--param {name}: {path}: expected UTF-8 text, got byte {error.object[error.start]:#x}"
        ) from error
    except ValueError as error:
        raise UsageError(f"--param {name}: {path}: expected JSON, got something else ({error})") from error
