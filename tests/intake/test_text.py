import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidInputError, LimitExceededError
from server.intake.text import Decoder, Lines

plain = st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"]))


def decode(data: bytes, size: int, charset: str | None = None) -> str:
    decoder = Decoder(charset)
    parts = [decoder.feed(data[start : start + size]) for start in range(0, len(data), size)]
    return "".join(parts) + decoder.finish()


def refusal(data: bytes, charset: str | None = None) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        decode(data, 2, charset)
    return caught.value


@given(plain, st.integers(1, 7), st.sampled_from(["", "utf-8-sig", "utf-16-le", "utf-16-be"]))
def test_whatever_the_chunks_the_text_comes_back(text: str, size: int, kind: str) -> None:
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    data = marks.get(kind, b"") + text.encode(kind or "utf-8")
    assert decode(data, size) == text


@given(plain, st.integers(1, 5))
def test_lines_are_cut_at_cr_lf_and_crlf_only(text: str, size: int) -> None:
    lines = Lines(10_000)
    found = [line for start in range(0, len(text), size) for line in lines.feed(text[start : start + size])]
    found += lines.finish()
    expected = [line.decode() for line in text.encode().splitlines(keepends=True)]
    assert found == expected
    assert lines.number == len(expected)


def test_a_byte_that_is_not_utf8_is_named_with_line_and_column() -> None:
    error = refusal("name\nAcmé\n".encode("cp1252"))
    assert (error.extra["line"], error.extra["column"]) == (2, 4)
    assert "0xe9" in error.detail
    assert "CSV UTF-8" in error.detail


def test_a_place_is_counted_across_chunks_and_crlf() -> None:
    error = refusal(b"a\r\nbc\r\nde" + b"\xff" + b"f")
    assert (error.extra["line"], error.extra["column"]) == (3, 3)


def test_a_named_charset_is_obeyed_and_a_byte_order_mark_wins() -> None:
    assert decode("Acmé".encode("cp1252"), 3, "Windows-1252") == "Acmé"
    assert decode("\ufeffAcmé".encode("utf-16-be"), 3, "windows-1252") == "Acmé"


def test_an_unknown_charset_is_refused_with_those_that_are_known() -> None:
    assert "windows-1252" in refusal(b"x", "klingon").detail


def test_utf16_without_a_mark_is_found_out() -> None:
    error = refusal("ab".encode("utf-16-le"))
    assert (error.extra["line"], error.extra["column"]) == (1, 2)
    assert "NUL" in error.detail


def test_half_a_character_at_the_end_is_refused() -> None:
    assert "UTF-8" in refusal("é".encode()[:1]).detail


def test_a_long_line_in_small_pieces_costs_no_more_than_its_length() -> None:
    lines = Lines(300_010)
    found: list[str] = []
    for _ in range(100_000):
        found += lines.feed("xyz")
    assert found == []
    assert [len(line) for line in lines.feed("\r")] == []
    assert [len(line) for line in lines.feed("\na")] == [300_002]


def test_a_line_without_end_is_bounded() -> None:
    lines = Lines(10)
    with pytest.raises(LimitExceededError, match="input_bytes_max: line 2 is longer than 10"):
        list(lines.feed("short\n" + "x" * 11))
