"""A grant is read by who has the key, until its moment, and not one bit of it may be another."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.spectators.grant import PREFIX, Grant, read, sign

KEY, OTHER = b"k" * 32, b"o" * 32
GRANT = Grant(link="0123456789abcdefghi", edition=3, expires_ms=1_795_000_000_000)
BEFORE = GRANT.expires_ms - 1


def test_a_grant_says_what_was_signed_until_its_moment() -> None:
    text = sign(GRANT, KEY)
    assert text.startswith(PREFIX)
    assert read(text, KEY, BEFORE) == GRANT
    assert read(text, KEY, GRANT.expires_ms) is None


def test_another_key_reads_nothing() -> None:
    assert read(sign(GRANT, KEY), OTHER, BEFORE) is None


@given(st.integers(0, 64 * 8 - 1))
def test_no_bit_may_be_another(bit: int) -> None:
    data = bytearray(urlsafe_b64decode(sign(GRANT, KEY).removeprefix(PREFIX) + "=="))
    data[bit // 8] ^= 1 << bit % 8
    assert read(PREFIX + urlsafe_b64encode(data).rstrip(b"=").decode(), KEY, BEFORE) is None


def test_no_character_may_be_another_not_even_where_base64_has_bits_to_spare() -> None:
    text = sign(GRANT, KEY)
    spare = [text[:-1] + char for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    assert [each for each in spare if read(each, KEY, BEFORE)] == [text]


@pytest.mark.parametrize(
    "text", ["", ":key", "tdg_", "tdg_" + "A" * 86, "tds_" + "A" * 86, "tdg_" + "A" * 85]
)
def test_what_looks_otherwise_is_none(text: str) -> None:
    assert read(text, KEY, 0) is None
    assert read(sign(GRANT, KEY) + "\n", KEY, BEFORE) is None
    assert read(sign(GRANT, KEY)[:-1], KEY, BEFORE) is None


@given(st.text(max_size=200))
def test_whatever_comes_is_read_without_an_error(text: str) -> None:
    assert read(text, KEY, 0) is None
    assert read(PREFIX + text, KEY, 0) is None
