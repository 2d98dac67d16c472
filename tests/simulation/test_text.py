"""Texts are cut at 120 characters, and further where a frame has no room for their bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.text import chars_max, cut
from tests.simulation.histories import SETTINGS

TEXTS = st.text(st.characters(codec=None), max_size=200)


def json_bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


@pytest.mark.parametrize("char", ["a", "é", "東", "👩", '"', "\\", "\n", "\x00"])
def test_120_characters_whatever_they_are(char: str) -> None:
    assert cut(char * 120, 720) == char * 120
    assert cut(char * 121, 720) == char * 120


@pytest.mark.parametrize(
    ("char", "kept"), [("a", 120), ("é", 72), ("東", 48), ("👩", 36), ('"', 72), ("\n", 24)]
)
def test_fewer_where_bytes_are_short(char: str, kept: int) -> None:
    assert cut(char * 130, 144) == char * kept


def test_half_a_surrogate_pair_can_be_sent() -> None:
    assert cut("\ud83d half", 720) == "? half"


@SETTINGS
@given(TEXTS, st.integers(0, 720))
def test_what_is_left_fits_and_is_the_beginning(text: str, bytes_max: int) -> None:
    short = cut(text, bytes_max)
    assert json_bytes(short) <= bytes_max
    assert len(short) <= chars_max
    assert text.encode("utf-8", "replace").decode().startswith(short)


@SETTINGS
@given(TEXTS)
def test_no_more_is_cut_than_needed(text: str) -> None:
    whole = text[:chars_max].encode("utf-8", "replace").decode()
    assert cut(text, 720) == whole
