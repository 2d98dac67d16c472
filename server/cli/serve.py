"""`tendesks serve`: open the office."""

import os
import signal
import sys
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import orjson
import typer

from server.billing.tiers import tier_named
from server.cli.address import Address, read_local, split_token
from server.cli.options import Data, Json
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.settings import Settings, load

GREETING_S = 5

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
        tier_named(settings.tier)
        if until_eof:
            threading.Thread(target=_stop_at_eof, name="until-eof", daemon=True).start()
        code = _serve(settings, screen)
    raise typer.Exit(code)


def _serve(settings: Settings, screen: Screen) -> int:
    # Late, so that a wrong setting is told before half a second of imports.
    from server.serving import serve as serve_house  # noqa: PLC0415

    greeters: list[threading.Thread] = []

    def ready(url: str) -> None:
        """Called by the server itself, which must be free to say what plan the office has."""
        greeters.append(threading.Thread(target=_greet, args=(screen, settings.data, url), daemon=True))
        greeters[0].start()

    code = serve_house(settings, on_ready=ready)
    for greeter in greeters:
        greeter.join(GREETING_S)
    return code


def _greet(screen: Screen, data: Path, url: str) -> None:
    here = read_local(data)
    welcome(screen, data, url, None if here is None else account_of(here))


def account_of(address: Address) -> dict[str, Any] | None:
    """The office's plan and slots as the server has them: a plan chosen in the page outlives a default."""
    parts = urlsplit(address.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=GREETING_S)
    try:
        connection.request("GET", "/api/v1/account", headers={"Authorization": f"Bearer {address.token}"})
        response = connection.getresponse()
        return dict(orjson.loads(response.read())) if response.status == HTTPStatus.OK else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()


def welcome(screen: Screen, data: Path, url: str, account: Mapping[str, Any] | None) -> None:
    """Say where the office is, what it keeps where, and how to stop."""
    base, token = split_token(url)
    plan = {"tier": account["tier"], "slots": account["slots"]} if account else {}
    screen.emit({"url": base, "token": token, "data": str(data), "pid": os.getpid(), **plan})
    screen.say(("The office is open.", "strong"))
    screen.say()
    screen.say(("  Open   ", "quiet"), (url, "link"))
    screen.say(("  Data   ", "quiet"), short(data))
    if account:
        screen.say(("  Plan   ", "quiet"), f"{account['tier'].capitalize()}, {account['slots']} at a time")
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
