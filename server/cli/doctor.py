"""`tendesks doctor`: what is set up and what is not."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

import server
from server.cli import premises, reach
from server.cli.address import data_folder
from server.cli.exits import Exit
from server.cli.finding import Finding, Verdict
from server.cli.options import Data, Json, Url
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.clock import SystemClock

GLYPHS: dict[Verdict, tuple[str, str]] = {
    "ok": ("✓", "done"),
    "note": ("·", "quiet"),
    "wrong": ("✗", "failed"),
}

app = group("doctor")


@app.command()
def doctor(url: Url = None, data: Data = None, json: Json = False) -> None:
    """What is set up and what is not. Ends with 1 if something keeps Ten Desks from working.

    A tick: it is in order. A dot: it is not set up, which is no fault. A cross: it has to be mended. Changes nothing.
    """
    screen = Screen(json=json)
    with reporting(screen):
        findings = asyncio.run(examine(url, data_folder(data)))
    screen.emit({"findings": [asdict(finding) for finding in findings]})
    screen.show(_table(findings))
    raise typer.Exit(Exit.REFUSED if any(finding.verdict == "wrong" for finding in findings) else Exit.OK)


async def examine(url: str | None, data: Path) -> list[Finding]:
    """Look at everything, in the order in which it would be missed."""
    read, settings = premises.settings_of(data)
    here = [premises.python(sys.version_info[:2]), read, premises.folder(data), premises.disk(data)]
    web = premises.web(Path(server.__file__).parent / "web")
    if settings is None:
        return [*here, web]
    asked = await reach.server(url, settings)
    return [
        *here,
        await premises.store(settings),
        web,
        premises.clock(SystemClock().now_ms()),
        *asked,
        *([] if any(finding.what == "Commands" for finding in asked) else [premises.commands(settings)]),
        premises.master_keys(settings),
        *premises.selling(settings),
        await reach.chat(settings),
        *await reach.public(settings),
        *reach.proxies(),
    ]


def _table(findings: Sequence[Finding]) -> Table:
    grid = Table.grid(padding=(0, 2))
    for finding in findings:
        glyph, style = GLYPHS[finding.verdict]
        grid.add_row(
            Text(glyph, style=style),
            Text(finding.what),
            Text(finding.detail, style="" if style == "failed" else "quiet"),
        )
    return grid
