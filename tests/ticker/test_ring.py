from hypothesis import given
from hypothesis import strategies as st

from server.ticker.ring import Ring


def filled(sizes: list[int], bytes_max: int) -> tuple[Ring, list[bytes]]:
    ring, diffs = Ring(5), [bytes(size) for size in sizes]
    for diff in diffs:
        ring.push(diff)
        ring.trim(bytes_max)
    return ring, diffs


@given(st.lists(st.integers(1, 40), max_size=30), st.integers(0, 40))
def test_what_is_kept_is_the_longest_tail_within_the_limit(sizes: list[int], held: int) -> None:
    ring, diffs = filled(sizes, 100)
    assert ring.seq == 5 + len(diffs)
    missing = ring.seq - held
    since = ring.since(held)
    if not 0 <= missing <= len(diffs):
        assert since is None
        return
    tail = diffs[len(diffs) - missing :]
    assert since == (tuple(tail) if sum(map(len, tail)) <= 100 else None)


def test_a_diff_above_the_limit_leaves_nothing_but_its_number() -> None:
    ring, _ = filled([10, 101], 100)
    assert (ring.size, ring.seq) == (0, 7)
    assert ring.since(7) == ()
    assert ring.since(6) is None
