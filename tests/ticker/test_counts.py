"""What a ticker counts, and what it does not do: nothing is looked at but what has changed, and has somebody who looks."""

import dataclasses
from itertools import pairwise

from server.model import View
from server.ticker.loop import fire_ms_max
from tests.fakes.offices import noted, started
from tests.ticker.stage import Stage


async def test_ticks_diffs_and_rebuilds_are_counted_and_offices_while_they_are_awake() -> None:
    stage = Stage()
    await stage.join()
    await stage.join(View.FIGURES)
    stage.start(1)
    await stage.clock.advance(100)
    stage.happen(noted(1, stage.clock.now_ms(), "reading"))
    # The loop was busy for 30 ms when the second tick was due.
    stage.clock._now_ms += 130
    await stage.clock.advance(0)
    stage.clock.set_wall(stage.clock.now_ms() + 10_000)
    await stage.clock.advance(3_000)
    figures = stage.ticker.figures()
    assert (figures.offices, figures.ticks, figures.diffs) == (1, 2, 3)
    assert (figures.epochs, figures.rebuilds) == (2, 1)
    assert (figures.late, figures.late_ms) == ((1, 0, 0, 0, 0, 1, 0, 0, 0, 0), 30)
    for view in (View.FULL, View.FIGURES):
        stage.ticker.leave("office1", view)
    await stage.clock.advance(60_000)
    assert stage.ticker.figures() == dataclasses.replace(figures, offices=0)


async def test_an_office_that_nobody_looks_at_takes_no_tick_however_much_happens() -> None:
    stage = Stage(slots=10)
    for number in range(20):
        stage.start(number)
        await stage.clock.advance(1_000)
    assert (stage.ticker.figures().ticks, stage.ticker.figures().offices) == (0, 0)


async def test_only_what_changed_is_looked_at_among_many_offices() -> None:
    stage = Stage()
    for number in range(2, 102):
        stage.offices.add(f"office{number}", slots=0)
        await stage.join(office=f"office{number}")
    await stage.join()
    stage.start(1)
    await stage.clock.advance(2_900)
    assert stage.ticker.figures().ticks == 1


async def test_there_is_one_timer_for_all_offices() -> None:
    stage = Stage(slots=10)
    for number in range(2, 52):
        stage.offices.add(f"office{number}", slots=10)
        await stage.clock.advance(13)
        await stage.join(office=f"office{number}")
    for _ in range(50):
        await stage.clock.advance(97)
        assert len([timer for _, _, timer in stage.clock._timers if timer.callback]) == 1


async def test_many_that_are_due_at_once_let_the_event_loop_do_other_things_in_between() -> None:
    """After a stall thousands are due in the same moment: sockets and the scheduler have their turn all the same."""
    stage = Stage()
    for number in range(2, 22):
        stage.offices.add(f"office{number}", slots=0)
        await stage.join(office=f"office{number}")
        stage.offices.happen(f"office{number}", started(number, stage.clock.now_ms()))

    def take_long() -> None:
        stage.clock._now_ms += 5

    turns: list[int] = []
    stage.clock.call_later(100, lambda: turns.append(len(stage.sink.of("diff"))))
    stage.sink.on_deliver = take_long
    stage.clock.settle = lambda: other_things(turns, stage)
    await stage.clock.advance(200)
    assert turns[-1] == 20
    gained = {after - before for before, after in pairwise(dict.fromkeys(turns))}
    assert gained == {fire_ms_max // 5}


async def other_things(turns: list[int], stage: Stage) -> None:
    turns.append(len(stage.sink.of("diff")))
