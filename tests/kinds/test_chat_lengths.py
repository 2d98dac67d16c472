from server.kinds import chat_lengths
from server.kinds.chat_lengths import ANSWERS_KEPT, Lengths, permille


def test_of_few_answers_nothing_is_concluded() -> None:
    lengths = Lengths()
    for tokens in (10, 20):
        lengths.add("b1", tokens)
    assert lengths.expected("b1") is None
    lengths.add("b1", 60)
    assert lengths.expected("b1") == 30
    assert lengths.expected("b2") is None


def test_the_latest_count() -> None:
    lengths = Lengths()
    for tokens in [1000] * 50 + [10] * ANSWERS_KEPT:
        lengths.add("b1", tokens)
    assert lengths.expected("b1") == 10


def test_empty_answers_divide_by_nothing() -> None:
    lengths = Lengths()
    for _ in range(3):
        lengths.add("b1", 0)
    assert lengths.expected("b1") == 1


def test_only_so_many_batches_are_remembered() -> None:
    lengths = Lengths()
    for number in range(chat_lengths.BATCHES_MAX + 1):
        for _ in range(3):
            lengths.add(f"b{number}", 5)
    assert lengths.expected("b0") is None
    assert lengths.expected("b1") == 5


def test_a_share_is_never_the_whole() -> None:
    assert [permille(tokens, 100) for tokens in (0, 1, 50, 95, 100, 1000)] == [0, 10, 500, 950, 950, 950]
