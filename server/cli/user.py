"""`tendesks user add | list | tier | token | suspend | resume | delete | keep`: the accounts of a hosted server, for its operator."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from server.cli import words
from server.cli.api import Api
from server.cli.call import Call, perform
from server.cli.exits import Exit, RefusedError, UsageError
from server.cli.options import Data, Json, Url
from server.cli.program import group
from server.cli.reporting import reporting
from server.cli.screen import Screen

app = group("user")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address of the account's owner.")]
Tier = Annotated[str | None, typer.Option("--tier", help="Its plan.", show_default=False)]
Name = Annotated[str | None, typer.Option("--name", help="The office's name.", show_default=False)]
Label = Annotated[str | None, typer.Option("--label", help="What the token is for.", show_default=False)]
Scopes = Annotated[
    str | None,
    typer.Option(metavar="LIST", help="read, submit, control, admin, by commas [all].", show_default=False),
]
Slots = Annotated[
    int | None,
    typer.Option(min=0, help="So many at a time, over the plan's; 0: the plan's.", show_default=False),
]
Quota = Annotated[int | None, typer.Option(min=0, help="So many tasks a month.", show_default=False)]
Links = Annotated[int | None, typer.Option(min=0, help="So many links.", show_default=False)]
Viewers = Annotated[int | None, typer.Option(min=0, help="So many viewers of a link.", show_default=False)]
Days = Annotated[
    int | None, typer.Option("--recording-days", min=0, help="Recordings for so long.", show_default=False)
]
Yes = Annotated[bool, typer.Option("--yes", help="Delete it; without this nothing is changed.")]
NewTier = Annotated[str | None, typer.Argument(metavar="[TIER]", help="The plan.", show_default=False)]


@app.callback()
def user() -> None:
    """Look after the accounts of a hosted server, from the machine that it runs on."""


@app.command()
def add(
    email: Email, tier: Tier = None, name: Name = None, url: Url = None, data: Data = None, json: Json = False
) -> None:
    """Make an account with one office; its owner signs in by mail, or by a token."""

    async def body(call: Call) -> Exit:
        wish = {"email": email, "tier": tier, "name": name}
        made = await call.api.post(
            "/accounts", {key: value for key, value in wish.items() if value is not None}
        )
        _tell(call, made, "made")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command("list")
def list_command(url: Url = None, data: Data = None, json: Json = False) -> None:
    """All accounts, newest first."""

    async def body(call: Call) -> Exit:
        accounts = [account async for account in call.api.pages("/accounts")]
        call.screen.emit({"accounts": accounts})
        call.screen.show(table(accounts))
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command()
def tier(  # noqa: PLR0913, PLR0917 - one for each option
    email: Email,
    tier: NewTier = None,
    slots: Slots = None,
    quota: Quota = None,
    links: Links = None,
    viewers: Viewers = None,
    recording_days: Days = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Give an account another plan, or numbers of its own (0: the plan's); it acts at once, while work runs."""
    said = {
        "tier": tier, "slots": slots, "quota": quota, "links": links, "viewers": viewers,
        "recording_days": recording_days,
    }  # fmt: skip
    wish = {name: value for name, value in said.items() if value is not None}
    with reporting(Screen(json=json)):
        if not wish:
            raise UsageError("expected a TIER, --slots or another number, got none")
    _change(email, wish, "changed", url=url, data=data, json=json)


@app.command()
def token(
    email: Email,
    label: Label = None,
    scopes: Scopes = None,
    url: Url = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make an API token for an account's owner, and print it; it is shown this once."""

    async def body(call: Call) -> Exit:
        account = await find_account(call.api, email)
        wish = {"label": label, "scopes": scopes.split(",") if scopes is not None else None}
        made = await call.api.post(
            f"/accounts/{account['id']}/tokens",
            {key: value for key, value in wish.items() if value is not None},
        )
        call.screen.emit(made)
        call.screen.say(made["token"])
        call.screen.tell(f"For {account['email']}: {', '.join(made['scopes'])}. It is shown this once.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command()
def suspend(email: Email, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Start nothing more of an account; what runs goes on to its end, all can be read."""
    _change(email, {"suspended": True}, "suspended", url=url, data=data, json=json)


@app.command()
def resume(email: Email, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Let a suspended account go on."""
    _change(email, {"suspended": False}, "goes on", url=url, data=data, json=json)


@app.command()
def delete(email: Email, yes: Yes = False, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Delete an account with all that it has, after a while in which `keep` takes it back."""

    async def body(call: Call) -> Exit:
        account = await find_account(call.api, email)
        if not yes:
            raise UsageError(
                f"this deletes {words.plain(account['email'], 60)} with all that it has: say --yes"
            )
        found = await call.api.delete(f"/accounts/{account['id']}")
        call.screen.emit(found)
        call.screen.say(
            f"Nothing of it starts any more. It is deleted {found['deletes'][:16].replace('T', ' ')} UTC."
        )
        return Exit.OK

    perform(body, url=url, data=data, json=json)


@app.command()
def keep(email: Email, url: Url = None, data: Data = None, json: Json = False) -> None:
    """Take a deletion back."""

    async def body(call: Call) -> Exit:
        account = await find_account(call.api, email)
        await call.api.post(f"/accounts/{account['id']}/keep")
        call.screen.emit({"kept": account["id"]})
        call.screen.say(f"{words.plain(account['email'], 60)} is kept.")
        return Exit.OK

    perform(body, url=url, data=data, json=json)


async def find_account(api: Api, email: str) -> dict[str, Any]:
    """The account that somebody with this address owns, the newest if there are some. Raises RefusedError."""
    found: list[dict[str, Any]] = (await api.get("/accounts", email=email))["items"]
    if not found:
        detail = f"nobody with the address {email} owns an account; `tendesks user list` lists them"
        raise RefusedError(detail, problem={"code": "not_found"}, status=404)
    return found[0]


def table(accounts: list[dict[str, Any]]) -> Table:
    """Accounts as a table for people."""
    found = Table(box=None, pad_edge=False, header_style="quiet")
    for head in ("owner", "office", "plan", "at a time", "since", ""):
        found.add_column(head)
    for account in accounts:
        found.add_row(
            words.plain(account["email"], 60),
            words.plain(account["name"], 40),
            account["tier"],
            words.count(account["slots"]) if "slots" in account else "",
            account["created"][:10],
            _standing(account),
        )
    return found


def _standing(account: dict[str, Any]) -> str:
    if "deletes" in account:
        return f"deleted {account['deletes'][:10]}"
    return "suspended" if "suspended" in account else ""


def _change(email: str, wish: Mapping[str, Any], done: str, *, url: Any, data: Any, json: bool) -> None:
    async def body(call: Call) -> Exit:
        account = await find_account(call.api, email)
        _tell(call, await call.api.patch(f"/accounts/{account['id']}", wish), done)
        return Exit.OK

    perform(body, url=url, data=data, json=json)


def _tell(call: Call, account: dict[str, Any], done: str) -> None:
    call.screen.emit(account)
    slots = f", {words.count(account['slots'])} at a time" if "slots" in account else ""
    said = f"{done}; {account['tier']}{slots}, {words.plain(account['name'], 60)}."
    call.screen.say((words.plain(account["email"]), "strong"), f": {said}")
