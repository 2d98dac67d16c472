"""The tables of states hold together."""

from server.model import BATCH_ENDED, BATCH_OPEN, TASK_TRANSITIONS, BatchState, TaskState, Work


def test_every_task_state_says_where_it_leads() -> None:
    assert set(TASK_TRANSITIONS) == set(TaskState)


def test_a_done_task_stays_done() -> None:
    assert TASK_TRANSITIONS[TaskState.DONE] == frozenset()


def test_a_batch_is_arriving_open_or_ended() -> None:
    assert {BatchState.ARRIVING} | BATCH_OPEN | BATCH_ENDED == set(BatchState)
    assert not BATCH_OPEN & BATCH_ENDED


def test_the_fencing_token_is_execution_and_fence() -> None:
    work = Work(
        execution="e1", fence=4, task="t", batch="b", office="o", account="a", kind="demo", params={}, title="",
        input=b"{}", attempt=1, attempts=1, timeout_ms=1000,
    )  # fmt: skip
    assert work.token == "e1.4"
