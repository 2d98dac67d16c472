"""Where words go: people's on a terminal or as plain lines, machines' as JSON alone on standard output."""

import sys
from typing import Any, TextIO

import orjson
from rich.console import Console
from rich.text import Text
from rich.theme import Theme

PIPE_COLUMNS = 160
THEME = Theme(
    {
        "done": "green",
        "failed": "red",
        "busy": "cyan",
        "waits": "yellow",
        "upstairs": "bright_red",
        "quiet": "dim",
        "strong": "bold",
        "link": "cyan underline",
    }
)


def console(stream: TextIO, *, width: int | None = None) -> Console:
    """A console in the house's style; rich finds out about the terminal, NO_COLOR and TERM by itself."""
    return Console(
        file=stream,
        theme=THEME,
        highlight=False,
        markup=False,
        emoji=False,
        width=width if width or stream.isatty() else PIPE_COLUMNS,
    )


class Screen:
    """One command's two streams.

    Answers go to standard output: sentences and tables for people, or with `json` one JSON value a line and
    nothing else. What happens on the way (progress, hints, errors) goes to standard error.
    """

    def __init__(
        self,
        *,
        json: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
        width: int | None = None,
    ) -> None:
        self.json = json
        self._stdout = out if out is not None else sys.stdout
        self.out = console(self._stdout, width=width)
        self.err = console(err if err is not None else sys.stderr, width=width)

    @property
    def live(self) -> bool:
        """Whether bars and redrawing make sense: a person looks on, and did not ask for JSON."""
        return self.err.is_terminal and not self.err.is_dumb_terminal and not self.json

    def say(self, *parts: str | Text | tuple[str, str]) -> None:
        """An answer for people: one line of text, or of (text, style) pairs. Silent with `json`."""
        if not self.json:
            self.out.print(Text.assemble(*parts), soft_wrap=True)

    def show(self, renderable: Any) -> None:
        """A table for people; in a pipe as wide as it likes, without blanks at the ends. Silent with `json`."""
        if self.json:
            return
        if self.out.is_terminal:
            self.out.print(renderable)
            return
        with self.out.capture() as captured:
            self.out.print(renderable)
        for line in captured.get().splitlines():
            self.out.print(line.rstrip(), soft_wrap=True)

    def emit(self, value: Any) -> None:
        """An answer for machines: one JSON value on a line of its own. Silent without `json`."""
        if self.json:
            self._stdout.write(orjson.dumps(value).decode() + "\n")
            self._stdout.flush()

    def tell(self, *parts: str | Text | tuple[str, str]) -> None:
        """What happens on the way, one line on standard error; with `json` it stays there and harms nobody."""
        self.err.print(Text.assemble(*parts), soft_wrap=True)

    def fail(self, detail: str, code: str) -> None:
        """One clear line on standard error; with `json` also an object on standard output."""
        self.tell(("tendesks: ", "failed"), detail)
        self.emit({"error": {"code": code, "detail": detail}})
