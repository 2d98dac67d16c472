"""The recorder on a fake clock and a real store: what was live is what is played, whatever happens in between."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from random import Random

import orjson
import pytest
from structlog.testing import capture_logs

from server.model import View
from server.recording import take
from tests.fakes.offices import ended, started
from tests.recording.studio import MINUTE_MS, OFFICE, Played, Studio, Teller, worked

SEEDS = range(6)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    studio = Studio(tmp_path)
    await studio.prepare()
    await studio.begin()
    studio.add()
    yield studio
    await studio.stop()
    await studio.db.close()


async def lived(studio: Studio, chance: Random, steps: int, teller: Teller) -> None:
    """A while in which things happen by chance."""
    for _ in range(steps):
        studio.happen(*teller.tell(studio.clock.now_ms()))
        await studio.clock.advance(chance.choice((30, 100, 100, 100, 700, 3_500, 3_500, 31_000)))


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_is_played_is_what_was_live_at_every_moment(tmp_path: Path, seed: int) -> None:
    print(f"seed {seed}")  # noqa: T201 - shown with a failure
    chance, studio = Random(seed), Studio(tmp_path)
    teller = Teller(Random(seed))
    await studio.prepare()
    await studio.begin()
    studio.add()
    lost: list[tuple[int, int]] = []
    began_ms = studio.clock.now_ms()
    for _ in range(4):
        await worked(studio)
        await lived(studio, chance, 60, teller)
        what = chance.choice(("kill", "kill", "stop", "sleep"))
        if what == "sleep":
            before_ms = studio.clock.now_ms()
            studio.clock.set_wall(before_ms + chance.choice((9_000, 20 * MINUTE_MS)))
            await lived(studio, chance, 5, teller)
            await studio.stop()
        elif what == "kill":
            await studio.kill()
            lost.append((studio.now_ms - 10_000, studio.now_ms))
        else:
            await studio.stop()
        studio.now_ms = max(studio.now_ms, studio.witness.seen[-1][0]) + chance.choice(
            (500, 5_000, 30 * MINUTE_MS)
        )
        await studio.begin()
    await worked(studio)
    await studio.clock.advance(1_000)
    await studio.stop()

    played, seen = await Played.of(studio), studio.witness.seen
    assert len(seen) > 100
    for now_ms, shown in seen:
        found = played.at(now_ms)
        excused = found is None and any(from_ms <= now_ms <= to_ms for from_ms, to_ms in lost)
        assert found == shown or excused, (now_ms, lost)
    known = 0
    for _ in range(300):
        now_ms = chance.randrange(began_ms, studio.now_ms)
        found = played.at(now_ms)
        known += found is not None
        assert found in {None, studio.witness.at(now_ms)}
    assert known > 20
    await studio.db.close()


async def test_the_bytes_are_those_that_viewers_got(studio: Studio) -> None:
    await worked(studio)
    await lived(studio, Random(1), 60, Teller(Random(1)))
    (recording,) = await studio.recordings()
    kept = [
        line
        for row in await studio.segments(recording.id)
        for line in await studio.lines(recording.id, row.n)
    ]
    kept += studio.recorder.open_lines(OFFICE, recording.id) or []
    assert [line for line in kept if orjson.loads(line)["type"] == "diff"] == studio.witness.frames
    assert len(studio.witness.frames) > 20


async def test_segments_follow_on_each_other_with_a_keyframe_every_thirty_seconds(studio: Studio) -> None:
    await worked(studio)
    for number in range(150):
        studio.happen(started(number, studio.clock.now_ms()), ended(number - 3, studio.clock.now_ms()))
        await studio.clock.advance(1_000)
    (recording,) = await studio.recordings()
    rows = await studio.segments(recording.id)
    assert 5 <= len(rows) <= 6
    assert [row.n for row in rows] == list(range(len(rows)))
    for one, next_one in pairwise(rows):
        assert (one.end_ms, one.last) == (next_one.start_ms, next_one.first)
        assert next_one.end_ms - next_one.start_ms in range(29_000, 31_000)
    assert recording.frames == sum(row.frames for row in rows)
    assert recording.bytes == sum(row.bytes for row in rows)
    assert await studio.markers(recording.id, "gap") == []


async def test_no_work_no_recording_and_no_ticks(studio: Studio) -> None:
    studio.recorder.worked(OFFICE, False)
    studio.happen(started(1, studio.clock.now_ms()))
    await studio.clock.advance(10 * MINUTE_MS)
    assert studio.offices is not None
    assert (studio.offices.asked, await studio.recordings(), studio.witness.seen) == ([], [], [])
    assert not studio.clock._timers


async def test_a_recording_ends_after_sixty_quiet_minutes_and_lets_the_office_sleep(studio: Studio) -> None:
    await worked(studio)
    begun_ms = studio.clock.now_ms()
    await studio.clock.advance(5_000)
    studio.recorder.worked(OFFICE, False)
    await studio.clock.advance(59 * MINUTE_MS)
    await worked(studio)  # not quiet for an hour yet
    studio.recorder.worked(OFFICE, False)
    await studio.clock.advance(60 * MINUTE_MS - 1_000)
    (recording,) = await studio.recordings()
    assert recording.ended_ms is None
    assert studio.recorder.holds(recording.id)
    await studio.clock.advance(2_000)
    (recording,) = await studio.recordings()
    assert recording.started_ms == begun_ms
    assert recording.ended_ms == pytest.approx(studio.clock.now_ms(), abs=2_000)
    assert (await studio.segments(recording.id))[-1].end_ms == recording.ended_ms
    assert not studio.recorder.holds(recording.id)
    await studio.clock.advance(2 * MINUTE_MS)
    assert (await studio.ticker.keyframe(OFFICE, View.FULL)).epoch == 2
    await worked(studio)
    assert len(await studio.recordings()) == 2


async def test_work_that_begins_and_ends_at_once_leaves_one_look_an_hour(studio: Studio) -> None:
    await worked(studio)
    for _ in range(500):
        studio.recorder.worked(OFFICE, True)
        studio.recorder.worked(OFFICE, False)
        await studio.clock.advance(100)
    assert len(studio.recorder._beats.wheel._beats) <= 2


@pytest.mark.parametrize(("minutes", "count"), [(1, 1), (59, 1), (61, 2)])
async def test_it_goes_on_over_a_restart_within_the_hour_with_a_gap(
    tmp_path: Path, minutes: int, count: int
) -> None:
    studio = Studio(tmp_path)
    await studio.prepare()
    await studio.begin()
    studio.add()
    await worked(studio)
    await studio.clock.advance(40_000)
    await studio.stop()
    stopped_ms = studio.now_ms
    studio.now_ms += minutes * MINUTE_MS
    await studio.begin()
    await worked(studio)
    await studio.clock.advance(40_000)
    found = await studio.recordings()
    assert len(found) == count
    gaps = await studio.markers(found[-1].id, "gap")
    assert gaps == (
        [{"kind": "gap", "at": stopped_ms, "to": stopped_ms + minutes * MINUTE_MS}] if count == 1 else []
    )
    await studio.stop()
    await studio.db.close()


async def test_a_session_of_more_than_a_day_goes_on_in_another_recording_without_a_gap(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.recording.recorder.recording_ms_max", 5 * MINUTE_MS)
    assert take.recording_ms_max == 24 * 60 * MINUTE_MS
    await worked(studio)
    for number in range(400):
        studio.happen(started(number, studio.clock.now_ms()), ended(number - 3, studio.clock.now_ms()))
        await studio.clock.advance(1_000)
    first, second = await studio.recordings()
    assert first.ended_ms == second.started_ms == (await studio.segments(second.id))[0].start_ms
    assert (await studio.segments(first.id))[-1].last == (await studio.segments(second.id))[0].first
    assert second.ended_ms is None


async def test_waking_from_a_sleep_of_hours_begins_another_recording(studio: Studio) -> None:
    await worked(studio)
    await studio.clock.advance(5_000)
    studio.clock.set_wall(studio.clock.now_ms() + 8 * 60 * MINUTE_MS)
    studio.happen(started(1, studio.clock.now_ms()))
    await studio.clock.advance(45_000)
    first, second = await studio.recordings()
    assert first.ended_ms is not None
    assert first.ended_ms < second.started_ms - 7 * 60 * MINUTE_MS
    assert second.ended_ms is None
    assert await studio.markers(second.id, "gap") == []


async def test_an_office_that_cannot_be_woken_is_tried_again_and_said_once(studio: Studio) -> None:
    assert studio.offices is not None
    studio.offices.failing = OSError("no room")
    with capture_logs() as said:
        studio.recorder.worked(OFFICE, True)
        await studio.clock.advance(40_000)
    assert [entry["event"] for entry in said] == ["recording.not_begun"]
    assert len(studio.offices.asked) > 2
    studio.offices.failing = None
    await studio.clock.advance(10_000)
    assert len(await studio.recordings()) == 1
