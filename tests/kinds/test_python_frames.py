import random

import orjson

from server.kinds.output import DIRECTIVES_MAX, Directive
from server.kinds.python_frames import MESSAGE_CHARACTERS_MAX, Frames
from server.model import ExecutionState, Outcome, Reason

SAID = (
    b"from a .pth file\n\x1eprogress 400\n\x1enote reading \xc3\xa9\nno newline\x1eprogress 500\n"
    b'\x1edone {"a":"\\n"}\n\x1eprogress 900\n\x1efailed {}\n'
)


def test_what_is_marked_is_for_the_server_and_the_rest_for_the_log() -> None:
    frames = Frames(1_000)
    said = frames.feed(SAID)
    assert said.log == "from a .pth file\nno newline\n"
    assert said.directives == (
        Directive(permille=400, note=None),
        Directive(permille=None, note="reading é"),
        Directive(permille=500, note=None),
    )
    assert frames.outcome == Outcome(state=ExecutionState.DONE, result=b'{"a":"\\n"}')


def test_however_it_is_cut_it_says_the_same() -> None:
    whole = Frames(1_000).feed(SAID)
    for seed in range(50):
        chance, frames, left = random.Random(seed), Frames(1_000), SAID
        log, directives = "", []
        while left:
            size = chance.randint(1, 12)
            said, left = frames.feed(left[:size]), left[size:]
            log += said.log
            directives += said.directives
        assert (log, tuple(directives)) == (whole.log, whole.directives), seed
        assert frames.outcome is not None, seed


def test_a_failure_is_told_in_one_line() -> None:
    frames = Frames(1_000)
    said = {
        "reason": "exit",
        "message": "ValueError: no\nrow" + "x" * 1_000,
        "retryable": False,
        "halts": False,
    }
    frames.feed(b"\x1efailed " + orjson.dumps(said) + b"\n")
    outcome = frames.outcome
    assert outcome is not None
    assert outcome.message is not None
    assert (outcome.state, outcome.reason, outcome.retryable) == (ExecutionState.FAILED, Reason.EXIT, False)
    assert outcome.message.startswith("ValueError: no row")
    assert len(outcome.message) == MESSAGE_CHARACTERS_MAX


def test_half_a_line_is_no_end() -> None:
    frames = Frames(1_000)
    frames.feed(b"words\x1edone 1")
    assert frames.end().log == "words\n"
    assert frames.outcome is None
    assert frames.end().log == ""


def test_what_two_processes_wrote_at_once_is_for_the_log() -> None:
    frames = Frames(1_000)
    lines = [
        b"\x1eprogress half",
        b"\x1efailed {",
        b'\x1efailed {"reason": "moon", "message": ""}',
        b"\x1efailed 1",
    ]
    said = frames.feed(b"\n".join(lines) + b"\n")
    assert said.log.count("\n") == len(lines)
    assert frames.outcome is None


def test_of_a_flood_the_last_are_heard_and_no_line_grows_for_ever() -> None:
    frames = Frames(1_000)
    said = frames.feed(b"".join(b"\x1enote %d\n" % number for number in range(1_000)))
    assert len(said.directives) == DIRECTIVES_MAX
    assert said.directives[-1].note == "999"
    for _ in range(100):
        frames.feed(b"x" * 10_000)
    assert len(frames.end().log) < 100_000
