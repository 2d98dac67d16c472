from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.gateway.protocol import (
    Ack,
    BadMessageError,
    Hello,
    Level,
    LevelChange,
    encode_restart,
    encode_viewers,
    parse,
)
from server.model import View

BYTES_MAX = 1_000


def read(message: Any) -> Any:
    return parse(orjson.dumps(message).decode(), BYTES_MAX)


def test_a_hello_with_everything() -> None:
    message = {"type": "hello", "token": "t", "office": "o", "epoch": 3, "view": "titles", "seq": 0}
    assert read(message) == Hello(token="t", office="o", epoch=3, view=View.TITLES, seq=0)


@pytest.mark.parametrize("extra", [{}, {"token": None, "seq": None}, {"colour": "red"}])
def test_a_hello_with_nothing(extra: dict[str, Any]) -> None:
    nothing = Hello(token=None, office=None, epoch=None, view=None, seq=None)
    assert read({"type": "hello", **extra}) == nothing


def test_the_others() -> None:
    assert read({"type": "ack", "seq": 7}) == Ack(seq=7)
    assert read({"type": "level", "value": "hidden"}) == LevelChange(value=Level.HIDDEN)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ("", "expected JSON"),
        ("{", "expected JSON"),
        ('{"type": "ack", "seq": NaN}', "expected JSON"),
        ("[" * 5_000, "at most 1000 bytes"),
        ("[" * 900, "expected JSON"),
        ("é" * 600, "at most 1000 bytes"),
        (b"{}", "expected a text message"),
        ("[]", "expected an object, got list"),
        ("7", "expected an object, got 7"),
        ("{}", "type: expected hello, ack or level"),
        ('{"type": "shout"}', "type: expected hello, ack or level, got str"),
        ('{"type": ["hello"]}', "type: expected hello"),
        ('{"type": "hello", "token": 1}', "token: expected a text, got 1"),
        ('{"type": "hello", "epoch": true}', "epoch: expected a whole number"),
        ('{"type": "hello", "epoch": 1.0}', "epoch: expected a whole number"),
        ('{"type": "hello", "seq": -1}', "seq: expected a whole number from 0, got -1"),
        ('{"type": "hello", "seq": 99999999999999999999}', "seq: expected a whole number"),
        ('{"type": "hello", "view": "all"}', "view: expected one of full, titles, batches, figures"),
        ('{"type": "hello", "view": {}}', "view: expected one of"),
        ('{"type": "ack"}', "ack: expected a field seq"),
        ('{"type": "ack", "seq": "1"}', "seq: expected a whole number"),
        ('{"type": "level"}', "level: expected a field value"),
        ('{"type": "level", "value": "half"}', "value: expected one of full, hidden"),
    ],
)
def test_what_is_refused_and_why(data: str | bytes, complaint: str) -> None:
    with pytest.raises(BadMessageError, match=r".*") as caught:
        parse(data, BYTES_MAX)
    assert complaint in caught.value.detail


@given(st.text() | st.binary())
def test_whatever_comes_is_a_message_or_refused(data: str | bytes) -> None:
    try:
        parse(data, BYTES_MAX)
    except BadMessageError:
        return
    pytest.fail("random text is no message")


def test_no_secret_is_in_what_a_log_or_a_complaint_would_show() -> None:
    assert "secret" not in repr(read({"type": "hello", "token": "secret"}))
    with pytest.raises(BadMessageError) as caught:
        read({"type": "hello", "token": ["secret"]})
    assert "secret" not in caught.value.detail


def test_what_the_gateway_says_itself() -> None:
    assert orjson.loads(encode_viewers(3)) == {"type": "viewers", "count": 3}
    assert orjson.loads(encode_restart(1_500)) == {"type": "restart", "retry": 1_500}
