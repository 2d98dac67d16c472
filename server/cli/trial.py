"""`--try N`: the first rows of a list with what came out of them, and the question whether to start the rest."""

from collections.abc import Sequence
from typing import Any

import orjson
from rich.table import Table
from rich.text import Text

from server.cli import words
from server.cli.api import Api
from server.cli.screen import Screen

SHOWN_MAX = 20
EXCERPT_CHARS_MAX = 240
GLYPHS = {"done": ("✓", "done"), "failed": ("✗", "failed")}
OTHER = ("·", "quiet")


async def tried_rows(api: Api, batch: str) -> list[dict[str, Any]]:
    """The tasks of a trial, in the order of the list: title, state, and result or what went wrong."""
    return [_told(task) async for task in api.pages(f"/batches/{batch}/tasks")]


def _told(task: dict[str, Any]) -> dict[str, Any]:
    names = ("title", "key", "state", "result", "reason", "message")
    return {"task": task["id"], **{name: task[name] for name in names if name in task}}


def show(screen: Screen, tried: Sequence[dict[str, Any]]) -> None:
    """A line or two for each: how it ended, what it is, and how its result begins."""
    grid = Table.grid(padding=(0, 2), expand=False)
    grid.add_column(width=3, justify="right")
    grid.add_column(no_wrap=True, overflow="ellipsis", max_width=28)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in tried[:SHOWN_MAX]:
        glyph, style = GLYPHS.get(row["state"], OTHER)
        told = Text(excerpt(row), style="failed" if row["state"] == "failed" else "")
        grid.add_row(Text(glyph, style), Text(words.plain(row["title"])), Text(row["state"], style), told)
    screen.say()
    screen.show(grid)
    if len(tried) > SHOWN_MAX:
        screen.say((f"  and {words.count(len(tried) - SHOWN_MAX)} more", "quiet"))
    screen.say()


def excerpt(row: dict[str, Any]) -> str:
    """How a result begins: prose as it is, all else as JSON; of a failure its sentence."""
    if row["state"] == "failed":
        return words.plain(words.reason(row.get("reason"), row.get("message")), EXCERPT_CHARS_MAX)
    result = row.get("result")
    if isinstance(result, dict) and list(result) == ["text"]:
        result = result["text"]
    text = result if isinstance(result, str) else "" if result is None else orjson.dumps(result).decode()
    return words.plain(" ".join(text.split()), EXCERPT_CHARS_MAX) or "(it wrote nothing)" * (
        result is not None
    )


def question(rest: int) -> str:
    """What is asked before the rest."""
    return f"Start the other {words.count(rest)}? [y/N]" if rest > 1 else "Start the last one? [y/N]"
