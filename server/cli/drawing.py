"""What is drawn in a terminal: the bar of a batch, the ten desks, the batches. From figures to renderables (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from server.cli import words
from server.cli.figures import Figures
from simulation.progress import Progress

DESKS = tuple(str(number) for number in range(10))
GLYPHS = {
    "working": ("▸", "busy"),
    "waiting": ("…", "waits"),
    "done": ("✓", "done"),
    "failed": ("✗", "failed"),
    "idle": ("·", "quiet"),
    "off": ("z", "quiet"),
}
ASCII = str.maketrans(
    {"▸": ">", "…": ".", "✓": "+", "✗": "x", "·": "-", "━": "=", "╍": "-", "─": ".", words.EN_DASH: "-"}
)
RING_CELLS = 8
BUSY = ("working", "waiting")


def bar(figures: Figures, cells: int) -> Text:
    """One line of `cells` characters: done, failed, running, and what is left. Every kind that exists has a cell."""
    parts = (
        (figures.done, "━", "done"),
        (figures.failed, "━", "failed"),
        (figures.running, "╍", "busy"),
        (figures.waiting + figures.cancelled, "─", "quiet"),
    )
    widths = shares([number for number, _, _ in parts], cells)
    return Text.assemble(
        *((glyph * width, style) for (_, glyph, style), width in zip(parts, widths, strict=True))
    )


def shares(numbers: Sequence[int], cells: int) -> list[int]:
    """Part `cells` in proportion to `numbers`; what is there gets one at least, and they sum up to `cells`."""
    total = sum(numbers)
    if total == 0:
        return [*(0 for _ in numbers[1:]), cells]
    widths = [max(number * cells // total, 1 if number else 0) for number in numbers]
    while sum(widths) != cells:
        step = 1 if sum(widths) < cells else -1
        widest = max(range(len(widths)), key=lambda index: (numbers[index], widths[index]))
        widths[widest] += step
    return widths


def counts(figures: Figures) -> Text:
    """How many of each, such as "146 done, 2 failed, 10 running, 42 waiting"; none of a sort is left out, but for done."""
    parts: list[tuple[str, str]] = [(f"{words.count(figures.done)} done", "done" if figures.done else "")]
    for number, word, style in (
        (figures.failed, "failed", "failed"),
        (figures.cancelled, "cancelled", "quiet"),
        (figures.running, "running", "busy"),
        (figures.waiting, "waiting", ""),
    ):
        if number:
            parts.append((f"{words.count(number)} {word}", style))
    return Text(", ").join(Text(text, style=style) for text, style in parts)


def outlook(figures: Figures, queue: Mapping[str, Any] | None, now_ms: int) -> str:
    """How long it will take; or in its place why it does not go on."""
    if figures.state in ("paused", "cancelled"):
        return "paused" if figures.state == "paused" else "cancelled, ending what runs"
    if figures.state == "waiting" and figures.blocked:
        return words.blocked(figures.blocked, figures.until_ms or (queue or {}).get("until"), now_ms)
    if figures.state == "queued" and figures.pulled and (queue or {}).get("blocked") == "capacity":
        return words.UNASKED
    return words.eta(figures.eta_ms, now_ms) if figures.eta_ms else ""


def desks(office: Mapping[str, Any], now_ms: int, *, batch: str | None = None, rows_max: int = 10) -> Table:
    """The ten desks, each in its place; those asleep beyond the last one in use are left out.

    With `batch`, what belongs to other batches is dimmed and called by its batch's name.
    """
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(justify="right", style="quiet", width=2)
    grid.add_column(width=1)
    grid.add_column(width=8, no_wrap=True)
    grid.add_column(ratio=3, no_wrap=True, overflow="ellipsis")
    grid.add_column(ratio=3, no_wrap=True, overflow="ellipsis", style="quiet")
    grid.add_column(width=RING_CELLS + 5, no_wrap=True)
    grid.add_column(width=7, justify="right", style="quiet")
    seats = [office["desks"][key] for key in DESKS]
    awake = max((index + 1 for index, desk in enumerate(seats) if desk["activity"] != "off"), default=0)
    for index, desk in enumerate(seats[: min(awake, rows_max)]):
        foreign = batch is not None and desk.get("batch") not in (None, batch)
        grid.add_row(
            str(index + 1), *_row(desk, office, now_ms, foreign=foreign), style="quiet" if foreign else ""
        )
    return grid


def _row(desk: Mapping[str, Any], office: Mapping[str, Any], now_ms: int, *, foreign: bool) -> list[Text]:
    glyph, style = GLYPHS[desk["activity"]]
    busy = desk["activity"] in BUSY
    title = desk.get("title", "")
    if foreign:
        title = office["batches"].get(desk["batch"], {}).get("name", title)
    return [
        Text(glyph, style=style),
        Text(words.plain(desk["worker"])),
        Text(words.plain(title)),
        _beside(desk, now_ms),
        ring(desk, now_ms) if busy else Text(),
        Text(words.elapsed(now_ms - desk["since"]) if busy else ""),
    ]


def _beside(desk: Mapping[str, Any], now_ms: int) -> Text:
    """What stands beside the title: why it failed, until when it waits, what it does, or that nobody is at work."""
    match desk["activity"]:
        case "failed":
            again = f", tries again {words.moment(desk['until'], now_ms)}" if "until" in desk else ""
            return Text(words.reason(desk.get("reason"), None) + again, style="failed")
        case "waiting":
            until = f" until {words.moment(desk['until'], now_ms)}" if "until" in desk else ""
            return Text(f"waiting{until}", style="waits")
        case "idle":
            return Text("free")
        case "off":
            return Text("asleep")
        case "done":
            return Text("done", style="done")
    attempt, most = desk.get("attempt", (1, 1))
    note = words.plain(desk.get("note", ""))
    again = f"attempt {attempt} of {most}" if attempt > 1 else ""
    return Text(", ".join(part for part in (again, note) if part))


def ring(desk: Mapping[str, Any], now_ms: int) -> Text:
    """How far a task is: solid when it says so itself, dashed when estimated, nothing when nothing is known."""
    if "progress" not in desk:
        return Text()
    at_ms, permille, remaining_ms, reported = desk["progress"]
    known = Progress(at_ms=at_ms, permille=permille, remaining_ms=remaining_ms, reported=bool(reported))
    drawn = known.drawn(now_ms)
    full = drawn * RING_CELLS // 1000
    return Text.assemble(
        (("━" if reported else "╍") * full, "busy"),
        ("─" * (RING_CELLS - full), "quiet"),
        f" {words.percent(drawn):>4}",
    )


def upstairs(office: Mapping[str, Any]) -> Text | None:
    """Says "10+, 27 upstairs" when more runs than there are desks."""
    number = office["overflow"]["count"]
    return Text(f"10+, {words.count(number)} upstairs", style="upstairs") if number else None


def batches(items: Sequence[Figures], queue: Mapping[str, Any] | None, now_ms: int) -> Table:
    """A line for each batch: name, bar, counts, and how long it will take."""
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=3, no_wrap=True, overflow="ellipsis")
    grid.add_column(width=12, no_wrap=True)
    grid.add_column(ratio=4, no_wrap=True, overflow="ellipsis")
    grid.add_column(ratio=3, no_wrap=True, overflow="ellipsis", justify="right")
    for figures in items:
        grid.add_row(
            Text(words.plain(figures.name), style="" if not figures.ended else "quiet"),
            bar(figures, 12),
            counts(figures),
            Text(standing(figures, queue, now_ms)),
        )
    return grid


def standing(figures: Figures, queue: Mapping[str, Any] | None, now_ms: int) -> str:
    """The last word of a batch's line: how long, why not, or when it ended."""
    if figures.ended:
        at = f" {words.moment(figures.ended_ms, now_ms)}" if figures.ended_ms else ""
        return f"{figures.state}{at}"
    return outlook(figures, queue, now_ms) or figures.state


def plain_line(figures: Figures, queue: Mapping[str, Any] | None, now_ms: int) -> str:
    """One line for a log: "146 of 200 done, 2 failed, 10 running, 42 waiting, 34 min, by 15:58"."""
    text = counts(figures).plain.replace(" done", f" of {words.count(figures.total)} done", 1)
    left = outlook(figures, queue, now_ms)
    return f"{text}, {left}" if left else text
