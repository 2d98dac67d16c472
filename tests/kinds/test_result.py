import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import LimitExceededError
from server.kinds.output import Tail
from server.kinds.result import result_of

BYTES_MAX = 64 * 1024


def result(*pieces: bytes, bytes_max: int = BYTES_MAX) -> bytes:
    tail = Tail(bytes_max)
    for piece in pieces:
        tail.feed(piece)
    return result_of(tail, bytes_max)


@pytest.mark.parametrize(
    "line",
    [b'{"a": 1}', b"[1, 2]", b"42", b"-1.50", b'"text"', b"true", b"null", b"12345678901234567890123", b"{}"],
)
def test_a_last_line_that_is_json_is_the_result_as_it_came(line: bytes) -> None:
    assert result(b"some words\n" + line + b"\n") == line
    assert result(line) == line
    assert result(b"some words\n", b"  " + line + b" \r\n\n \n") == line


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\n\n", ""),
        (b"hello\n", "hello"),
        (b"one\ntwo\n\n", "one\ntwo"),
        (b"NaN\n", "NaN"),
        (b"{'a': 1}\n", "{'a': 1}"),
        (b"1 2\n", "1 2"),
        (b"\xff\x00z\n", "�z"),
        (b'{"a": "\xff"}', '{"a": "�"}'),
    ],
)
def test_anything_else_is_text(data: bytes, text: str) -> None:
    assert orjson.loads(result(data)) == {"text": text}


def test_json_of_exactly_the_limit_passes_and_one_byte_more_does_not() -> None:
    fits = b'"' + b"x" * (BYTES_MAX - 2) + b'"'
    assert result(b"before\n", fits, b"\n") == fits
    with pytest.raises(LimitExceededError, match="at most 64 KiB"):
        result(b"before\n", fits[:-1] + b'x"', b"\n")


@pytest.mark.parametrize("size", [BYTES_MAX + 1, 3 * BYTES_MAX, 20 * BYTES_MAX])
@pytest.mark.parametrize("ends", [b"{}", b"[]", b'""'])
def test_larger_json_is_refused_also_when_it_is_no_longer_whole(size: int, ends: bytes) -> None:
    line = ends[:1] + b'"k": ' * (size // 5) + ends[1:]
    if size < 2 * BYTES_MAX:
        line = json.dumps(["x" * size]).encode()
    with pytest.raises(LimitExceededError):
        result(*[line[start : start + 5000] for start in range(0, len(line), 5000)], b"\n")


def test_a_long_line_of_other_text_is_text() -> None:
    line = b"{" + b"x" * (10 * BYTES_MAX)
    value = orjson.loads(result(line))
    assert set(value) == {"text"}
    assert len(value["text"]) > BYTES_MAX - 20


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(min_value=20, max_value=100))
def test_a_result_is_always_json_within_the_limit(data: bytes, bytes_max: int) -> None:
    try:
        made = result(data, bytes_max=bytes_max)
    except LimitExceededError:
        return
    assert len(made) <= bytes_max
    orjson.loads(made)


def test_text_full_of_escapes_is_cut_no_more_than_needed() -> None:
    made = result(b"\x01" * BYTES_MAX)
    assert BYTES_MAX - 6 <= len(made) <= BYTES_MAX
