"""Who takes part in the rings, and what is read ahead."""

from server.scheduler.index import Index, planned
from server.scheduler.window import Entry, Window
from tests.scheduler.test_plan import Queue, figures_of


def test_an_office_takes_part_while_it_has_a_slot_and_a_batch() -> None:
    queue = Queue()
    office = queue.office(1)
    assert queue.index.ring.first() is None
    queue.batch(office, "a", 2)
    assert queue.index.ring.first() == office.id
    queue.cycle([])
    assert queue.index.ring.first() is None
    assert queue.index.idle()


def test_removing_an_office_leaves_nothing_of_it() -> None:
    queue = Queue()
    office = queue.office(3)
    queue.batch(office, "a", 9)
    queue.cycle([])
    queue.index.remove(office.id)
    assert (queue.index.running, queue.index.offices, queue.index.ring.first()) == (0, {}, None)
    queue.index.remove(office.id)


def test_a_batch_whose_window_runs_low_asks_for_more() -> None:
    queue = Queue()
    office = queue.office(3)
    batch = queue.batch(office, "a", 5)
    batch.window = Window()
    queue.index.offer_all(office)
    assert list(queue.index.hungry) == ["a"]
    assert not queue.index.idle()


def test_a_backoff_that_is_over_takes_part_again() -> None:
    queue = Queue()
    office = queue.office(1)
    batch = queue.batch(office, "a", 1)
    batch.window.clear()
    office.backoffs.append((100, 0, "a", "a0"))
    queue.index.ripen(office, 99)
    assert batch.window.head() is None
    queue.index.ripen(office, 100)
    assert batch.window.head() == Entry(0, "a0", True)
    office.forget(batch, "a0")
    assert batch.window.head() is None


def test_a_plan_works_on_a_copy() -> None:
    queue = Queue()
    batch = queue.batch(queue.office(1), "a", 1)
    copy = planned(batch)
    assert copy is batch.plan is planned(batch)
    assert copy is not batch.figures
    assert copy == batch.figures == figures_of(1, 1)
    assert isinstance(queue.index, Index)
