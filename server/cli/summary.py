"""The last words of `tendesks run`: what became of the list, what failed and why, where the results are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from server.cli import words
from server.cli.api import Api
from server.cli.drawing import counts
from server.cli.exits import Exit
from server.cli.figures import Figures, together
from server.cli.screen import Screen

SHOWN_MAX = 10
LISTED_MAX = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a list ended, as far as anybody looked, in one batch or more.

    `failures` are the first ones; `figures.failed` counts them all. `skipped` rows a former run has done, `left` ones
    were never handed in; `tried` are those of `--try`; `folders` is where `--dirs` left things on this machine.
    """

    batches: Sequence[Figures]
    failures: list[dict[str, Any]]
    elapsed_ms: int
    office: str
    output: Path | None
    interrupted: bool
    own_server: bool
    name: str = ""
    key: str | None = None
    skipped: int = 0
    left: int = 0
    tried: Sequence[dict[str, Any]] = ()
    folders: Path | None = None

    @property
    def figures(self) -> Figures:
        """All batches as one."""
        return together(self.batches) if self.batches else nothing(self.name)

    @property
    def exit(self) -> Exit:
        """The exit code that says the same."""
        if self.interrupted:
            return Exit.INTERRUPTED
        return Exit.OK if self.figures.done == self.figures.total else Exit.REFUSED

    @property
    def unfinished(self) -> bool:
        """Whether there are rows that nobody has tried to do to the end."""
        figures = self.figures
        return self.left > 0 or figures.done + figures.failed < figures.total

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        figures = self.figures
        return {
            "id": figures.id or None,
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
            "skipped": self.skipped,
            "left": self.left,
            "batches": [_named(part) for part in self.batches],
            **({"reason": figures.reason} if figures.reason else {}),
            **({"tried": list(self.tried)} if self.tried else {}),
            **({"folders": [str(self.folders / part.id) for part in self.batches]} if self.folders else {}),
        }


def nothing(name: str) -> Figures:
    """The figures of a list of which nothing had to be done."""
    return Figures(id="", name=name, state="done", total=0, done=0, failed=0, cancelled=0, running=0)


def _named(figures: Figures) -> dict[str, Any]:
    names = ("id", "name", "state", "total", "done", "failed", "cancelled", "waiting", "running")
    return {name: getattr(figures, name) for name in names}


async def failures_of(api: Api, batches: Sequence[Figures]) -> list[dict[str, Any]]:
    """The failed tasks of batches, in order, up to `LISTED_MAX`: id, title, reason, message."""
    found: list[dict[str, Any]] = []
    for figures in batches:
        if not figures.failed:
            continue
        async for task in api.pages(f"/batches/{figures.id}/tasks", state="failed"):
            if len(found) == LISTED_MAX:
                return found
            found.append(failure(task))
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
    screen.say(
        (f"{_begins(outcome)} {words.elapsed(outcome.elapsed_ms)}", "strong"), ": ", _counts(outcome), "."
    )
    if outcome.figures.reason:
        screen.say((words.plain(outcome.figures.reason), "waits"))
    if outcome.failures and not (outcome.tried and len(outcome.batches) == 1):
        screen.say()
        screen.show(failure_table(outcome.failures))
        left = outcome.figures.failed - min(len(outcome.failures), SHOWN_MAX)
        if left > 0:
            screen.say((f"  and {words.count(left)} more that failed", "quiet"))
    screen.say()
    for label, text in _ways_on(outcome):
        screen.say((f"  {label:<8} ", "quiet"), text)


def _begins(outcome: Outcome) -> str:
    if outcome.interrupted:
        return "Interrupted after"
    if outcome.figures.halted:
        return "Paused after"
    if outcome.exit:
        return "Ended after"
    return "Tried in" if outcome.left else "All done in"


def _counts(outcome: Outcome) -> Text:
    text = counts(outcome.figures)
    if outcome.skipped:
        text.append(f", {words.count(outcome.skipped)} done before")
    if outcome.left:
        text.append(f", {words.count(outcome.left)} not started", "quiet")
    return text


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
    ways = [("Results", text) for text in _results(outcome)]
    if outcome.folders:
        ways += [("Folders", str(outcome.folders / part.id)) for part in outcome.batches]
    if not outcome.own_server:
        ways += [
            ("Retry", f"tendesks retry {part.id}") for part in outcome.batches if part.failed and part.ended
        ]
    ways += [("Resume", f"tendesks resume {part.id}") for part in outcome.batches if part.halted]
    ways += [("Go on", text) for text in _goes_on(outcome)]
    if outcome.own_server and not outcome.output:
        ways.append(("", "The office has closed with this command; `tendesks serve` opens it again."))
    return ways


def _goes_on(outcome: Outcome) -> list[str]:
    """How the same command does the rest, where there is one: only a key tells which rows are done already."""
    figures = outcome.figures
    if figures.halted or (figures.done == figures.total and not outcome.left):
        return []
    if not outcome.unfinished and not outcome.own_server:
        return []  # what failed is retried
    resume = "--resume" if outcome.key else "--key FIELD --resume"
    if outcome.left and not outcome.interrupted:
        return [
            f"the same command with --yes {resume} does the other {words.count(outcome.left)} without asking"
        ]
    return [f"the same command with {resume} does what is not done yet"]


def _results(outcome: Outcome) -> list[str]:
    if outcome.output:
        return [str(outcome.output)]
    targets = (
        ["results.csv"]
        if len(outcome.batches) == 1
        else [f"results-{part.id}.csv" for part in outcome.batches]
    )
    return [
        f"tendesks results {part.id} --to {target}"
        for part, target in zip(outcome.batches, targets, strict=True)
    ]
