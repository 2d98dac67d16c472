import io
from typing import Any

import pytest
from rich.console import Console

from server.cli import drawing
from server.cli.figures import Figures
from server.cli.screen import THEME
from tests.cli.office import NOW_MS, batch, desk, state


def figures(**changed: Any) -> Figures:
    return Figures.from_http(batch(**changed))


def drawn(renderable: Any, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, theme=THEME, highlight=False).print(renderable)
    return out.getvalue()


@pytest.mark.parametrize(
    ("numbers", "cells", "expected"),
    [
        ([50, 25, 25, 0], 8, [4, 2, 2, 0]),
        ([0, 0, 0, 0], 8, [0, 0, 0, 8]),
        ([999, 1, 0, 0], 10, [9, 1, 0, 0]),
        ([1, 1, 1, 9997], 10, [1, 1, 1, 7]),
        ([200, 0, 0, 0], 7, [7, 0, 0, 0]),
    ],
)
def test_a_bar_is_parted_fairly_and_hides_nothing(
    numbers: list[int], cells: int, expected: list[int]
) -> None:
    assert drawing.shares(numbers, cells) == expected


def test_a_bar_shows_each_sort_in_its_style() -> None:
    bar = drawing.bar(figures(total=8, done=4, failed=2, running=1), 8)
    assert bar.plain == "━━━━━━╍─"
    assert [str(span.style) for span in bar.spans] == ["done", "failed", "busy", "quiet"]


def test_counts_say_what_there_is() -> None:
    assert drawing.counts(figures(total=1000, running=0)).plain == "0 done, 1,000 waiting"
    every = figures(total=1000, done=5, failed=2, cancelled=1, running=3)
    assert drawing.counts(every).plain == "5 done, 2 failed, 1 cancelled, 3 running, 989 waiting"


@pytest.mark.parametrize(
    ("changed", "queue", "said"),
    [
        ({"eta": [NOW_MS + 34 * 60_000, NOW_MS + 41 * 60_000]}, {}, "34\N{EN DASH}41 min, by "),
        ({"state": "paused"}, {}, "paused"),
        ({"state": "cancelled"}, {}, "cancelled, ending what runs"),
        ({"state": "waiting", "blocked": "disk"}, {}, "waiting, the disk is full"),
        (
            {"state": "waiting", "blocked": "quota"},
            {"until": 1_796_083_200_000},
            "waiting for quota, until 1 Dec",
        ),
        ({}, {}, ""),
    ],
)
def test_the_outlook_is_a_range_or_why_there_is_none(
    changed: dict[str, Any], queue: dict[str, Any], said: str
) -> None:
    assert drawing.outlook(figures(**changed), queue, NOW_MS).startswith(said)


def seated(**desks: dict[str, Any]) -> dict[str, Any]:
    seats = {str(number): desk() for number in range(10)} | {key[1:]: value for key, value in desks.items()}
    return state(desks=seats, batches={"other": {"name": "issues.txt"}})


def test_every_desk_keeps_its_place() -> None:
    office = seated(
        d0=desk(
            "working",
            execution="e",
            batch="b",
            title="Acme Corp",
            note="reading",
            progress=[NOW_MS, 400, 60_000, 1],
        ),
        d1=desk("waiting", execution="e", batch="b", title="Foo", until=NOW_MS),
        d2=desk("failed", batch="b", title="Bar", reason="timeout"),
        d3=desk("done", batch="b", title="Baz"),
        d4=desk("working", execution="e", batch="other", title="secret title"),
        d5=desk(
            "working", execution="e", batch="b", title="Qux", attempt=[2, 3], progress=[NOW_MS, 990, 0, 0]
        ),
    )
    lines = drawn(drawing.desks(office, NOW_MS, batch="b")).splitlines()
    assert len(lines) == 10
    assert lines[0].split() == ["1", "▸", "Ada", "Acme", "Corp", "reading", "━━━─────", "40", "%", "0:42"]
    assert "waiting until" in lines[1]
    assert "Timed out" in lines[2]
    assert "✓" in lines[3]
    assert "issues.txt" in lines[4]
    assert "secret title" not in lines[4]
    assert "attempt 2 of 3" in lines[5]
    assert "╍╍╍╍╍╍╍─ 95 %" in lines[5]
    assert lines[9].split() == ["10", "·", "Ada", "free"]


def test_desks_asleep_beyond_the_last_one_in_use_are_left_out() -> None:
    office = seated(**{f"d{number}": desk("off") for number in (1, 3, 4, 5, 6, 7, 8, 9)})
    lines = drawn(drawing.desks(office, NOW_MS)).splitlines()
    assert len(lines) == 3
    assert "asleep" in lines[1]


def test_no_more_desks_than_there_is_room_for() -> None:
    assert len(drawn(drawing.desks(seated(), NOW_MS, rows_max=4)).splitlines()) == 4


def test_nothing_is_drawn_of_a_progress_that_nobody_knows() -> None:
    assert drawing.ring(desk("working"), NOW_MS).plain == ""


def test_a_title_cannot_bring_its_own_colours() -> None:
    office = seated(d0=desk("working", execution="e", title="a\x1b[31mb", note="[red]c"))
    line = drawn(drawing.desks(office, NOW_MS)).splitlines()[0]
    assert "\x1b" not in line
    assert "[red]c" in line


def test_what_is_upstairs_is_counted() -> None:
    assert drawing.upstairs(state()) is None
    more = drawing.upstairs(state(overflow={"count": 1027, "shown": {}}))
    assert more is not None
    assert more.plain == "10+, 1,027 upstairs"


def test_a_batch_has_a_line_of_its_own() -> None:
    listed = [
        figures(total=4, done=2, failed=1),
        figures(name="old", state="done", done=4, running=0, ended=NOW_MS),
    ]
    first, second = drawn(drawing.batches(listed, {}, NOW_MS), 120).splitlines()
    assert "companies.csv" in first
    assert "2 done, 1 failed, 1 running" in first
    assert first.rstrip().endswith("running")
    assert "done 1" in second or "done 0" in second or "done 2" in second


def test_one_line_for_a_log() -> None:
    line = drawing.plain_line(figures(total=200, done=146, failed=2, running=10), None, NOW_MS)
    assert line == "146 of 200 done, 2 failed, 10 running, 42 waiting"
    assert drawing.plain_line(figures(state="paused"), None, NOW_MS).endswith(", paused")
