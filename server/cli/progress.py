"""How a batch's way is shown while it is on it: a live picture on a terminal, a sparse line now and then elsewhere."""

from typing import Protocol, Self

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live as LivePicture
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from server.cli import drawing, words
from server.cli.figures import PAUSED, Figures
from server.cli.follow import Sight
from server.cli.screen import Screen

LINE_MS = 10_000
REDRAW_MS = 250
BESIDE_DESKS = 9
DESKS_FROM_COLUMNS = 60


class Progress(Protocol):
    """Shows a batch until it has ended."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, sight: Sight, elapsed_ms: int) -> None:
        """Show what is to be seen now, `elapsed_ms` after the start."""

    def note(self, text: str) -> None:
        """A sentence that stays until the end."""


def progress_for(screen: Screen) -> Progress:
    """The way of showing that fits where the words go."""
    return Picture(screen) if screen.live else Lines(screen)


class Lines:
    """Plain lines for logs: at most one in ten seconds, and none that says the same again."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._next_ms = LINE_MS
        self._said = ""
        self._away = False
        self._paused = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def show(self, sight: Sight, elapsed_ms: int) -> None:
        """See Progress."""
        if sight.away_ms is not None and not self._away:
            self._screen.tell(away(sight.away_ms))
        self._away = sight.away_ms is not None
        if (sentence := paused(sight.figures)) and not self._paused:
            self._screen.tell(sentence)
        self._paused = bool(sentence)
        if elapsed_ms < self._next_ms or sight.figures.ended or self._away:
            return
        self._next_ms = elapsed_ms + LINE_MS
        line = drawing.plain_line(sight.figures, (sight.office or {}).get("queue"), sight.now_ms)
        if line != self._said:
            self._said = line
            self._screen.tell(line)

    def note(self, text: str) -> None:
        """See Progress."""
        self._screen.tell(text)


class Picture:
    """A picture that is drawn over itself: the bar, the counts, the estimate, and who sits at which desk."""

    def __init__(self, screen: Screen) -> None:
        self._console = screen.err
        self._note = ""
        self._last: tuple[Sight, int] | None = None
        self._live = LivePicture(
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, sight: Sight, elapsed_ms: int) -> None:
        """See Progress."""
        self._last = sight, elapsed_ms
        size = self._console.size
        self._live.update(picture(sight, elapsed_ms, size.width, size.height, self._note), refresh=True)

    def note(self, text: str) -> None:
        """See Progress."""
        self._note = text
        if self._last is not None:
            self.show(*self._last)


def picture(sight: Sight, elapsed_ms: int, columns: int, lines: int, note: str = "") -> RenderableType:
    """The picture of one moment, never taller than the terminal."""
    figures, office = sight.figures, sight.office
    queue = office["queue"] if office else None
    parts: list[RenderableType] = [
        ends(Text(words.plain(figures.name), style="strong"), drawing.outlook(figures, queue, sight.now_ms)),
        drawing.bar(figures, columns),
        ends(drawing.counts(figures), words.elapsed(elapsed_ms)),
    ]
    rows_max = lines - BESIDE_DESKS
    if office is not None and rows_max > 0 and columns >= DESKS_FROM_COLUMNS:
        parts += [Text(), drawing.desks(office, sight.now_ms, batch=figures.id, rows_max=rows_max)]
        if (more := drawing.upstairs(office)) is not None:
            parts.append(more)
    if sentence := paused(figures):
        parts.append(Text(sentence, style="waits"))
    if sight.away_ms is not None:
        parts.append(Text(away(sight.away_ms), style="waits"))
    if note:
        parts.append(Text(note, style="waits"))
    return Plain(Group(*parts))


def paused(figures: Figures) -> str:
    """What is said of a batch that is paused, by the server or by somebody; nothing of any other."""
    if figures.halted:
        return f"Paused by the server: {words.plain(figures.reason or '')}"
    return f"Paused; `tendesks resume {figures.id}` goes on." if figures.state == PAUSED else ""


def away(away_ms: int) -> str:
    """What is said while nobody answers."""
    return f"No answer for {words.age(away_ms)}; trying again. What was handed in is safe with the server."


def ends(left: Text, right: str) -> Table:
    """One line with something at both ends; the left one gives way."""
    grid = Table.grid(expand=True, padding=(0, 1))
    grid.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    grid.add_column(justify="right", no_wrap=True)
    grid.add_row(left, Text(right))
    return grid


class Plain:
    """Something drawn with the characters of ASCII where the terminal knows no others."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        segments = console.render(self._inner, options)
        if not options.ascii_only:
            yield from segments
            return
        for text, style, control in segments:
            yield Segment(text if control else text.translate(drawing.ASCII), style, control)
