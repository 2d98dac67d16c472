import signal
from pathlib import Path

import pytest

from server.model import View
from server.preview.export import Export, ExportState
from server.preview.hearing import Hearing, line_bytes_max
from server.preview.movie import Format, movie

DONE = b'{"done":{"bytes":70,"frames":3,"size":[160,90],"fps":10,"speed":1}}\n'


def export() -> Export:
    wanted = movie(format=Format.GIF, view=View.BATCHES)
    made = Export(
        id="e1", account="ann", office="o1", recording="r1", name="N", order=wanted, folder=Path("e1")
    )
    made.state = ExportState.RUNNING
    return made


def test_where_its_files_are() -> None:
    made = export()
    assert (str(made.file), str(made.source), made.active) == (
        "e1/picture.gif",
        "e1/recording.tendesks",
        True,
    )


def test_it_hears_lines_however_they_are_cut() -> None:
    made = export()
    hearing = Hearing(made)
    for byte in b'{"permille":3}\n{"permille":700}\n{"permille":20}\n':
        hearing.out(bytes([byte]))
    assert made.permille == 700, "it never goes back"
    hearing.out(DONE)
    hearing.ended(0)
    assert (made.state, made.bytes, made.size, made.permille) == (ExportState.DONE, 70, (160, 90), 1000)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"", b"\n\n", b"null\n", b"[1]\n", b"{}\n", b"\xff\xfe\n", b'{"permille":"9"}\n', b'{"done":{"bytes":1}}\n',
        b'{"done":{"bytes":1,"size":[1]}}\n', b'{"permille":1e999}\n', b"x" * 300_000,
    ],
)  # fmt: skip
def test_nonsense_is_passed_over_and_makes_no_picture(nonsense: bytes) -> None:
    made = export()
    hearing = Hearing(made)
    hearing.out(nonsense)
    hearing.err(nonsense)
    assert len(hearing._line) <= line_bytes_max
    hearing.ended(0)
    assert (made.state, made.permille, made.bytes) == (ExportState.FAILED, 0, None)
    assert made.reason == "The picture could not be made"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (-signal.SIGXCPU, "cpu_s_max: it took more than 30 minutes of processor time"),
        (-signal.SIGKILL, "It was ended from outside, or took more than memory_bytes_max = 1536 MiB"),
        (1, "The picture could not be made"),
    ],
)
def test_an_end_without_a_word_means_something(code: int, reason: str) -> None:
    made = export()
    Hearing(made).ended(code)
    assert made.reason == reason


def test_what_it_says_is_its_reason() -> None:
    made = export()
    hearing = Hearing(made)
    hearing.out(b'{"failed":"gif_bytes_max: too large"}\n')
    hearing.ended(0)
    assert (made.state, made.reason) == (ExportState.FAILED, "gif_bytes_max: too large")
