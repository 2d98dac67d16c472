import io
from typing import Any

import pytest

from server.cli.screen import Screen
from server.cli.trial import EXCERPT_CHARS_MAX, excerpt, question, show


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"state": "done", "result": {"text": "Some prose,\n\n  on two lines."}},
            "Some prose, on two lines.",
        ),
        ({"state": "done", "result": {"a": 1, "text": "b"}}, '{"a":1,"text":"b"}'),
        ({"state": "done", "result": "words"}, "words"),
        ({"state": "done", "result": 0}, "0"),
        ({"state": "done", "result": {"text": ""}}, "(it wrote nothing)"),
        ({"state": "done", "result": {"text": "\x1b[2Jgone"}}, "[2Jgone"),
        ({"state": "failed", "reason": "exit", "message": "exit 1: no"}, "exit 1: no"),
        ({"state": "failed", "reason": "timeout"}, "Timed out"),
        ({"state": "cancelled"}, ""),
    ],
)
def test_how_a_result_begins(row: dict[str, Any], said: str) -> None:
    assert excerpt(row) == said


def test_a_long_result_is_cut() -> None:
    assert len(excerpt({"state": "done", "result": {"text": "x" * 10_000}})) == EXCERPT_CHARS_MAX


def test_what_was_tried_is_shown_in_the_order_of_the_list() -> None:
    out = io.StringIO()
    tried = [{"title": f"Company {n}", "state": "done", "result": {"text": f"Prose {n}"}} for n in range(30)]
    tried[1] = {"title": "Company 1", "state": "failed", "reason": "exit", "message": "exit 3"}
    show(Screen(out=out, err=io.StringIO()), tried)
    lines = out.getvalue().splitlines()
    assert lines[1].split() == ["✓", "Company", "0", "done", "Prose", "0"]
    assert lines[2].split() == ["✗", "Company", "1", "failed", "exit", "3"]
    assert lines[21:] == ["  and 10 more", ""]


def test_what_is_asked() -> None:
    assert question(1_997) == "Start the other 1,997? [y/N]"
    assert question(1) == "Start the last one? [y/N]"
