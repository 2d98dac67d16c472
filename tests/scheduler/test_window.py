"""A window over rows: whatever is taken, comes back or is read again, tasks start in order of position, each once."""

import heapq

from hypothesis import given
from hypothesis import strategies as st

from server.scheduler.window import ENTRIES_MAX, ENTRIES_MIN, Entry, Window, entries_wanted


def entry(position: int) -> Entry:
    return Entry(position, f"t{position}", False)


def fill(window: Window, rows: set[int], most: int) -> None:
    """Read as the store does: waiting rows without a backoff, in order, from `first` on."""
    window.fill([entry(p) for p in sorted(p for p in rows if p >= window.first)[:most]], most)


@given(
    st.integers(1, 40), st.integers(1, 7),
    st.lists(st.sampled_from(["take", "lose", "back off", "ripen", "forget"]), max_size=120),
)  # fmt: skip
def test_the_head_is_the_lowest_position_that_waits(count: int, most: int, happenings: list[str]) -> None:
    window, rows, running, backoffs = Window(), set(range(count)), [], []
    returned: list[int] = []
    for happening in happenings:
        if window.hungry(1):
            fill(window, rows - set(returned), most)
        waiting = sorted([*rows, *returned])
        head = window.head()
        assert (head and head.position) == (waiting[0] if waiting else None) or head == entry(0)
        if happening == "take" and head:
            window.take()
            rows.discard(head.position)
            if head.position in returned:
                returned.remove(head.position)
            running.append(head.position)
        elif happening == "lose" and running:
            position = running.pop()
            rows.add(position)
            window.reread(position)
        elif happening == "back off" and running:
            heapq.heappush(backoffs, running.pop(0))
        elif happening == "ripen" and backoffs:
            position = heapq.heappop(backoffs)
            returned.append(position)
            window.come_back(entry(position))
        elif happening == "forget" and head:
            window.forget(head.task)
            rows.discard(head.position)
            if head.position in returned:
                returned.remove(head.position)


def test_a_window_is_hungry_until_rows_ran_dry() -> None:
    window = Window()
    assert window.hungry(3)
    window.fill([entry(p) for p in range(5)], 5)
    assert not window.hungry(3)
    assert window.hungry(6)
    window.fill([entry(5)], 5)
    assert not window.hungry(100)


def test_clearing_leaves_nothing() -> None:
    window = Window()
    window.fill([entry(1)], 5)
    window.come_back(entry(0))
    window.clear()
    assert window.head() is None
    assert not window.hungry(5)


def test_reading_is_rare_and_bounded() -> None:
    assert [entries_wanted(slots) for slots in (1, 50, 5_000)] == [ENTRIES_MIN, 200, ENTRIES_MAX]


def test_what_is_put_back_has_its_old_place_at_once_and_is_never_there_twice() -> None:
    window = Window()
    window.fill([entry(n) for n in range(4)], 4)
    taken = [window.take() for _ in range(3)]
    window.put_back(taken[2])
    window.put_back(taken[0])
    assert [window.take().position for _ in range(3)] == [0, 2, 3]
    window.put_back(entry(2))
    window.reread(1)  # its row is read again
    window.fill([entry(2)], 4)
    assert window.take().position == 2
    assert window.head() is None


def test_what_is_put_back_before_its_row_was_ever_read_is_left_out_when_it_is() -> None:
    window = Window(dry=True)  # a batch whose tasks all ran when its process was killed
    window.put_back(entry(5))
    window.put_back(entry(7))
    assert window.take().position == 5
    window.dry = False
    window.fill([entry(7), entry(8)], 64)
    assert [window.take().position for _ in range(2)] == [7, 8]
    assert window.head() is None


def test_while_the_quota_is_out_only_what_it_has_counted_is_next() -> None:
    window = Window()
    window.fill([Entry(0, "t0", False), Entry(1, "t1", True)], 64)
    assert window.head(free=True) is None
    window.come_back(Entry(3, "t3", True))
    assert window.head(free=True) == Entry(3, "t3", True)
    assert window.take(free=True).task == "t3"
    assert window.take().task == "t0"
    assert window.take(free=True).task == "t1"
