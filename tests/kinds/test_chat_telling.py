from server.kinds.chat_answer import Answer
from server.kinds.chat_telling import LINE_CHARACTERS_MAX, Telling
from tests.kinds.bodies import Listener


class Lines(Listener):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def log(self, text: str) -> None:
        self.lines.append(text)


def told(*pieces: str, expected: int | None = None) -> Lines:
    listener = Lines()
    telling, answer = Telling(listener, expected), Answer(1_000_000)
    for piece in pieces:
        telling.heard(answer, answer.feed({"choices": [{"delta": {"content": piece}}]}))
    telling.end()
    telling.end()
    return listener


def test_text_becomes_lines() -> None:
    assert told("Hel", "lo\n\nwor", "ld\n", "end").lines == ["Hello\n\n", "world\n", "end"]
    assert told("a\n").lines == ["a\n"]
    assert told().lines == []


def test_a_long_paragraph_is_cut_at_a_space() -> None:
    lines = told(*["word "] * 200).lines
    assert "".join(lines).replace("\n", " ").strip() == ("word " * 200).strip()
    assert all(len(line) <= LINE_CHARACTERS_MAX + 5 for line in lines)
    assert told("x" * 500, "y").lines == ["x" * 500 + "\n", "y"]


def test_tokens_are_noted_and_progress_needs_an_expectation() -> None:
    assert told("a", "", "b").told == [
        ("note", "about 1 token"),
        ("note", "about 1 token"),
        ("note", "about 2 tokens"),
    ]
    progress = [value for what, value in told("a", "b", "c", expected=2).told if what == "progress"]
    assert progress == [500, 950, 950]
