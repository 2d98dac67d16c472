"""`tendesks doctor`: what is set up and what is not."""

import asyncio
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import typer
from rich.table import Table
from rich.text import Text

import server
from server.cli.address import Address, data_folder, find
from server.cli.api import Api
from server.cli.exits import Exit
from server.cli.local_server import answers
from server.cli.options import Data, Json, Url
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.clock import SystemClock
from server.errors import TenDesksError

PYTHON_MIN = (3, 11)
Verdict = Literal["ok", "note", "wrong"]
GLYPHS: dict[Verdict, tuple[str, str]] = {
    "ok": ("✓", "done"),
    "note": ("·", "quiet"),
    "wrong": ("✗", "failed"),
}

app = group("doctor")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing looked at. `note` is neither good nor bad, `wrong` keeps something from working."""

    what: str
    verdict: Verdict
    detail: str


@app.command()
def doctor(url: Url = None, data: Data = None, json: Json = False) -> None:
    """What is set up and what is not. Ends with 1 if something keeps Ten Desks from working."""
    screen = Screen(json=json)
    with reporting(screen):
        findings = asyncio.run(examine(url, data_folder(data)))
    screen.emit({"findings": [asdict(finding) for finding in findings]})
    screen.show(_table(findings))
    raise typer.Exit(Exit.REFUSED if any(finding.verdict == "wrong" for finding in findings) else Exit.OK)


async def examine(url: str | None, data: Path) -> list[Finding]:
    """Look at everything, in the order in which it would be missed."""
    return [
        python(sys.version_info[:2]),
        folder(data),
        web(Path(server.__file__).parent / "web"),
        *await reach(url, data),
    ]


def python(version: tuple[int, int]) -> Finding:
    """The interpreter: 3.11 or newer."""
    wanted = ".".join(map(str, PYTHON_MIN))
    verdict: Verdict = "ok" if version >= PYTHON_MIN else "wrong"
    return Finding(
        what="Python", verdict=verdict, detail=f"{platform.python_version()}, expected {wanted} or newer"
    )


def folder(data: Path) -> Finding:
    """The data folder: there and writable, or able to be made."""
    nearest = next(path for path in (data, *data.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(what="Data folder", verdict="wrong", detail=f"{data}: {nearest} cannot be written to")
    if nearest != data:
        return Finding(
            what="Data folder", verdict="note", detail=f"{data}: not there yet, made at the first start"
        )
    return Finding(what="Data folder", verdict="ok", detail=str(data))


def web(built: Path) -> Finding:
    """The web client: built into the package."""
    if (built / "index.html").is_file():
        return Finding(what="Web client", verdict="ok", detail="built")
    return Finding(
        what="Web client",
        verdict="wrong",
        detail=f"not built: no index.html in {built}; `make run` builds it",
    )


async def reach(url: str | None, data: Path) -> list[Finding]:
    """The server: whether one answers, and whether it knows our token."""
    try:
        address = find(url, data, must=False)
    except TenDesksError as error:
        return [Finding(what="Server", verdict="wrong", detail=error.detail)]
    if address is None:
        return [Finding(what="Server", verdict="note", detail="none is running; `tendesks serve` starts one")]
    if not await answers(address):
        verdict: Verdict = "note" if address.local else "wrong"
        return [Finding(what="Server", verdict=verdict, detail=f"none answers at {address.url}")]
    return [Finding(what="Server", verdict="ok", detail=address.url), await _token(address)]


async def _token(address: Address) -> Finding:
    try:
        async with Api(address, SystemClock()) as api:
            account = await api.get("/account")
    except TenDesksError as error:
        return Finding(what="Token", verdict="wrong", detail=error.detail)
    return Finding(what="Token", verdict="ok", detail=f"accepted, plan {account['tier']}")


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
