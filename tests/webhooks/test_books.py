"""What becomes of a delivery after an attempt, and what the store is told of it."""

from pathlib import Path

import pytest

from server.store.deliveries import DeliveryState, Due
from server.webhooks.answer import Answer
from server.webhooks.books import STORE_MS, Entry, judge
from server.webhooks.schedule import WAITS_MS
from tests.fakes.receiver import receiving
from tests.webhooks.room import add, delivering, ended, select


def entry(answer: Answer, *, kind: str = "batch.done", step: int = 0) -> Entry:
    due = Due(id="d", hook="h", account="a", url="", edition=0, failing=False, kind=kind, body="", step=step)
    return Entry(due=due, answer=answer)


@pytest.mark.parametrize(
    ("given", "state", "wait_ms"),
    [
        (entry(Answer(at_ms=1, status=200)), DeliveryState.DELIVERED, None),
        (entry(Answer(at_ms=1, reason="no")), DeliveryState.WAITING, WAITS_MS[0]),
        (entry(Answer(at_ms=1, reason="no", asked_ms=99_000)), DeliveryState.WAITING, 99_000),
        (entry(Answer(at_ms=1, reason="no"), step=12), DeliveryState.WAITING, WAITS_MS[12]),
        (entry(Answer(at_ms=1, reason="no"), step=13), DeliveryState.FAILED, None),
        (entry(Answer(at_ms=1, reason="no"), kind="ping"), DeliveryState.FAILED, None),
    ],
)  # fmt: skip
def test_what_becomes_of_it(given: Entry, state: DeliveryState, wait_ms: int | None) -> None:
    found = judge(given, lambda: 0.5)
    assert (found.state, found.wait_ms) == (state, wait_ms)


async def test_a_store_that_takes_nothing_is_told_again_and_nobody_is_asked_twice_for_it(
    tmp_path: Path,
) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        await add(front, receiver)
        books = front.webhooks.courier._books
        real, failures = books._db.write, [OSError("disk"), OSError("disk")]

        def flaky(**options: bool):  # type: ignore[no-untyped-def]
            if failures:
                raise failures.pop()
            return real(**options)

        front.clock.settle = front.scheduler.settled
        batch = await front.submit(1)
        await front.clock.advance(59_999)
        books._db = type("Flaky", (), {"write": staticmethod(flaky)})()  # type: ignore[assignment]
        await front.clock.advance(1)
        await receiver.has(1)
        while failures:
            await front.clock.advance(STORE_MS)
        await front.clock.advance(STORE_MS)
        await front.webhooks.settled()
        assert len(receiver.messages) == 1
        assert await select(front, "SELECT batch, state, attempts FROM hook_deliveries") == [
            (batch, "delivered", 1)
        ]


async def test_many_at_once_are_few_transactions(tmp_path: Path) -> None:
    async with delivering(tmp_path) as front, receiving() as receiver:
        for _ in range(8):
            await add(front, receiver)
        books, written = front.webhooks.courier._books, []
        told = books.written
        books.written = lambda entries: (written.append(len(entries)), told(entries))[1]  # type: ignore[func-returns-value]
        await ended(front)
        assert sum(written) == 8
        assert len(receiver.messages) == 8
        assert await select(front, "SELECT DISTINCT state FROM hook_deliveries") == [("delivered",)]
