import asyncio
import signal

import pytest

from server.cli.interrupts import SIGNALS, Interrupts


@pytest.mark.parametrize("number", SIGNALS)
async def test_the_first_asks_and_the_second_leaves(number: int) -> None:
    firsts: list[int] = []

    async def work() -> None:
        with Interrupts() as interrupts:
            interrupts.first = lambda: firsts.append(1)
            assert not interrupts.asked.is_set()
            signal.raise_signal(number)
            await interrupts.asked.wait()
            signal.raise_signal(number)
            await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(work())
    assert firsts == [1]


async def test_afterwards_signals_do_what_they_did_before() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with Interrupts():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before
