import io
from dataclasses import replace
from typing import Any

from rich.console import Console

from server.cli.figures import Figures
from server.cli.follow import Sight
from server.cli.progress import Lines, Picture, Plain, picture, progress_for
from server.cli.screen import THEME, Screen
from tests.cli.office import NOW_MS, batch, desk, state
from tests.cli.test_screen import Terminal

EN_DASH = "\N{EN DASH}"


def sight(*, office: bool = True, **changed: Any) -> Sight:
    figures = Figures.from_http(batch(total=200, eta=[NOW_MS + 34 * 60_000, NOW_MS + 41 * 60_000], **changed))
    desks = {str(number): desk() for number in range(10)}
    desks["0"] = desk("working", execution="e", batch=figures.id, title="Acme Corp", note="reading")
    shown = state(desks=desks, overflow={"count": 27, "shown": {}}) if office else None
    return Sight(figures=figures, office=shown, now_ms=NOW_MS)


def drawn(renderable: Any, width: int = 80, encoding: str = "utf-8") -> list[str]:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    Console(file=out, width=width, theme=THEME, highlight=False).print(renderable)
    out.seek(0)
    return out.read().splitlines()


def test_the_picture_has_bar_counts_range_and_desks() -> None:
    lines = drawn(picture(sight(done=146, failed=2, running=10), 522_000, 80, 30))
    assert lines[0].startswith("companies.csv")
    assert f"34{EN_DASH}41 min, by " in lines[0]
    assert len(lines[1]) == 80
    assert lines[2].startswith("146 done, 2 failed, 10 running, 42 waiting")
    assert lines[2].endswith("8:42")
    assert len(lines) == 4 + 10 + 1
    assert "Acme Corp" in lines[4]
    assert lines[-1].strip() == "10+, 27 upstairs"


def test_the_picture_fits_small_terminals() -> None:
    assert len(drawn(picture(sight(), 0, 80, 12))) <= 12
    assert len(drawn(picture(sight(), 0, 80, 5))) <= 5
    narrow = drawn(picture(sight(), 0, 40, 30), width=40)
    assert len(narrow) == 3
    assert all(len(line) <= 40 for line in narrow)


def test_without_the_socket_there_are_figures_only() -> None:
    lines = drawn(picture(sight(office=False), 0, 80, 30, "Cancelling; what runs is asked to end."))
    assert lines[3:] == ["Cancelling; what runs is asked to end."]


def test_a_paused_batch_says_how_it_goes_on() -> None:
    lines = drawn(picture(sight(state="paused"), 0, 80, 30))
    assert lines[0].endswith("paused")
    assert lines[-1] == "Paused; `tendesks resume b1aaaaaaaaaa` goes on."


def test_a_terminal_of_ascii_gets_ascii() -> None:
    lines = drawn(Plain(picture(sight(done=100), 0, 80, 30)), encoding="ascii")
    assert lines[1].startswith("====")
    assert "34-41 min" in lines[0]


def test_a_log_gets_a_line_in_ten_seconds_and_none_twice() -> None:
    err = io.StringIO()
    with Lines(Screen(out=io.StringIO(), err=err)) as lines:
        for elapsed_ms in range(0, 45_000, 250):
            lines.show(sight(done=min(elapsed_ms // 1000, 20)), elapsed_ms)
        lines.note("Cancelling.")
        lines.show(sight(state="done", done=200, running=0), 60_000)
    said = err.getvalue().splitlines()
    assert [line.split(" of ")[0] for line in said] == ["10", "20", "Cancelling."]


def test_a_terminal_gets_the_picture_and_is_left_clean() -> None:
    err = Terminal()
    screen = Screen(out=io.StringIO(), err=err, width=80)
    shown = progress_for(screen)
    assert isinstance(shown, Picture)
    with shown:
        shown.show(sight(done=146), 1_000)
        assert "146 done" in err.getvalue()
        shown.note("Cancelling.")
        assert "Cancelling." in err.getvalue()
    assert err.getvalue().rstrip().endswith(("\x1b[2K", "\x1b[?25h"))


def test_a_server_that_is_away_is_told_once_in_a_log_and_always_in_the_picture() -> None:
    away = replace(sight(), away_ms=12_000, office=None)
    assert drawn(picture(away, 0, 80, 30))[3].startswith("No answer for 12 s; trying again.")
    err = io.StringIO()
    with Lines(Screen(out=io.StringIO(), err=err)) as lines:
        for elapsed_ms in range(0, 30_000, 1_000):
            lines.show(away, elapsed_ms)
    assert len(err.getvalue().splitlines()) == 1


def test_a_pipe_gets_lines() -> None:
    assert isinstance(progress_for(Screen(out=io.StringIO(), err=io.StringIO())), Lines)
