"""`tendesks db upgrade`: bring the database to the newest schema."""

import asyncio

import typer

from server.cli.exits import Exit
from server.cli.options import Data, Json
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.settings import load
from server.store.migrations import at_head, upgrade

app = group("db")


@app.callback()
def db() -> None:
    """Look after the database."""


@app.command("upgrade")
def upgrade_command(data: Data = None, json: Json = False) -> None:
    """Bring the database to the newest schema; harmless when it is there. The server does so too when it starts."""
    screen = Screen(json=json)
    with reporting(screen):
        settings = load(data=data)
        if settings.database_url is None:
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        changed = asyncio.run(_upgrade(settings.store_url))
    screen.emit({"changed": changed})
    screen.say("The database is upgraded." if changed else "The database is at the newest schema already.")
    raise typer.Exit(Exit.OK)


async def _upgrade(url: str) -> bool:
    if await at_head(url):
        return False
    await upgrade(url)
    return True
