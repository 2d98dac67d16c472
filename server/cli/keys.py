"""`tendesks keys set | list | delete | rotate | abandon`: own keys of providers, and the master keys around them."""

import asyncio
import sys
from collections.abc import Mapping
from getpass import getpass
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from server.accounts.lock import FolderLock
from server.cli import words
from server.cli.call import Call, perform
from server.cli.exits import Exit, UsageError
from server.cli.figures import moment_ms
from server.cli.options import Data, Json, Url
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen
from server.clock import SystemClock
from server.settings import Settings, load
from server.store.database import Database
from server.store.ids import Ids

app = group("keys")

LOOK_MS = 200
SECRET_CHARACTERS_MAX = 65_536
STATES = {
    "ok": "in order",
    "undecryptable": "cannot be opened on this server; set it again",
    "rejected": "not accepted by its provider any more; set another one",
}
Provider = Annotated[str, typer.Argument(metavar="PROVIDER", help="Its name, openai for example.")]


@app.callback()
def keys() -> None:
    """Keys of your own, with which chats are asked. Nothing but the last four characters of one ever comes back."""


@app.command("set")
def set_command(
    provider: Provider,
    base: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Where it is asked; of well-known ones it is known.", show_default=False
        ),
    ] = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Put in a key, read from standard input or asked for. Its provider is asked once whether it accepts it."""
    with reporting(Screen(json=json)):
        secret = read_secret(provider)

    async def body(call: Call) -> Exit:
        wish = {"key": secret, **({"base": base} if base else {})}
        made = await call.api.put(f"/keys/{provider}", wish)
        call.screen.emit(made)
        call.screen.say((provider, "strong"), f": {standing(made)}.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("list")
def list_command(url: Url = None, data: Data = None, json: Json = False) -> None:
    """The keys there are."""

    async def body(call: Call) -> Exit:
        found = (await call.api.get("/keys"))["items"]
        call.screen.emit({"keys": found})
        if found:
            call.screen.show(table(found, call.clock.now_ms()))
        else:
            call.screen.say("No own keys. `tendesks keys set PROVIDER` puts one in.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("delete")
def delete(provider: Provider, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Delete a key; no request goes out with it from now on."""

    async def body(call: Call) -> Exit:
        await call.api.delete(f"/keys/{provider}")
        call.screen.emit({"provider": provider, "deleted": True})
        call.screen.say((provider, "strong"), ": deleted.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("rotate")
def rotate(url: Url = None, data: Data = None, json: Json = False) -> None:
    """Put all own keys under the current master key; a local server makes a new one. Ctrl-C leaves it going on."""

    async def body(call: Call) -> Exit:
        found = await call.api.post("/keys/rotation")
        left = None
        while found["state"] == "running":
            if found["left"] != left:
                left = found["left"]
                call.screen.tell(f"{words.counted(left, 'key')} left")
            await call.clock.sleep(LOOK_MS)
            found = await call.api.get("/keys/rotation")
        call.screen.emit(found)
        if found["state"] == "failed":
            call.screen.say(
                "It stopped; the server's log says why. It goes on when asked again, or at the next start."
            )
            return Exit.REFUSED
        needed = ", ".join(found["needed"])
        call.screen.say("All own keys are under ", (found["master"], "strong"), f"; still needed: {needed}.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("abandon")
def abandon_command(
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete them; without this they are only counted.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Delete the own keys whose master key is lost for good. The server must not be at work."""
    screen = Screen(json=json)
    with reporting(screen):
        settings = load(data=data)
        lock = FolderLock(settings.data)
        lock.take()
        try:
            count = asyncio.run(_abandon(settings, yes=yes))
        finally:
            lock.release()
    screen.emit({"lost": count, "deleted": yes})
    if not count:
        screen.say("Every own key can be opened.")
    else:
        lost = words.counted(count, "own key")
        screen.say(f"{lost} deleted." if yes else f"{lost} cannot be opened; `--yes` deletes them for good.")
    raise typer.Exit(Exit.OK)


async def _abandon(settings: Settings, *, yes: bool) -> int:
    from server.vault.abandon import abandon, count_lost  # noqa: PLC0415 - brings cryptography, which few need

    db, clock = Database(settings.store_url), SystemClock()
    try:
        return await (abandon(db, settings, clock, Ids(clock)) if yes else count_lost(db, settings))
    finally:
        await db.close()


def read_secret(provider: str) -> str:
    """Read a key without showing it: from a person who is asked for it, else the first line of standard input.

    Raises:
        UsageError: there was none.
    """
    if sys.stdin.isatty():
        secret = getpass(f"Key of {provider}: ")
    else:
        secret = sys.stdin.readline(SECRET_CHARACTERS_MAX)
    if not secret.strip():
        raise UsageError("expected a key on standard input, got none")
    return secret.strip()


def standing(key: Mapping[str, Any]) -> str:
    """Say what is known of a key: "…cdef, accepted by its provider"."""
    last = f"…{key['last']}, " if "last" in key else ""
    if key["state"] != "ok":
        return last + STATES[key["state"]]
    return last + (
        "accepted by its provider" if "checked" in key else "not checked yet: its provider could not be asked"
    )


def table(found: list[dict[str, Any]], now_ms: int) -> Table:
    """A line for each key."""
    grid = Table.grid(padding=(0, 2))
    for key in found:
        used = f"used {words.moment(moment_ms(key['used']), now_ms)}" if "used" in key else "never used"
        grid.add_row(
            Text(key["provider"], style="strong"), Text(standing(key), style="" if key["state"] == "ok" else "failed"),
            Text(used, style="quiet"), Text(words.plain(key["base"], 60), style="quiet"),
        )  # fmt: skip
    return grid
