"""What a crash leaves of a recording, and what is made of it."""

from pathlib import Path

from structlog.testing import capture_logs

from server.store.statements import fetch
from tests.fakes.offices import ended, started
from tests.recording.studio import Played, Studio, worked


async def test_a_crash_loses_ten_seconds_at_most_whenever_it_comes(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    await studio.prepare()
    await studio.begin()
    studio.add()
    for seconds in range(1, 40, 3):
        await worked(studio)
        for number in range(seconds * 2):
            studio.happen(started(number, studio.clock.now_ms()), ended(number - 3, studio.clock.now_ms()))
            await studio.clock.advance(500)
        await studio.kill()
        seen = [at_ms for at_ms, _ in studio.witness.seen]
        studio.now_ms += 1_000
        await studio.begin()
        async with studio.db.read() as conn:
            assert await fetch(conn, "SELECT count(*) FROM parts") == [(0,)]
        played = await Played.of(studio)
        kept = [at_ms for at_ms in seen if played.at(at_ms) is not None]
        assert seen[-1] - kept[-1] <= 10_000
    assert len(await studio.recordings()) == 1
    await studio.stop()
    await studio.db.close()


async def test_parts_that_are_damaged_are_given_up_and_the_rest_is_kept(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    await studio.prepare()
    await studio.begin()
    studio.add()
    await worked(studio)
    await studio.clock.advance(45_000)
    await studio.kill()
    async with studio.db.write() as tx:
        await fetch(tx.conn, "UPDATE parts SET body = x'00'")
    with capture_logs() as said:
        await studio.begin()
    assert [entry["event"] for entry in said] == ["recording.damaged"]
    (recording,) = await studio.recordings()
    await worked(studio)
    await studio.clock.advance(45_000)
    assert [row.n for row in await studio.segments(recording.id)] == list(range(recording.segments + 1))
    await studio.stop()
    await studio.db.close()
