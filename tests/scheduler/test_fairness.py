"""The ring alone: it always names the smallest share, on a tie the oldest turn, whatever was changed before."""

from hypothesis import given
from hypothesis import strategies as st

from server.scheduler.fairness import SPARE, Ring, share_of

NAMES = st.sampled_from("abcdef")
CHANGES = st.lists(
    st.one_of(
        st.tuples(NAMES, st.integers(0, 5), st.sampled_from([1, 2, 4]), st.integers(0, 50)),
        st.tuples(NAMES),
    ),
    max_size=200,
)


@given(CHANGES)
def test_the_first_is_the_smallest_share_then_the_oldest_turn(changes: list[tuple]) -> None:
    ring, model = Ring(), {}
    for change in changes:
        if len(change) == 1:
            ring.drop(change[0])
            model.pop(change[0], None)
        else:
            name, running, weight, turn = change
            ring.put(name, share_of(running, weight), turn)
            model[name] = (share_of(running, weight), turn, name)
        best = min(model.values()) if model else None
        assert ring.first() == (best[2] if best else None)
        assert len(ring) == len(model)
        assert all((name in ring) == (name in model) for name in "abcdef")


def test_what_was_changed_a_million_times_is_not_kept() -> None:
    ring = Ring()
    for turn in range(10_000):
        ring.put("a", 0.0, turn)
        ring.put("b", 1.0, turn)
    assert len(ring._heap) <= 2 * 2 + SPARE


@given(st.integers(0, 10_000), st.integers(1, 64), st.integers(1, 64))
def test_equal_ratios_are_equal_shares(running: int, weight: int, factor: int) -> None:
    assert share_of(running, weight) == share_of(running * factor, weight * factor)
