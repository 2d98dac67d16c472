"""Figures of a batch are what a plain count over its tasks says, whatever the tasks."""

import random
from pathlib import Path

import pytest
from sqlalchemy import insert

from server.model import Reason
from server.store import figures
from server.store.accounts import add_account
from server.store.database import Database
from server.store.figures import BARS, BatchFigures, batch_figures
from server.store.offices import add_office
from server.store.tables import batches, executions, metadata, tasks
from server.store.whys import WHY

Ended = tuple[str, int, int, str | None, str | None]
"""State, start, end, reason, message of a task."""


@pytest.fixture
async def db(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.write() as tx:
        await tx.conn.run_sync(metadata.create_all)
        await add_account(tx.conn, account="a", name="a", tier="pro", now_ms=1)
        await add_office(tx.conn, office="o", account="a", name="a", now_ms=1)
        for name in ("mine", "other"):
            await tx.conn.execute(
                insert(batches).values(
                    id=name, office="o", name="L", kind="demo", params="{}", state="running", attempts=1,
                    timeout_ms=1, ordinal=0, turn=1, created_ms=1,
                )
            )  # fmt: skip
    yield database
    await database.close()


async def fill(db: Database, batch: str, ended: list[Ended]) -> None:
    """Each after an attempt before, whose times and reason are nobody's business."""
    rows, attempts = [], []
    for n, (state, began, end, reason, message) in enumerate(ended):
        id_ = f"{batch}{n}"
        rows.append(
            {"id": id_, "batch": batch, "position": n, "title": id_, "input": b"{}", "state": state, "fence": 2,
             "reason": reason, "message": message}
        )  # fmt: skip
        last = {"started_ms": began, "ended_ms": end if state in {"done", "failed"} else None, "state": state}
        before = {"started_ms": 1, "ended_ms": 900_000, "state": "failed"}
        for fence, attempt in enumerate((before, last), start=1):
            known = {"task": id_, "batch": batch, "office": "o", "attempt": fence, "fence": fence}
            attempts.append({"id": f"{id_}e{fence}", **known, **attempt})
    async with db.write() as tx:
        await tx.conn.execute(insert(tasks), rows)
        await tx.conn.execute(insert(executions), attempts)


async def read(db: Database, ended: int) -> BatchFigures:
    async with db.read() as conn:
        return await batch_figures(conn, "mine", ended=ended)


def within(sorted_ms: list[int], percent: int) -> int:
    return sorted_ms[-(-len(sorted_ms) * percent // 100) - 1]


@pytest.mark.parametrize("seed", range(20))
async def test_durations_and_ends_are_what_a_plain_count_says(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    states = [
        chance.choice(["done", "done", "failed", "running", "waiting"]) for _ in range(chance.randint(1, 300))
    ]
    starts = [1_000 + chance.randint(0, 400_000) for _ in states]
    ended = [
        (state, began, began + chance.choice([0, 1, 40_000, chance.randint(0, 60_000)]), None, None)
        for state, began in zip(states, starts, strict=True)
    ]
    await fill(db, "mine", ended)
    await fill(db, "other", [("done", 5, 7, None, None), ("failed", 5, 900, "timeout", None)])
    found = await read(db, len(ended))
    took = sorted(end - began for state, began, end, *_ in ended if state == "done")
    if not took:
        assert found.durations is None
    else:
        known = found.durations
        assert known is not None
        assert (known.looked_at, known.low, known.high) == (len(took), took[0], took[-1])
        assert (known.half, known.most) == (within(took, 50), within(took, 90))
        assert known.top == min(took[-1], 2 * known.most)
        assert sum(known.bars) + known.longer == len(took)
        assert known.longer == sum(each > known.top for each in took)
        step = (known.top - known.low) / BARS
        for bar, count in enumerate(known.bars[:-1]):
            low, high = known.low + bar * step, known.low + (bar + 1) * step
            inside = sum(low <= each < high for each in took)
            assert abs(count - inside) <= sum(each in {round(low), round(high)} for each in took)
    last = [(began, end, state) for state, began, end, *_ in ended if state in {"done", "failed"}]
    if last:
        assert found.ends is not None
        assert found.ends.first_ms == min(began for began, *_ in last)
        for state, counts in (("done", found.ends.done), ("failed", found.ends.failed)):
            expected = [0] * len(counts)
            for _, end, its in last:
                expected[(end - found.ends.first_ms) // found.ends.width_ms] += its == state
            assert list(counts) == expected


async def test_reasons_are_counted_with_the_code_of_a_program(db: Database) -> None:
    why = [
        ("exit", "exit 1: no such file"), ("exit", "exit 1"), ("exit", "exit 127: not found"), ("exit", "exit 12"),
        ("exit", "killed by SIGKILL"), ("timeout", "20 min"), ("timeout", None), ("exit", "exit 1: other: words"),
    ]  # fmt: skip
    await fill(db, "mine", [("failed", 1, 2, reason, message) for reason, message in why])
    found = await read(db, len(why))
    assert dict(found.reasons) == {"exit 1": 3, "timeout": 2, "exit 127": 1, "exit 12": 1, "exit": 1}
    assert [count for _, count in found.reasons] == sorted(
        (count for _, count in found.reasons), reverse=True
    )
    assert found.more_reasons == 0
    assert all(WHY.fullmatch(name) for name, _ in found.reasons)


async def test_a_batch_of_which_nothing_has_ended_has_no_figures(db: Database) -> None:
    await fill(db, "mine", [("waiting", 1, 2, None, None), ("running", 1, 2, None, None)])
    assert await read(db, 0) == BatchFigures(every=1, durations=None, ends=None, reasons=(), more_reasons=0)


async def test_one_that_took_long_does_not_press_the_others_together(db: Database) -> None:
    ended: list[Ended] = [("done", 0, 1_000 + 10 * n, None, None) for n in range(99)]
    await fill(db, "mine", [*ended, ("done", 0, 3_600_000, None, None)])
    durations = (await read(db, 100)).durations
    assert durations is not None
    assert (durations.longer, durations.high) == (1, 3_600_000)
    assert sum(count > 0 for count in durations.bars) > 3


async def test_of_a_long_list_every_so_manieth_is_looked_at(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "LOOKED_AT_MAX", 10)
    await fill(db, "mine", [("done", 0, 100 + n, None, None) for n in range(35)])
    found = await read(db, 35)
    assert found.every == 4
    assert found.durations is not None
    assert (found.durations.looked_at, found.durations.low, found.durations.high) == (9, 100, 132)


def test_every_reason_is_a_why() -> None:
    assert all(WHY.fullmatch(reason) for reason in Reason)
    assert not any(WHY.fullmatch(text) for text in ("", "exit 1 ", "exit x", "timeouts", "exit 1234"))
