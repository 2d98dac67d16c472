"""Recordings that come in as files: kept as a whole, refused as a whole, and gone after a crash."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import orjson
import pytest

from server.errors import DiskFullError, InvalidInputError, LimitExceededError, TooManyError
from server.model import View
from server.recording import arriving
from server.recording.arriving import Arrivals
from server.recording.contents import Header
from server.recording.file import RecordingFile, Writer
from server.recording.segment import pack, unpack
from server.store.arrivals import imported_count
from server.store.database import Database
from server.store.ids import Ids
from server.store.recordings import (
    delete_dropped,
    drop_old,
    recording_row,
    recordings_page,
    segment_body,
    segment_rows,
)
from server.store.statements import fetch
from tests.fakes.clock import FakeClock
from tests.preview.sample import data, segments, start_ms
from tests.preview.stored import OFFICE, RECORDING, store

DAY_MS = 86_400_000


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await store(tmp_path)
    yield opened
    await opened.close()


def room(db: Database) -> Arrivals:
    clock = FakeClock()
    return Arrivals(db=db, clock=clock, ids=Ids(clock))


async def take(db: Database, file: bytes) -> str:
    return (await room(db).take(OFFICE, BytesIO(file))).id


async def listed(db: Database) -> list[str]:
    async with db.read() as conn:
        return [row.id for row in await recordings_page(conn, OFFICE, limit=100)]


async def pieces(db: Database) -> int:
    async with db.read() as conn:
        return int((await fetch(conn, "SELECT count(*) FROM pieces"))[0][0])


@pytest.mark.parametrize("view", [View.FULL, View.BATCHES])
async def test_what_came_in_is_what_the_file_shows(db: Database, view: View) -> None:
    file = RecordingFile(data(view))
    arrived = await room(db).take(OFFICE, BytesIO(data(view)))
    async with db.read() as conn:
        row = await recording_row(conn, OFFICE, arrived.id)
        rows = await segment_rows(conn, arrived.id)
        bodies = [unpack(await segment_body(conn, OFFICE, arrived.id, n)) for n in range(len(rows))]
    assert arrived.whole
    assert bodies == [file.lines(n) for n in range(len(file.segments))]
    assert [(one.start_ms, one.end_ms) for one in rows] == [
        (one.start_ms, one.end_ms) for one in file.segments
    ]
    assert (row.started_ms, row.ended_ms, row.last_ms) == (start_ms(), rows[-1].end_ms, rows[-1].end_ms)
    assert (row.segments, row.frames) == (len(rows), sum(map(len, bodies)))
    assert (row.name, row.imported_ms) == ("Northwind", FakeClock().now_ms())
    assert await listed(db) == sorted([RECORDING, arrived.id], reverse=True)


async def test_its_markers_are_made_from_its_frames_as_those_of_a_session(db: Database) -> None:
    number = await take(db, data(count=4))
    async with db.read() as conn:
        own, theirs = await segment_rows(conn, RECORDING), await segment_rows(conn, number)
    kinds = {marker["kind"] for row in theirs for marker in orjson.loads(row.markers)}
    assert "tally" in kinds
    assert [orjson.loads(row.markers) for row in theirs[:-1]] == [
        orjson.loads(row.markers) for row in own[:-1]
    ]
    assert len(orjson.loads(theirs[-1].markers)) >= len(orjson.loads(own[-1].markers)), "it is over"


async def test_markers_that_somebody_put_beside_the_frames_are_not_believed(db: Database) -> None:
    lines = list(segments()[0])
    writer = Writer(Header(office="Nor\nthwind" + "x" * 500, view=View.FULL, hz=10, start_ms=start_ms()))
    forged = [{"kind": "failed", "at": start_ms(), "title": "never happened"}]
    file = writer.begin() + writer.segment(pack(lines), start_ms=start_ms(), end_ms=start_ms() + 30_000)
    number = await take(db, file + writer.finish(forged, [(0, 5)]))
    async with db.read() as conn:
        (row,) = await segment_rows(conn, number)
        name = (await recording_row(conn, OFFICE, number)).name or ""
    assert "never happened" not in row.markers
    assert "[0,5]" not in row.idle
    assert len(name) <= 120


async def test_a_gap_in_it_is_marked(db: Database) -> None:
    first, second = list(segments()[0]), list(segments()[2])
    writer = Writer(Header(office="N", view=View.FULL, hz=10, start_ms=start_ms()))
    file = writer.begin() + writer.segment(pack(first), start_ms=start_ms(), end_ms=start_ms() + 20_000)
    second_ms = orjson.loads(second[0])["now"]
    file += writer.segment(pack(second), start_ms=second_ms, end_ms=second_ms + 30_000) + writer.finish()
    number = await take(db, file)
    async with db.read() as conn:
        markers = [marker for row in await segment_rows(conn, number) for marker in orjson.loads(row.markers)]
    (gap,) = [marker for marker in markers if marker["kind"] == "gap"]
    assert gap["to"] == second_ms
    assert start_ms() + 20_000 <= gap["at"] < second_ms


async def test_a_file_that_was_cut_comes_in_as_far_as_it_is_whole(db: Database) -> None:
    whole = data(count=4)
    arrived = await room(db).take(OFFICE, BytesIO(whole[: len(whole) * 2 // 3]))
    assert not arrived.whole
    async with db.read() as conn:
        assert 1 <= (await recording_row(conn, OFFICE, arrived.id)).segments < 4


def flipped(file: bytes, at: int) -> bytes:
    return file[:at] + bytes([file[at] ^ 0x55]) + file[at + 1 :]


async def test_one_with_a_damaged_segment_is_refused_as_a_whole_and_leaves_nothing(db: Database) -> None:
    before = await pieces(db)
    file = data(count=4)
    place = RecordingFile(file).segments[2]
    with pytest.raises(InvalidInputError, match=f"segment 2: expected a whole record at byte {place.offset}"):
        await take(db, flipped(file, place.offset + 40))
    assert await listed(db) == [RECORDING]
    await delete_dropped(db)
    assert await pieces(db) == before
    async with db.read() as conn:
        assert await fetch(conn, "SELECT id FROM recordings WHERE dropped") == []


@pytest.mark.parametrize(
    "file", [b"", b"GIF89a" * 50, bytes(1_000), data()[:70]], ids=["empty", "gif", "zeros", "head"]
)
async def test_what_is_no_recording_is_refused(db: Database, file: bytes) -> None:
    with pytest.raises(InvalidInputError, match="expected a recording"):
        await take(db, file)
    assert await listed(db) == [RECORDING]


def spanning(*starts: int) -> bytes:
    writer = Writer(Header(office="N", view=View.FULL, hz=10, start_ms=starts[0]))
    out = [writer.begin()]
    for at_ms in starts:
        keyframe = orjson.loads(segments()[0][0]) | {"now": at_ms}
        out.append(writer.segment(pack([orjson.dumps(keyframe)]), start_ms=at_ms, end_ms=at_ms + 1_000))
    return b"".join([*out, writer.finish()])


async def test_moments_that_no_calendar_has_and_lengths_that_nobody_plays_are_refused(db: Database) -> None:
    with pytest.raises(InvalidInputError, match="up to the year 9999"):
        await take(db, spanning(253_402_300_799_999))
    with pytest.raises(LimitExceededError, match="span_ms_max: expected a recording of up to 8 days"):
        await take(db, spanning(start_ms(), start_ms() + 9 * DAY_MS))


async def test_while_it_arrives_nobody_sees_it_and_nobody_deletes_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "transaction_segments_max", 1)
    arrivals, seen = room(db), []
    write = arrivals._write

    async def watched(statements: object) -> None:
        await write(statements)  # type: ignore[arg-type]
        await delete_dropped(db, arrivals.now)
        seen.append((await listed(db), len(arrivals.now())))

    monkeypatch.setattr(arrivals, "_write", watched)
    arrived = await arrivals.take(OFFICE, BytesIO(data(count=4)))
    assert seen[:-1] == [([RECORDING], 1)] * 5
    assert arrived.id in seen[-1][0]
    assert arrivals.now() == []


async def test_what_a_crash_leaves_of_one_is_deleted(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await pieces(db)
    arrivals = room(db)
    write, written = arrivals._write, []

    async def dying(statements: object) -> None:
        if len(written) == 1:
            written.append("half of it")
            await write(statements)  # type: ignore[arg-type]
            raise KeyboardInterrupt
        written.append("its row")
        await write(statements)  # type: ignore[arg-type]

    monkeypatch.setattr(arrivals, "_write", dying)
    with pytest.raises(KeyboardInterrupt):
        await arrivals.take(OFFICE, BytesIO(data(count=4)))
    assert await pieces(db) > before
    await delete_dropped(db)  # as the next start does
    assert await pieces(db) == before
    assert await listed(db) == [RECORDING]


async def test_its_limits_have_names(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(_: Database) -> bool:
        return False

    with monkeypatch.context() as patched:
        patched.setattr(arriving, "has_room", none)
        with pytest.raises(DiskFullError):
            await take(db, data(count=4))
    await take(db, data(count=4))
    async with db.read() as conn:
        assert await imported_count(conn, OFFICE) == 1, "its own sessions do not count"
    monkeypatch.setattr(arriving, "imports_max", 1)
    with pytest.raises(LimitExceededError, match="imports_max: expected up to 1 recordings from files"):
        await take(db, data(count=4))
    monkeypatch.setattr(arriving, "arriving_max", 0)
    with pytest.raises(TooManyError, match="arriving_max: expected up to 0 files at once"):
        await take(db, data(count=4))


async def test_it_is_kept_as_long_as_one_that_was_made_when_it_came(db: Database) -> None:
    """A year-old session that is taken in today is not swept away today."""
    number = await take(db, data(count=4))
    came_ms = FakeClock().now_ms()
    async with db.write() as tx:
        await drop_old(tx.conn, "pro", came_ms - 1, came_ms)
    assert number in await listed(db)
    async with db.write() as tx:
        await drop_old(tx.conn, "pro", max(came_ms, start_ms() + DAY_MS), came_ms)
    assert await listed(db) == []
