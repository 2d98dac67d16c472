"""The example that stands in for an assistant, run as the ordinary program that it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.kinds.output import DirectedStream

PROSE = Path(__file__).parents[2] / "examples" / "prose.py"
LIMIT_S = 60


def asked(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(PROSE), "Who is Acme?", "--seconds", "0", *arguments]
    return subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=False)


def test_an_answer_is_prose_and_moves_the_desk() -> None:
    answers = [asked("--unlucky", "0").stdout for _ in range(2)]
    stream = DirectedStream(64 * 1024)
    steps = [*stream.feed(answers[0]).directives, *stream.end().directives]
    assert [step.permille for step in steps] == [100, 600]
    assert stream.tail.last().startswith(b"You ask: Who is Acme?\n\n")
    assert answers[0] == answers[1], "the same question gets the same answer"


@pytest.mark.parametrize(("share", "code"), [("0", 0), ("1", 1)])
def test_bad_luck_is_an_exit_code_with_a_reason(share: str, code: int) -> None:
    done = asked("--unlucky", share)
    assert done.returncode == code
    assert (b"overloaded" in done.stderr) == bool(code)
