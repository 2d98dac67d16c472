"""What is recorded goes to the store: late, together, and at nobody else's cost."""

from itertools import pairwise
from pathlib import Path

import orjson
from structlog.testing import capture_logs

from server.recording.entries import Closed, Ended, Part, Recording
from server.recording.rows import STEP, aside_bytes, packed, written
from server.recording.segment import unpack
from server.recording.writer import entries_max
from server.store.statements import fetch
from tests.fakes.offices import ended, started
from tests.recording.studio import OFFICE, Played, SlowDatabase, Studio, worked


async def test_a_writer_that_stalls_costs_diffs_and_never_the_ticker(tmp_path: Path) -> None:
    studio = Studio(tmp_path, database=SlowDatabase, bytes_max=60_000)
    await studio.prepare()
    await studio.begin()
    studio.add()
    await worked(studio)
    await studio.clock.advance(1_000)
    assert isinstance(studio.db, SlowDatabase)
    studio.clock.settle = studio.ticker.settled  # nobody waits for the writer
    studio.db.open.clear()
    most, late = 0, 0
    with capture_logs() as said:
        for number in range(1_000):
            studio.happen(started(number, studio.clock.now_ms()), ended(number - 5, studio.clock.now_ms()))
            seen = len(studio.witness.seen)
            await studio.clock.advance(100)
            late += len(studio.witness.seen) == seen
            most = max(most, studio.recorder.writer.held_bytes)
    assert late == 0, "every change was shown at its tick"
    assert 50_000 < most <= 60_000 + 32 * 1024
    assert [entry["event"] for entry in said] == ["recording.sheds"]
    shed_ms = studio.clock.now_ms()
    studio.db.open.set()
    studio.clock.settle = studio.settle
    await studio.clock.advance(60_000)
    await studio.stop()
    (recording,) = await studio.recordings()
    (gap,) = await studio.markers(recording.id, "gap")
    assert gap["at"] < shed_ms < gap["to"]
    assert studio.recorder.writer.held_bytes == 0
    played = await Played.of(studio)
    for now_ms, shown in studio.witness.seen:
        assert played.at(now_ms) == (None if gap["at"] < now_ms < gap["to"] else shown)
    await studio.db.close()


async def test_a_full_disk_is_said_once_and_it_goes_on_once_there_is_room(tmp_path: Path) -> None:
    studio = Studio(tmp_path, database=SlowDatabase)
    await studio.prepare()
    await studio.begin()
    studio.add()
    await worked(studio)
    assert isinstance(studio.db, SlowDatabase)
    studio.db.full = True
    with capture_logs() as said:
        for number in range(200):
            studio.happen(started(number, studio.clock.now_ms()), ended(number - 3, studio.clock.now_ms()))
            await studio.clock.advance(500)
        assert [entry["event"] for entry in said] == ["recording.unwritten"]
        studio.db.full = False
        await studio.clock.advance(10_000)
        assert [entry["event"] for entry in said] == ["recording.unwritten", "recording.goes_on"]
    await studio.stop()
    played = await Played.of(studio)
    assert all(played.at(now_ms) == shown for now_ms, shown in studio.witness.seen), "it had room in memory"
    await studio.db.close()


async def test_a_store_that_takes_nothing_at_the_stop_is_not_waited_for(tmp_path: Path) -> None:
    studio = Studio(tmp_path, database=SlowDatabase)
    await studio.prepare()
    await studio.begin()
    studio.add()
    await worked(studio)
    assert isinstance(studio.db, SlowDatabase)
    studio.db.full = True
    studio.happen(started(1, studio.clock.now_ms()))
    await studio.clock.advance(20_000)
    with capture_logs() as said:
        await studio.stop()
    assert [entry["event"] for entry in said] == ["recording.lost"]
    await studio.db.close()


