"""The `tendesks` command: a table of what there is. A group's file is imported when it is called, not before.

So `tendesks --help` needs none of them, and `tendesks serve` waits for no client library.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from server.cli.exits import MEANINGS


class Entry(NamedTuple):
    """Where a command lives, and its line in the help."""

    module: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "serve": Entry("serve", "Open the office: serve the queue and the page."),
    "run": Entry("run", "Run a program once for every line of a list, and watch."),
    "submit": Entry("submit", "Hand in a list as a batch of any kind."),
    "status": Entry("status", "What runs, what waits, and how long it will take."),
    "watch": Entry("watch", "The live office in the terminal: ten desks, batches, queue."),
    "pause": Entry("control", "Start nothing more of a batch; what runs goes on."),
    "resume": Entry("control", "Go on with a paused batch."),
    "cancel": Entry("control", "End a batch; what runs is asked to end."),
    "retry": Entry("control", "Run a batch's failed tasks again."),
    "results": Entry("results", "Write what came out as CSV, NDJSON or JSON."),
    "share": Entry("share", "Links by which others look on: create, list, revoke, rotate."),
    "replay": Entry("replay", "What was recorded: list it, make a file, a GIF or an MP4 of it."),
    "preview": Entry("preview", "Paint the office into a picture."),
    "user": Entry("user", "Look after the accounts of a hosted server."),
    "billing": Entry("billing", "Compare a hosted server's accounts with what Stripe has."),
    "webhooks": Entry("webhooks", "Addresses that ended batches are told to: add, list, test."),
    "keys": Entry("keys", "Own keys of providers: set, list, delete; and master keys: rotate."),
    "doctor": Entry("doctor", "What is set up and what is not."),
    "db": Entry("db", "Look after the database."),
}
EXIT_CODES = "Exit codes:\n\n\b\n" + "\n".join(f"{code.value:>5}  {text}" for code, text in MEANINGS.items())


class Commands(TyperGroup):
    """A group whose members are looked up in the table."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the file of a command and return the command; None when there is none of that name."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        app: typer.Typer = import_module(f"server.cli.{entry.module}").app
        command = typer.main.get_command(app)
        if isinstance(command, TyperGroup) and command.name != cmd_name:
            return command.get_command(ctx, cmd_name)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the table without importing what is behind it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


app = typer.Typer(
    name="tendesks",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tendesks {import_module('importlib.metadata').version('tendesks')}")
        raise typer.Exit


@app.callback()
def tendesks(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Ten Desks runs a list of tasks through a fair queue and shows the work as a live office.

    tendesks run companies.csv -- claude -p "Research {name}"
    """


def group(name: str, help_text: str | None = None) -> typer.Typer:
    """A Typer for one file of commands, in the house's style."""
    return typer.Typer(
        name=name,
        help=help_text,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
