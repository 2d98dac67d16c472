"""Admission without a store: never above the slots, never a free slot while work waits, shares max-min fair."""

from collections import Counter, deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.billing.tiers import TIERS
from server.model import BatchState, Blocked, ExecutionState, Outcome, TaskState
from server.scheduler.figures import Figures
from server.scheduler.index import Batch, Index, Ledger, Office, Running
from server.scheduler.plan import ADMISSIONS_MAX, End, Plan
from server.scheduler.window import Entry, Window
from server.store.usage import month_of
from tests.fakes.clock import START_MS

DONE = Outcome(state=ExecutionState.DONE)


def figures_of(waiting: int, turn: int, running: int = 0) -> Figures:
    return Figures(
        state=BatchState.QUEUED, blocked=None, until_ms=None, reason=None, cancelling=False, turn=turn, total=waiting + running,
        waiting=waiting, running=running, done=0, failed=0, cancelled=0, started_ms=None, ended_ms=None,
        measured=0, spent_ms=0, squares=0,
    )  # fmt: skip


class Queue:
    """An index with offices, and the commit that a cycle would make of a plan."""

    def __init__(self, *, running_max: int = 10_000, quota_enforced: bool = False) -> None:
        self.index = Index(running_max=running_max, quota_enforced=quota_enforced)
        self.starts: list[str] = []
        self.number = 0

    def office(self, slots: int, *, tier: str = "pro", used: int = 0) -> Office:
        ledger = Ledger(turn=0, running=0, month=month_of(START_MS), used=used)
        name = f"o{len(self.index.offices)}"
        office = Office(
            id=name, account=name, name=name, tier=TIERS[tier], own_slots=slots, ledger=ledger, plan=ledger
        )
        self.index.put(office)
        return office

    def batch(
        self, office: Office, name: str, tasks: int, *, weight: int = 1, cap: int | None = None
    ) -> Batch:
        office.ledger.turn += 1
        figures = figures_of(tasks, office.ledger.turn)
        window = Window(dry=True)
        window.fresh = deque(Entry(position, f"{name}{position}", False) for position in range(tasks))
        batch = Batch(
            id=name, name=name, kind="demo", params={}, priority=weight, slots=cap, attempts=1, timeout_ms=1,
            order=0, created_ms=0, figures=figures, plan=figures, window=window,
        )  # fmt: skip
        office.add(batch)
        self.index.offer_all(office)
        return batch

    def cycle(self, ends: list[Running], now_ms: int = START_MS) -> Plan:
        plan = Plan(self.index, now_ms)
        plan.end([End(running=running, outcome=DONE, at_ms=now_ms) for running in ends])
        plan.admit()
        plan.settle()
        for running in ends:
            del self.index.offices[running.office].executions[running.id]
        for start in plan.starts:
            self.number += 1
            running = Running(
                id=f"e{self.number:06}", fence=1, task=start.entry.task, office=start.office.id, batch=start.batch,
                title="", attempt=1, losses=0, position=start.entry.position, started_ms=now_ms, estimate_ms=None,
            )  # fmt: skip
            start.office.executions[running.id] = running
            self.starts.append(start.batch.id)
        for office, batch in plan.batches.values():
            office.put_figures(batch, batch.plan)
        for office in plan.offices.values():
            office.ledger = office.plan
        return plan


def check(queue: Queue, office: Office) -> None:
    """The laws of Q2 and Q3, after a cycle."""
    assert len(office.executions) == office.ledger.running <= office.slots
    counted = Counter(running.batch.id for running in office.executions.values())
    for batch in office.batches.values():
        figures = batch.figures
        assert figures.running == counted[batch.id] <= (batch.slots or figures.running)
        assert (
            figures.total
            == figures.waiting + figures.running + figures.done + figures.failed + figures.cancelled
        )
    admissible = [
        batch
        for batch in office.batches.values()
        if batch.figures.waiting and batch.figures.running < (batch.slots or office.slots)
    ]
    free = office.slots - office.ledger.running
    assert not (free and admissible), f"{free} slots free although {[batch.id for batch in admissible]} wait"


@given(
    slots=st.integers(1, 12),
    batches=st.lists(
        st.tuples(st.integers(1, 30), st.sampled_from([1, 2, 4]), st.none() | st.integers(1, 5)),
        min_size=1,
        max_size=5,
    ),
    choices=st.data(),
)
def test_slots_are_never_exceeded_and_never_idle_while_work_waits(slots, batches, choices) -> None:
    queue = Queue()
    office = queue.office(slots)
    for number, (tasks, weight, cap) in enumerate(batches):
        queue.batch(office, f"b{number}", tasks, weight=weight, cap=cap)
    queue.cycle([])
    check(queue, office)
    while office.executions:
        ends = choices.draw(st.lists(st.sampled_from(sorted(office.executions)), min_size=1, unique=True))
        queue.cycle([office.executions[name] for name in ends])
        check(queue, office)
    assert sorted(queue.starts) == sorted(
        f"b{n}" for n, (tasks, _, _) in enumerate(batches) for _ in range(tasks)
    )


