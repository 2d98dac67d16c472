"""`tendesks replay list | export | import`: what was recorded, as a list, a file, a moving picture; and a file taken in."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from server.cli import words
from server.cli.call import Call, perform
from server.cli.exits import Exit
from server.cli.export import written
from server.cli.interrupts import Interrupts
from server.cli.options import Data, Json, Url
from server.cli.picturing import Wish, length, made, recorded_file, target_of
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.cli.sessions import find_recording, sent, state_of

LISTED_MAX = 50

app = group("replay")

Recording = Annotated[
    str, typer.Argument(metavar="ID", help="Its id, the beginning of it, or `last` for the newest.")
]


@app.callback()
def replay() -> None:
    """What was recorded: list it, export it, take a file in."""


@app.command("list")
def list_command(url: Url = None, data: Data = None, json: Json = False) -> None:
    """The recorded sessions, newest first."""
    perform(_list, url=url, data=data, json=json)


@app.command("export")
def export_command(  # noqa: PLR0913, PLR0917 - its arguments are the options
    recording: Recording,
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help="A name that ends in .tendesks, .gif or .mp4.")
    ],
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="TIME",
            help="A moment, or how long after the start: 90s, 1h30m.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="The same, for the end.", show_default=False)
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(help="How many times as fast [as plays for a minute at most].", show_default=False),
    ] = None,
    view: Annotated[
        str | None,
        typer.Option(
            help="What is shown: figures, batches, titles or full [a picture: batches].", show_default=False
        ),
    ] = None,
    size: Annotated[
        str | None, typer.Option(metavar="WxH", help="[640x360 a GIF, 1280x720 an MP4]", show_default=False)
    ] = None,
    fps: Annotated[int | None, typer.Option(help="Pictures a second [10, 24].", show_default=False)] = None,
    night: Annotated[bool, typer.Option("--night", help="Paint the office by night.")] = False,
    skip_idle: Annotated[
        bool | None,
        typer.Option(
            "--skip-idle/--keep-idle", help="Pass over idle stretches [an MP4 does].", show_default=False
        ),
    ] = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Write a recording to a file, or a stretch of it as a moving picture. The file appears when it is complete."""
    wish = Wish(
        since=since, until=until, speed=speed, view=view, size=size, fps=fps, night=night, skip_idle=skip_idle
    )
    with reporting(Screen(json=json)):
        shape = target_of(to, wish)

    async def body(call: Call) -> Exit:
        found = await find_recording(call.api, recording)
        with written(to) as part:
            if shape == "tendesks":
                await recorded_file(call.api, found["id"], view, part)
                told: dict[str, Any] = {}
            else:
                with Interrupts() as interrupts:
                    told = await made(call, found, shape, wish, part, interrupts)
            size_bytes = part.stat().st_size
        call.screen.emit(
            {"recording": found["id"], "to": str(to), "format": shape, "bytes": size_bytes, **told}
        )
        call.screen.say(f"{found['id']}: {words.counted(size_bytes, 'byte')} in {to}")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .tendesks file.")],
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Take a recording in from a file; it is there as a whole or not at all."""

    async def body(call: Call) -> Exit:
        taken = await sent(call.api, file)
        call.screen.emit(taken)
        cut = "" if taken["whole"] else "; the file was cut, this is what came before"
        call.screen.say((taken["id"], "strong"), f": {words.plain(taken['name'])}, {length(taken)}{cut}")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


async def _list(call: Call) -> Exit:
    items = (await call.api.get("/recordings", limit=LISTED_MAX))["items"]
    call.screen.emit({"recordings": items})
    if items:
        call.screen.show(_table(items, call.clock.now_ms()))
    else:
        call.screen.say("Nothing is recorded yet.")
    return Exit.OK


def _table(items: list[dict[str, Any]], now_ms: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="quiet")
    for name in ("Recording", "Started", "Length", "Size", ""):
        table.add_column(name, justify="right" if name in ("Length", "Size") else "left")
    for item in items:
        started, size = state_of(item, now_ms)
        note = (
            f"from a file: {words.plain(item['name'], 40)}"
            if "name" in item
            else ""
            if "ended" in item
            else "goes on"
        )
        table.add_row(item["id"], started, length(item), size, note)
    return table
