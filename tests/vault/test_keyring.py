"""Master keys: read whole or refused in one line that shows none of them."""

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import ConfigurationError
from server.vault.envelope import KEY_BYTES
from server.vault.keyring import fresh, masters_max, read

CHANCE = random.Random(27)


def made(data: bytes | None = None) -> str:
    return base64.b64encode(data or CHANCE.randbytes(KEY_BYTES)).decode()


def test_the_first_is_the_current_one() -> None:
    two, one = made(), made()
    ring = read(f"k2:{two}, k1:{one}", "X")
    assert (ring.current, list(ring.masters)) == ("k2", ["k2", "k1"])
    assert ring.masters["k1"] == base64.b64decode(one)
    assert read(ring.text(), "X") == ring


def test_both_alphabets_of_base64_are_read() -> None:
    key = bytes(range(256 - KEY_BYTES, 256))
    assert read("k1:" + base64.urlsafe_b64encode(key).decode(), "X").masters["k1"] == key


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a master key"),
        ("  ", "expected a master key"),
        (made(), "expected a name and a key"),
        (f"K 1:{made()}", "expected a name and a key"),
        (f"k1:{made()},", "key 2: expected a name and a key"),
        ("k1:", "expected 32 bytes in base64, got 0"),
        (f"k1:{made(CHANCE.randbytes(16))}", "key 1 (k1): expected 32 bytes in base64, got 16"),
        (f"k1:{made(CHANCE.randbytes(33))}", "expected 32 bytes in base64, got 33"),
        ("k1:not base64 at all!", "got no base64"),
        (f"k1:{made(bytes(32))}", "expected random bytes"),
        (f"k1:{made(b'ab' * 16)}", "expected random bytes"),
        (f"k1:{made(b'correct horse battery staple 123')}", "expected random bytes"),
        (f"k1:{made()},k1:{made()}", "expected each name once, got k1 again"),
        (",".join(f"k{n}:{made()}" for n in range(masters_max + 1)), "at most 16 master keys"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_without_the_key(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(text, "TENDESKS_MASTER_KEYS")
    line = caught.value.detail
    assert said in line
    assert line.startswith("TENDESKS_MASTER_KEYS: ")
    assert "\n" not in line
    for entry in text.split(","):
        key = entry.partition(":")[2] or entry
        assert len(key) < 4 or key not in line


def test_the_same_key_under_two_names_is_refused() -> None:
    key = made()
    with pytest.raises(ConfigurationError, match="k2 repeats one"):
        read(f"k1:{key},k2:{key}", "X")


@given(st.text(max_size=200))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    try:
        ring = read(text, "X")
    except ConfigurationError:
        return
    assert all(len(key) == KEY_BYTES for key in ring.masters.values())


def test_a_fresh_key_comes_before_those_there_are() -> None:
    one = fresh("a")
    two = fresh("b", one)
    assert list(two.masters) == ["b", "a"]
    assert two.masters["a"] == one.masters["a"]
    assert read(two.text(), "X") == two


def test_its_words_show_no_key() -> None:
    ring = fresh("a")
    assert repr(ring.masters["a"]) not in repr(ring)
