"""What a stream says, byte for byte: keys, their order, and nothing between them."""

import pytest

from server.model import Role, View
from server.ticker.messages import (
    Held,
    Keyframe,
    encode_clock,
    encode_diff,
    encode_hello,
    encode_keyframe,
    encode_resumed,
)
from simulation.snapshot import keyframe_bytes_max

NOW = 1_764_000_000_000


def keyframe(name: str) -> Keyframe:
    return Keyframe(epoch=4, view=View.FULL, seq=3, tick=7, now=NOW, state={"office": {"name": name}})


def test_a_hello_names_the_stream() -> None:
    place = Held(epoch=4, view=View.TITLES, seq=3)
    assert encode_hello(place, office="office1", now_ms=NOW, hz=10, role=Role.GUEST) == (
        b'{"type":"hello","office":"office1","epoch":4,"seq":3,"now":1764000000000,"hz":10,'
        b'"role":"guest","view":"titles"}'
    )


def test_a_keyframe_is_all_there_is_to_see() -> None:
    assert encode_keyframe(keyframe("Söhne")) == (
        '{"type":"keyframe","seq":3,"tick":7,"now":1764000000000,"state":{"office":{"name":"Söhne"}}}'.encode()
    )


def test_a_keyframe_of_32_kib_is_sent_and_one_byte_more_is_a_defect() -> None:
    room = keyframe_bytes_max - len(encode_keyframe(keyframe("")))
    assert len(encode_keyframe(keyframe("x" * room))) == keyframe_bytes_max
    with pytest.raises(
        AssertionError, match=f"at most {keyframe_bytes_max} bytes, got {keyframe_bytes_max + 1}"
    ):
        encode_keyframe(keyframe("x" * (room + 1)))


def test_a_diff_holds_its_number_and_its_tick_but_no_time() -> None:
    patch = {"queue": {"waiting": 2, "eta": None}}
    assert encode_diff(seq=4, tick=9, patch=patch) == (
        b'{"type":"diff","seq":4,"tick":9,"patch":{"queue":{"waiting":2,"eta":null}}}'
    )


def test_what_is_no_frame() -> None:
    assert encode_resumed(held=2, seq=5) == b'{"type":"resumed","from":2,"to":5}'
    assert encode_clock(seq=5, now_ms=NOW) == b'{"type":"clock","now":1764000000000,"seq":5}'
