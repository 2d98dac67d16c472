import pytest

from server.kinds.wording import one_line, spoken


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("reading", "reading"),
        ("  two\twords\r\n and more ", "two words and more"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("a\u202eb\u2066c", "a b c"),
        ("half \ud83d pair", "half pair"),
        ("👩‍🚀 söß", "👩‍🚀 söß"),
        ("\x00\x07", ""),
        ("x" * 500, "x" * 120),
        ("\x00" * 10_000_000 + "late", ""),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text, 120) == line


@pytest.mark.parametrize(
    ("duration_ms", "words"),
    [
        (0, "0 ms"),
        (350, "350 ms"),
        (1_000, "1 s"),
        (90_999, "1 min 30 s"),
        (1_200_000, "20 min"),
        (5_400_000, "1 h 30 min"),
        (86_400_000, "24 h"),
    ],
)
def test_spoken(duration_ms: int, words: str) -> None:
    assert spoken(duration_ms) == words
