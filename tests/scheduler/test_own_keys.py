"""Slots follow the own keys that rows tell of, within one cycle; what a key that is gone has shut is open again."""

from pathlib import Path

from server.model import Allowance, RateFacts
from server.scheduler.control import OWN
from server.store.keys import KeyRow, KeyState, put_key
from simulation.inputs import SlotsChanged
from tests.fakes.office import House, house


def row(account: str = "a1", **changes: object) -> KeyRow:
    given = {
        "provider": "mine", "base": "https://x/v1", "version": "v1", "last": "", "state": KeyState.OK, "master": "k1",
        "wrapped": b"", "body": b"", "added_ms": 1, "checked_ms": 1,
    }  # fmt: skip
    return KeyRow(account=account, **{**given, **changes})  # type: ignore[arg-type]


async def keep(it: House, *rows: KeyRow) -> None:
    async with it.db.write() as tx:
        await tx.conn.exec_driver_sql("DELETE FROM own_keys")
        for each in rows:
            await put_key(tx.conn, each)
    await it.scheduler.keys_changed("a1")
    await it.scheduler.settled()


async def slots(it: House) -> tuple[int, int]:
    account = await it.scheduler.account("o1")
    return account.slots, account.running


async def test_slots_rise_and_fall_within_a_cycle_and_everyone_is_told(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.submit(50)
        assert await slots(it) == (10, 10)
        for state, checked_ms, expected in (
            (KeyState.OK, 1, 20), (KeyState.OK, None, 10), (KeyState.REJECTED, 1, 10), (KeyState.OK, 1, 20),
            (KeyState.UNDECRYPTABLE, 1, 10),
        ):  # fmt: skip
            await keep(it, row(state=state, checked_ms=checked_ms))
            assert (await slots(it))[0] == expected
        assert [fact.slots for fact in it.bus.of(SlotsChanged)] == [20, 10, 10, 20, 10]  # type: ignore[attr-defined]
        assert (await slots(it))[1] == 20, "what runs goes on"
        await it.minutes(1)
        assert (await slots(it))[1] == 10


async def test_one_valid_key_among_others_is_enough_and_anothers_is_none(tmp_path: Path) -> None:
    async with house(tmp_path, offices=2) as it:
        await keep(it, row(state=KeyState.REJECTED), row(provider="other"), row("a2"))
        assert await slots(it) == (20, 0)
        await keep(it, row("a2"))
        assert await slots(it) == (10, 0)


async def test_a_tier_without_more_slots_for_a_key_stays_as_it_is(tmp_path: Path) -> None:
    async with house(tmp_path, tier="starter") as it:
        await keep(it, row())
        assert await slots(it) == (3, 0)
        await it.scheduler.change_tier("a1", "pro")
        assert await slots(it) == (20, 0)


async def test_nobody_is_no_trouble(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        await it.scheduler.keys_changed("nobody")


async def test_what_an_own_key_shut_is_open_once_it_is_another_one(tmp_path: Path) -> None:
    async with house(tmp_path, lasting=lambda _work: None) as it:
        batch = await it.submit(30)
        execution, (work, report) = next(iter(it.runner.running.items()))
        name = f"{OWN}mine:v1"
        report.learned(execution, work.fence, name, RateFacts(requests=Allowance(limit=1), retry_ms=60_000))
        for each in list(it.runner.running)[1:]:
            it.runner.end(each)
        await it.scheduler.settled()
        assert (await it.row(batch.id)).running == 1, "the key is shut"
        await keep(it, row(version="v2"))
        assert (await it.row(batch.id)).running == 20
