from typing import Any

import pytest

from server.errors import LimitExceededError, UnavailableError
from server.kinds.chat_answer import Answer


def chunk(content: Any = None, finish: str | None = None, **delta: Any) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": content, **delta}, "finish_reason": finish}]}


def fed(*chunks: Any, bytes_max: int = 1000) -> Answer:
    answer = Answer(bytes_max)
    for piece in chunks:
        answer.feed(piece)
    return answer


def test_pieces_make_an_answer() -> None:
    answer = fed(
        {"choices": []}, chunk("Hel"), chunk("lo"), chunk(finish="stop"), {"usage": {"x": 1}, "model": "m"}
    )
    assert (answer.text, answer.complete, answer.finish) == ("Hello", True, "stop")
    assert (answer.usage, answer.model) == ({"x": 1}, "m")


def test_tokens_are_counted_as_they_come() -> None:
    assert fed().tokens == 0
    assert fed(chunk("a"), chunk(""), chunk("b")).tokens == 2, "one by one"
    assert fed(chunk("x" * 401)).tokens == 101, "many at once"
    thinking = fed(chunk(reasoning_content="a"), chunk(reasoning="b"))
    assert (thinking.tokens, thinking.thinking, thinking.text) == (2, True, "")
    assert not fed(chunk(reasoning="b"), chunk("a")).thinking


def test_content_may_come_in_parts() -> None:
    assert fed(chunk([{"type": "text", "text": "Hi"}, {"type": "image"}, "x"])).text == "Hi"


def test_a_whole_completion_is_a_chunk_too() -> None:
    whole = {
        "choices": [
            {"message": {"content": "Hi"}, "finish_reason": "length"},
            {"message": {"content": "2nd"}},
        ]
    }
    assert (fed(whole).text, fed(whole).finish) == ("Hi", "length")


def test_the_word_that_a_stream_is_over_counts_where_there_was_text() -> None:
    for answer, complete in ((fed(chunk("Hi")), True), (fed(), False)):
        answer.end()
        assert answer.complete is complete
    cut = fed(chunk("Hi", finish="length"))
    cut.end()
    assert cut.finish == "length"


def test_refusals_are_kept_apart() -> None:
    answer = fed(chunk(refusal="I "), chunk(refusal="will not"))
    assert (answer.refusal, answer.text) == ("I will not", "")


@pytest.mark.parametrize(
    "garbage", [None, 1, [], "x", {"choices": {}}, {"choices": [1]}, {"choices": [None]}]
)
def test_garbage_is_told(garbage: Any) -> None:
    with pytest.raises(UnavailableError, match="expected a"):
        fed(garbage)


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"choices": [{}]},
        {"choices": [{"delta": 3}]},
        {"choices": [{"delta": {"content": 3}}]},
        {"usage": 3},
    ],
)
def test_what_is_only_odd_adds_nothing(odd: Any) -> None:
    assert fed(odd).text == ""


def test_it_does_not_grow_beyond_its_limit() -> None:
    assert fed(chunk("é" * 500)).text
    with pytest.raises(LimitExceededError, match=r"1,000 bytes \(result_bytes_max\)"):
        fed(chunk("é" * 500), chunk("x"))
