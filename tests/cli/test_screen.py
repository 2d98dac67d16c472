import io
import json

import pytest
from rich.table import Table

from server.cli.screen import Screen, console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def screen(*, as_json: bool = False, terminal: bool = False) -> tuple[Screen, io.StringIO, io.StringIO]:
    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    return Screen(json=as_json, out=out, err=err), out, err


def test_people_get_sentences_and_no_json() -> None:
    shown, out, err = screen()
    shown.say(("strong", "strong"), " words")
    shown.emit({"a": 1})
    assert (out.getvalue(), err.getvalue()) == ("strong words\n", "")


def test_machines_get_json_and_nothing_else() -> None:
    shown, out, err = screen(as_json=True)
    shown.say("words")
    shown.show("words")
    shown.tell("on the way")
    shown.emit({"a": "é"})
    shown.fail("it broke", "broken")
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines == [{"a": "é"}, {"error": {"code": "broken", "detail": "it broke"}}]
    assert err.getvalue() == "on the way\ntendesks: it broke\n"


def test_colours_are_for_terminals() -> None:
    plain, out, _ = screen()
    plain.say(("word", "failed"))
    coloured, terminal, _ = screen(terminal=True)
    coloured.say(("word", "failed"))
    assert out.getvalue() == "word\n"
    assert "\x1b[" in terminal.getvalue()


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown, out, _ = screen(terminal=True)
    shown.say(("word", "failed"))
    assert out.getvalue() == "word\n"


def test_bars_need_a_terminal_that_can_and_a_person() -> None:
    assert screen(terminal=True)[0].live
    assert not screen()[0].live
    assert not screen(terminal=True, as_json=True)[0].live


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert not screen(terminal=True)[0].live


def test_tables_in_a_pipe_are_not_cut_at_eighty_columns() -> None:
    shown, out, _ = screen()
    table = Table.grid(expand=True)
    table.add_row("x" * 120, "end")
    shown.show(table)
    assert out.getvalue().startswith("x" * 120)
    assert not out.getvalue().splitlines()[0].endswith(" ")


def test_markup_in_user_text_is_text() -> None:
    out = io.StringIO()
    console(out).print("[red]:smile:[/red]")
    assert out.getvalue() == "[red]:smile:[/red]\n"
