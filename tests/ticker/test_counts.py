"""What a ticker counts, and what it does not do: nothing is looked at but what has changed, and has somebody who looks."""

import dataclasses

from server.model import View
from tests.fakes.offices import noted
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