async def test_many_offices_are_written_together_and_not_all_at_once(tmp_path: Path) -> None:
    studio = Studio(tmp_path, database=SlowDatabase)
    names = [f"office{number:03}" for number in range(200)]
    await studio.prepare(*names)
    await studio.begin()
    for name in names:
        studio.add(name, slots=0)
        studio.recorder.worked(name, True)
    await studio.settle()
    assert isinstance(studio.db, SlowDatabase)
    before, closed = studio.db.writes, []
    for second in range(60):
        for name in names:
            studio.happen(started(second, studio.clock.now_ms()), office=name)
        await studio.clock.advance(1_000)
        async with studio.db.read() as conn:
            closed.append(int((await fetch(conn, "SELECT count(*) FROM segments"))[0][0]))
    assert closed[-1] == 400
    steps = [after - earlier for earlier, after in pairwise(closed)]
    assert max(steps) <= 20, "keyframes are spread over their half minute"
    assert studio.db.writes - before <= 2 * 60
    await studio.stop()
    await studio.db.close()


def frames(count: int, size: int = 10) -> list[bytes]:
    """A segment's lines."""
    keyframe = {"type": "keyframe", "seq": 0, "tick": 0, "now": 1_000, "state": {"office": {"running": 0}}}
    diffs = [
        {"type": "diff", "seq": n, "tick": n, "patch": {"office": {"name": f"{n}" * size}}}
        for n in range(1, count)
    ]
    return [orjson.dumps(frame) for frame in (keyframe, *diffs)]


def recording(name: str = "recording1") -> Recording:
    return Recording(id=name, office=OFFICE, hz=10, started_ms=1_000, last_ms=1_000)


async def test_large_segments_are_packed_beside_the_loop_and_read_in_steps() -> None:
    ways = 0

    async def give_way() -> None:
        nonlocal ways
        ways += 1

    lines = frames(10 * STEP + 1, size=aside_bytes // 100)
    entry = Closed(recording=recording(), n=0, lines=lines, end_ms=None, gap=False, over=True)
    statements = await written(entry, give_way)
    assert ways == 10
    body = b"".join(piece for one in statements for *_, piece in one.rows or ())
    assert unpack(body) == lines
    assert await packed(lines) == body


async def test_a_part_whose_segment_is_closed_is_not_written() -> None:
    async def give_way() -> None:
        raise AssertionError("there is nothing to wait for")

    part = Part(recording=recording(), n=0, number=0, lines=frames(1), void=True)
    assert await written(part, give_way) == []


async def test_one_transaction_has_so_many_entries_and_no_more(tmp_path: Path) -> None:
    studio = Studio(tmp_path, database=SlowDatabase)
    await studio.prepare()
    await studio.begin()
    assert isinstance(studio.db, SlowDatabase)
    writer, before = studio.recorder.writer, studio.db.writes
    for number in range(2 * entries_max + 1):
        one = recording(f"recording{number:03}")
        writer.put(Part(recording=one, n=0, number=0, lines=frames(1)))
        assert writer.holds(one.id)
    await writer.settled()
    assert studio.db.writes - before == 3
    assert not writer.holds("recording000")
    await studio.stop()
    await studio.db.close()


async def test_what_the_store_will_never_take_is_let_go_and_the_rest_goes_on(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    await studio.prepare()
    await studio.begin()
    writer = studio.recorder.writer
    homeless, crooked, good = recording("homeless1"), recording("crooked01"), recording()
    homeless.office = "nowhere"
    writer.held_bytes = 100
    with capture_logs() as said:
        writer.put(Part(recording=homeless, n=0, number=0, lines=frames(1)))
        await writer.settled()
        writer.put(Closed(recording=crooked, n=0, lines=[b"x" * 100], end_ms=None, gap=False, over=True))
        writer.put(Part(recording=good, n=0, number=0, lines=frames(1)))
        writer.put(Ended(recording=good, at_ms=2_000))
        await writer.settled()
    assert [entry["event"] for entry in said] == ["recording.refused", "recording.defect"]
    assert writer.held_bytes == 0
    (row,) = await studio.recordings()
    assert (row.id, row.ended_ms) == (good.id, 2_000)
    await studio.stop()
    await studio.db.close()
