"""The last words of `tendesks run`: what became of the list, what failed and why, where the results are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from server.cli import words
from server.cli.api import Api
from server.cli.drawing import counts
from server.cli.exits import Exit
from server.cli.figures import Figures
from server.cli.screen import Screen

SHOWN_MAX = 10
LISTED_MAX = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a batch ended, as far as anybody looked. `failures` are the first ones; `figures.failed` counts them all."""

    figures: Figures
    failures: list[dict[str, Any]]
    elapsed_ms: int
    office: str
    output: Path | None
    interrupted: bool
    own_server: bool

    @property
    def exit(self) -> Exit:
        """The exit code that says the same."""
        if self.interrupted:
            return Exit.INTERRUPTED
        return Exit.OK if self.figures.done == self.figures.total else Exit.REFUSED

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        figures = self.figures
        return {
            "id": figures.id,
            "name": figures.name,
            "state": figures.state,
            "total": figures.total,
            "done": figures.done,
            "failed": figures.failed,
            "cancelled": figures.cancelled,
            "waiting": figures.waiting,
            "running": figures.running,
            "seconds": round(self.elapsed_ms / 1000, 3),
            "interrupted": self.interrupted,
            "office": self.office,
            "output": str(self.output) if self.output else None,
            "failures": self.failures,
        }


async def failures_of(api: Api, figures: Figures) -> list[dict[str, Any]]:
    """The failed tasks of a batch, in order, up to `LISTED_MAX`: id, title, reason, message."""
    found: list[dict[str, Any]] = []
    if not figures.failed:
        return found
    async for task in api.pages(f"/batches/{figures.id}/tasks", state="failed"):
        found.append(failure(task))
        if len(found) == LISTED_MAX:
            break
    return found


def failure(task: dict[str, Any]) -> dict[str, Any]:
    """What is told of a failed task; the message is its own or that of its last execution."""
    last = (task.get("executions") or [{}])[-1]
    return {
        "task": task["id"],
        "title": task["title"],
        "reason": task.get("reason"),
        "message": task.get("message") or last.get("message"),
    }


def tell(screen: Screen, outcome: Outcome) -> None:
    """Say it to a person, or with `json` to a machine."""
    screen.emit(outcome.as_json())
    took = words.elapsed(outcome.elapsed_ms)
    begins = "Interrupted after" if outcome.interrupted else "Ended after" if outcome.exit else "All done in"
    screen.say((f"{begins} {took}", "strong"), ": ", counts(outcome.figures), ".")
    if outcome.failures:
        screen.say()
        screen.show(failure_table(outcome.failures))
        left = outcome.figures.failed - min(len(outcome.failures), SHOWN_MAX)
        if left > 0:
            screen.say((f"  and {words.count(left)} more that failed", "quiet"))
    screen.say()
    for label, text in _ways_on(outcome):
        screen.say((f"  {label:<8} ", "quiet"), text)


def failure_table(failures: list[dict[str, Any]]) -> Table:
    """A line for each of the first failures: title, reason, message."""
    grid = Table.grid(padding=(0, 2), expand=False)
    grid.add_column(style="failed", width=3, justify="right")
    grid.add_column(no_wrap=True, overflow="ellipsis", max_width=36)
    grid.add_column(no_wrap=True, style="failed")
    grid.add_column(overflow="fold")
    for item in failures[:SHOWN_MAX]:
        sentence = words.reason(item["reason"], item["message"])
        grid.add_row(
            "✗", Text(words.plain(item["title"])), item["reason"] or "", Text(words.plain(sentence, 300))
        )
    return grid


def _ways_on(outcome: Outcome) -> list[tuple[str, str]]:
    """What can be done next, as lines to copy."""
    batch = outcome.figures.id
    ways = []
    if outcome.output:
        ways.append(("Results", str(outcome.output)))
    else:
        ways.append(("Results", f"tendesks results {batch} --to results.csv"))
    if outcome.figures.failed:
        ways.append(("Retry", f"tendesks retry {batch}"))
    if outcome.own_server and (outcome.figures.failed or not outcome.output):
        ways.append(("", "The office has closed with this command; `tendesks serve` opens it again."))
    return ways
