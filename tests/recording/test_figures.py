"""What the recorder counts is what its rows say."""

from pathlib import Path

from tests.fakes.offices import ended, started
from tests.recording.studio import MINUTE_MS, SlowDatabase, Studio, worked


async def test_segments_and_bytes_are_those_of_the_rows(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    await studio.prepare()
    await studio.begin()
    studio.add()
    await worked(studio)
    for number in range(40):
        studio.happen(started(number, studio.clock.now_ms()), ended(number - 5, studio.clock.now_ms()))
        await studio.clock.advance(5_000)
    open_ = studio.recorder.figures()
    assert (open_.recordings, open_.waiting, open_.shedding) == (1, 0, False)
    assert open_.held_bytes > 0
    await studio.stop()
    figures = studio.recorder.figures()
    segments = await studio.segments((await studio.recordings())[0].id)
    assert figures.segments_total == len(segments) > 5
    assert figures.bytes_total >= sum(segment.bytes for segment in segments) > 0
    assert (figures.recordings, figures.held_bytes, figures.gaps_total, figures.failures_total) == (
        0,
        0,
        0,
        0,
    )
    await studio.db.close()


async def test_gaps_and_what_the_store_does_not_take_are_counted(tmp_path: Path) -> None:
    studio = Studio(tmp_path, database=SlowDatabase)
    await studio.prepare()
    await studio.begin()
    studio.add()
    await worked(studio)
    await studio.clock.advance(1_000)
    studio.clock.set_wall(studio.clock.now_ms() + MINUTE_MS)  # a laptop slept: what was then is missing
    studio.happen(started(1, studio.clock.now_ms()))
    await studio.clock.advance(40_000)
    assert isinstance(studio.db, SlowDatabase)
    studio.db.full = True
    studio.happen(started(2, studio.clock.now_ms()))
    await studio.clock.advance(20_000)
    failing = studio.recorder.figures()
    assert (failing.failures_total > 0, failing.waiting > 0) == (True, True)
    studio.db.full = False
    await studio.clock.advance(10_000)
    await studio.stop()
    figures = studio.recorder.figures()
    assert (figures.gaps_total, figures.waiting, figures.failures_total) == (1, 0, failing.failures_total)
    await studio.db.close()