@given(
    slots=st.integers(1, 40),
    demands=st.lists(st.tuples(st.integers(1, 40), st.sampled_from([1, 2, 4])), min_size=1, max_size=6),
)
def test_shares_are_max_min_fair_by_weight(slots: int, demands: list[tuple[int, int]]) -> None:
    """Nobody who still waits could be given a slot without taking it from one with no larger share."""
    queue = Queue()
    office = queue.office(slots)
    batches = [
        queue.batch(office, f"b{n}", tasks, weight=weight) for n, (tasks, weight) in enumerate(demands)
    ]
    queue.cycle([])
    for poor in batches:
        if not poor.figures.waiting:
            continue
        for rich in batches:
            if rich.figures.running:
                last = (rich.figures.running - 1) / rich.priority
                assert last <= poor.figures.running / poor.priority


@given(slots=st.integers(1, 20), tasks=st.integers(1, 60))
def test_two_batches_backlogged_at_once_with_equal_tasks_differ_by_one_start_at_most(slots, tasks) -> None:
    queue = Queue()
    office = queue.office(slots)
    queue.batch(office, "a", tasks)
    queue.batch(office, "b", tasks)
    queue.cycle([])
    while office.executions:
        oldest = next(iter(office.executions.values()))
        queue.cycle([oldest])  # equal lengths: they end in the order in which they started
        for seen in range(len(queue.starts)):
            begun = Counter(queue.starts[: seen + 1])
            assert abs(begun["a"] - begun["b"]) <= 1


@given(slots=st.integers(2, 20), ahead=st.integers(1, 50))
def test_one_that_joins_later_first_catches_up_in_running(slots: int, ahead: int) -> None:
    queue = Queue()
    office = queue.office(slots)
    queue.batch(office, "a", 500)
    queue.cycle([])
    for _ in range(ahead):
        queue.cycle([next(iter(office.executions.values()))])
    late = queue.batch(office, "late", 500)
    begun = len(queue.starts)
    while late.figures.running < slots // 2:
        queue.cycle([next(run for run in office.executions.values() if run.batch is not late)])
    assert set(queue.starts[begun:]) == {"late"}


def test_ties_go_to_the_oldest_turn() -> None:
    queue = Queue()
    office = queue.office(1)
    for name in "cab":
        queue.batch(office, name, 3)
    queue.cycle([])
    while office.executions:
        queue.cycle(list(office.executions.values()))
    assert queue.starts == list("cab" * 3)


def test_no_cycle_admits_more_than_its_limit() -> None:
    queue = Queue()
    office = queue.office(2_000)
    queue.batch(office, "a", 1_000)
    plan = queue.cycle([])
    assert len(plan.starts) == ADMISSIONS_MAX
    assert not queue.index.idle()


def test_offices_share_what_one_process_can_run_and_batches_gain_nothing() -> None:
    queue = Queue(running_max=12)
    one, many = queue.office(50), queue.office(50)
    queue.batch(one, "single", 100)
    for number in range(9):
        queue.batch(many, f"split{number}", 100)
    queue.cycle([])
    assert (one.ledger.running, many.ledger.running) == (6, 6)
    assert queue.index.running == 12


def test_offices_get_slots_by_the_weight_of_their_tier() -> None:
    queue = Queue(running_max=9)
    free, enterprise = queue.office(50, tier="free"), queue.office(50, tier="enterprise")
    queue.batch(free, "a", 100)
    queue.batch(enterprise, "b", 100)
    queue.cycle([])
    assert (free.ledger.running, enterprise.ledger.running) == (1, 8)


@pytest.mark.parametrize(("enforced", "started"), [(True, 3), (False, 10)])
def test_the_quota_holds_back_only_where_it_is_enforced(enforced: bool, started: int) -> None:
    queue = Queue(quota_enforced=enforced)
    office = queue.office(10, tier="free", used=47)
    batch = queue.batch(office, "a", 20)
    plan = queue.cycle([])
    assert len(plan.starts) == started
    assert office.ledger.used == 47 + started
    assert plan.counted == {office.account: started}
    assert batch.figures.blocked is (Blocked.QUOTA if enforced else None)


def test_what_was_counted_once_starts_again_without_the_quota() -> None:
    queue = Queue(quota_enforced=True)
    office = queue.office(10, tier="free", used=50)
    batch = queue.batch(office, "a", 2)
    batch.window.fresh[0] = Entry(0, "a0", True)
    queue.index.offer_all(office)
    plan = queue.cycle([])
    assert [start.entry.task for start in plan.starts] == ["a0"]
    assert plan.counted == {}


def test_a_new_month_counts_from_nothing_and_never_goes_back() -> None:
    queue = Queue(quota_enforced=True)
    office = queue.office(10, tier="free", used=50)
    queue.batch(office, "a", 2)
    month_ms = 31 * 86_400_000
    later = Plan(queue.index, START_MS + month_ms)
    later.open(office)
    later.admit()
    assert (office.plan.used, len(later.starts)) == (2, 2)
    office.ledger = office.plan
    earlier = Plan(queue.index, START_MS)
    earlier.open(office)
    assert (office.plan.month, office.plan.used) == (month_of(START_MS + month_ms), 2)


def test_a_lost_execution_goes_back_to_the_head_of_its_batch() -> None:
    queue = Queue()
    office = queue.office(1)
    batch = queue.batch(office, "a", 3)
    queue.cycle([])
    running = next(iter(office.executions.values()))
    plan = Plan(queue.index, START_MS)
    plan.end([End(running=running, outcome=Outcome(state=ExecutionState.LOST), at_ms=START_MS)])
    assert plan.judged[0].verdict.state is TaskState.WAITING
    assert (batch.plan.waiting, batch.plan.running) == (3, 0)
    assert batch.window.head() == Entry(0, running.task, True)
