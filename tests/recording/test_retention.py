"""How long recordings are kept, and when one ends that nobody went on with."""

from pathlib import Path

from server.recording.retention import DAY_MS, Retention
from server.store.statements import fetch
from tests.recording.studio import MINUTE_MS, Studio, worked


async def test_what_is_kept_is_kept_as_long_as_the_tier_says(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    await studio.prepare("o1", tier="free")
    async with studio.db.write() as tx:
        await fetch(
            tx.conn, "INSERT INTO accounts (id, name, tier, created_ms) VALUES ('a2', 'Bo', 'starter', 0)"
        )
        await fetch(
            tx.conn, "INSERT INTO offices (id, account, name, created_ms) VALUES ('o2', 'a2', 'B', 0)"
        )
    await studio.begin()
    for office in ("o1", "o2"):
        studio.add(office)
        studio.recorder.worked(office, True)
    await studio.clock.advance(40_000)
    for office in ("o1", "o2"):
        studio.recorder.worked(office, False)
    await studio.clock.advance(61 * MINUTE_MS)
    retention = Retention(
        db=studio.db, clock=studio.clock, days={"free": 1, "starter": 30}, made=studio.recorder.made
    )

    async def settle() -> None:
        await studio.settle()
        await retention.settled()

    studio.clock.settle = settle
    retention.begin()
    await studio.clock.advance(DAY_MS - 2 * 60 * MINUTE_MS)
    assert (len(await studio.recordings("o1")), len(await studio.recordings("o2"))) == (1, 1)
    await studio.clock.advance(3 * 60 * MINUTE_MS)
    assert (len(await studio.recordings("o1")), len(await studio.recordings("o2"))) == (0, 1)
    async with studio.db.read() as conn:
        kept = await fetch(
            conn, "SELECT DISTINCT r.office FROM segments s JOIN recordings r ON r.id = s.recording"
        )
        assert kept == [("o2",)]
        assert await fetch(conn, "SELECT count(*) FROM recordings") == [(1,)]
        ((pieces, kept_bytes),) = await fetch(conn, "SELECT count(*), sum(length(body)) FROM pieces")
        assert pieces > 0
        assert await fetch(conn, "SELECT sum(bytes) FROM segments") == [(kept_bytes,)]
    await studio.clock.advance(30 * DAY_MS)
    assert await studio.recordings("o2") == []
    async with studio.db.read() as conn:
        assert await fetch(conn, "SELECT count(*) FROM pieces") == [(0,)]
    await retention.stop()
    await studio.stop()
    await studio.db.close()


async def test_a_recording_that_nobody_went_on_with_is_ended_by_the_sweep(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    await studio.prepare()
    await studio.begin()
    studio.add()
    await worked(studio)
    await studio.clock.advance(40_000)
    await studio.kill()
    studio.now_ms += 61 * MINUTE_MS
    await studio.begin()
    retention = Retention(db=studio.db, clock=studio.clock, days={}, made=studio.recorder.made)
    retention.begin()
    await retention.settled()
    (recording,) = await studio.recordings()
    assert recording.ended_ms == recording.last_ms == (await studio.segments(recording.id))[-1].end_ms
    await retention.stop()
    await studio.stop()
    await studio.db.close()
