import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.kinds.output import (
    DIRECTIVES_MAX,
    LINE_BYTES_MAX,
    DirectedStream,
    Directive,
    Lines,
    Said,
    Stream,
    Tail,
)


def heard(stream: Stream, *pieces: bytes) -> tuple[str, list[Directive]]:
    said: list[Said] = [*(stream.feed(piece) for piece in pieces), stream.end()]
    return "".join(part.log for part in said), [found for part in said for found in part.directives]


@pytest.mark.parametrize(
    ("line", "directive"),
    [
        ("::progress 0.4 reading", Directive(permille=400, note="reading")),
        ("::progress 0.4", Directive(permille=400, note=None)),
        ("::progress 0.4  ", Directive(permille=400, note=None)),
        ("::progress 1", Directive(permille=1000, note=None)),
        ("::progress 1.0 done", Directive(permille=1000, note="done")),
        ("::progress 0 ", Directive(permille=0, note=None)),
        ("::progress .25\tx  y ", Directive(permille=250, note="x  y")),
        ("::note looking for Söhne", Directive(permille=None, note="looking for Söhne")),
        ("::note", Directive(permille=None, note="")),
        ("::note 12\r", Directive(permille=None, note="12")),
    ],
)
def test_directives_move_the_desk_and_are_no_output(line: str, directive: Directive) -> None:
    stream = DirectedStream(1000)
    log, directives = heard(stream, f"before\n{line}\nafter\n".encode())
    assert directives == [directive]
    assert stream.tail.last() == b"before\nafter\n"
    assert log == f"before\n{line}\nafter\n".replace("\r", "")


@pytest.mark.parametrize(
    "line",
    [
        "::progress",
        "::progress x",
        "::progress 2",
        "::progress 40",
        "::progress -0.1",
        "::progress 0.4reading",
        "::progress nan",
        "::notebook",
        " ::note indented",
        "::NOTE loud",
        "x ::note later",
    ],
)
def test_what_only_looks_like_a_directive_is_output(line: str) -> None:
    stream = DirectedStream(1000)
    _, directives = heard(stream, line.encode() + b"\n")
    assert not directives
    assert stream.tail.last_line() == line.encode().rstrip()


def test_a_stream_without_directives_counts_every_line() -> None:
    stream = Stream(1000)
    _, directives = heard(stream, b"::note x\n")
    assert not directives
    assert stream.tail.last_line() == b"::note x"


def test_a_directive_may_come_in_pieces_and_without_an_end() -> None:
    stream = DirectedStream(1000)
    _, directives = heard(stream, b"::pro", b"gress 0.", b"5 ha", b"lf")
    assert directives == [Directive(permille=500, note="half")]
    assert stream.tail.last() == b""


def test_of_a_flood_of_directives_the_last_ones_count() -> None:
    stream = DirectedStream(1000)
    flood = b"".join(b"::note %d\n" % n for n in range(10_000))
    said = stream.feed(flood)
    assert len(said.directives) == DIRECTIVES_MAX
    assert said.directives[-1].note == "9999"
    assert stream.tail.last() == b""


def test_what_continues_a_long_line_is_no_directive() -> None:
    stream = DirectedStream(100)
    log, directives = heard(stream, b"x" * LINE_BYTES_MAX, b"::note inside\n", b"::note own line\n")
    assert [directive.note for directive in directives] == ["own line"]
    assert "::note inside\n" in log


@pytest.mark.parametrize("piece", [100, 4096, 65536])
def test_a_line_without_end_takes_bounded_memory(piece: int) -> None:
    lines, kept = Lines(), 0
    for _ in range(3 * LINE_BYTES_MAX // piece):
        rest, whole = lines.feed(b"x" * piece)
        kept += piece - len(rest) - len(whole)
        assert kept <= LINE_BYTES_MAX
    rest, whole = lines.end()
    assert len(rest) + len(whole) == kept


@settings(deadline=None)
@given(st.lists(st.binary(max_size=200)))
def test_lines_lose_nothing_however_they_are_cut(pieces: list[bytes]) -> None:
    lines = Lines()
    got = [b"".join(lines.feed(piece)) for piece in pieces]
    for part in got:
        assert not part or part.endswith(b"\n")
    together = b"".join(got) + b"".join(lines.end())
    expected = b"".join(pieces)
    assert together in (expected, expected + b"\n")


def test_garbage_survives() -> None:
    stream = Stream(1000)
    log, _ = heard(stream, bytes(range(256)), b"\xff\xfe\n\xc3", b"\xa9 caf\xc3\xa9\n")
    assert "\x00" not in log
    assert "�" in log
    assert log.endswith("é café\n")


def test_a_character_cut_in_a_long_line_stays_whole() -> None:
    stream = Stream(1000)
    text = "é" * LINE_BYTES_MAX
    data = text.encode()
    log, _ = heard(stream, data[: LINE_BYTES_MAX + 1], data[LINE_BYTES_MAX + 1 :])
    assert log == text


def test_a_line_written_over_shows_its_last_state() -> None:
    log, _ = heard(Stream(1000), b"10 %\r20 %\r30 %\nnext\r\nlast\n")
    assert log == "30 %\nnext\nlast\n"


def test_the_tail_keeps_the_end() -> None:
    tail = Tail(10)
    for number in range(100):
        tail.feed(b"%02d\n" % number)
    assert tail.last() == b"\n97\n98\n99\n"
    assert tail.last_line() == b"99"
    assert tail.opening() == b""


def test_the_tail_tells_how_a_cut_line_began() -> None:
    tail = Tail(10)
    tail.feed(b'short\n  {"a": ')
    for _ in range(50):
        tail.feed(b"123456789")
    tail.feed(b"}\n\n")
    assert tail.opening() == b"{"
    assert tail.last_line().endswith(b"9}")
    tail.feed(b"next\n")
    assert tail.opening() == b""


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=30))
def test_the_tail_is_the_end_of_what_came(pieces: list[bytes]) -> None:
    tail = Tail(16)
    for piece in pieces:
        tail.feed(piece)
    assert tail.last() == b"".join(pieces)[-16:]
