"""`tendesks serve`: open the office."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from server.billing.tierfile import read_tiers
from server.billing.tiers import tier_named
from server.cli.address import split_token
from server.cli.options import Data, Json
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.model import Opened
from server.settings import Settings, load

app = group("serve")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Where to listen [127.0.0.1].", show_default=False)] = None,
    port: Annotated[
        int | None,
        typer.Option(help="The port; 0 takes a free one [8000].", min=0, max=65535, show_default=False),
    ] = None,
    tier: Annotated[
        str | None, typer.Option(help="free, starter, pro or enterprise [pro].", show_default=False)
    ] = None,
    data: Data = None,
    samples: Annotated[bool, typer.Option(help="Start two sample batches if the office is empty.")] = True,
    until_eof: Annotated[bool, typer.Option("--until-eof", hidden=True)] = False,
    json: Json = False,
) -> None:
    """Open the office: serve the queue and the page until Ctrl-C.

    Settings come from TENDESKS_… variables; options win over them.
    """
    screen = Screen(json=json)
    with reporting(screen):
        settings = load(host=host, port=port, tier=tier, data=data, samples=samples)
        tier_named(settings.tier, read_tiers(settings.tiers_file))
        if until_eof:
            threading.Thread(target=_stop_at_eof, name="until-eof", daemon=True).start()
        code = _serve(settings, screen)
    raise typer.Exit(code)


def _serve(settings: Settings, screen: Screen) -> int:
    # Late, so that a wrong setting is told before half a second of imports.
    from server.serving import serve as serve_house  # noqa: PLC0415

    return serve_house(settings, on_ready=lambda opened: welcome(screen, settings.data, opened))


def welcome(screen: Screen, data: Path, opened: Opened) -> None:
    """Say where the office is, what it keeps where, and how to stop."""
    base, token = split_token(opened.url)
    screen.emit(
        {
            "url": base,
            "token": token,
            "data": str(data),
            "tier": opened.tier,
            "slots": opened.slots,
            "pid": os.getpid(),
        }
    )
    screen.say(("The office is open.", "strong"))
    screen.say()
    screen.say(("  Open   ", "quiet"), (opened.url, "link"))
    screen.say(("  Data   ", "quiet"), short(data))
    screen.say(("  Plan   ", "quiet"), f"{opened.tier.capitalize()}, {opened.slots} at a time")
    screen.say(("  Stop   ", "quiet"), "Ctrl-C; what is left goes on at the next start")
    screen.say()


def short(path: Path) -> str:
    """A path as people write it: below the home folder with a tilde."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) and path != home else str(path)


def _stop_at_eof() -> None:
    """End this server as if asked to, when whoever holds the other end of standard input is gone."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
