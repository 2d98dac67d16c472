"""The room of moving pictures: a queue, a process at a time, its limits, and nothing left behind."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from server.clock import SystemClock
from server.errors import DiskFullError, NotFoundError, TooManyError, UnavailableError
from server.kinds.groups import acts
from server.model import View
from server.preview import exports
from server.preview.export import Export, ExportState
from server.preview.exports import Exports
from server.preview.movie import Format, movie
from server.recording.file import RecordingFile
from server.store.database import Database
from server.store.ids import Ids
from server.store.recordings import RecordingRow, SegmentRow, recording_row, segment_rows
from tests.preview.looking import read_mp4
from tests.preview.plain import EXPORTING, exporting
from tests.preview.sample import start_ms
from tests.preview.stored import OFFICE, RECORDING, store


class Bench:
    """A store with one recording, and the room over it."""

    def __init__(self, folder: Path, db: Database, program: Sequence[str]) -> None:
        self.folder = folder
        self.db = db
        self.room = Exports(db=db, clock=SystemClock(), ids=Ids(SystemClock()), data=folder, program=program)

    async def rows(self) -> tuple[RecordingRow, list[SegmentRow]]:
        async with self.db.read() as conn:
            return await recording_row(conn, OFFICE, RECORDING), await segment_rows(conn, RECORDING)

    async def put(self, account: str = "ann", **asked: Any) -> Export:
        asked = {
            "format": Format.MP4,
            "view": View.FULL,
            "size": (160, 90),
            "to_ms": start_ms() + 4_000,
        } | asked
        return await self.room.put(account, "Northwind", movie(**asked), *await self.rows())

    def files(self) -> list[str]:
        return sorted(
            str(path.relative_to(self.folder / "exports")) for path in (self.folder / "exports").rglob("*")
        )


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Callable[..., Bench]]:
    db = await store(tmp_path)
    benches: list[Bench] = []

    def make(program: Sequence[str] = EXPORTING) -> Bench:
        benches.append(Bench(tmp_path, db, program))
        return benches[-1]

    yield make
    for bench in benches:
        await bench.room.stop()
    assert not any(map(acts, psutil.Process().children(recursive=True)))
    assert not (tmp_path / "exports").exists()
    await db.close()


async def told(condition: Callable[[], Any]) -> None:
    for _ in range(3_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come true")


async def test_an_order_waits_is_made_and_done(opened: Callable[..., Bench]) -> None:
    bench = opened()
    first, second = await bench.put(), await bench.put(speed=2)
    assert [export.state for export in (first, second)] == [ExportState.RUNNING, ExportState.QUEUED]
    await bench.room.settled()
    assert [export.state for export in (first, second)] == [ExportState.DONE, ExportState.DONE]
    _, frames = read_mp4(first.file)
    assert len(frames) == 97
    assert (first.permille, first.bytes, first.size) == (1000, first.file.stat().st_size, (160, 90))
    assert bench.files() == [first.id, f"{first.id}/picture.mp4", second.id, f"{second.id}/picture.mp4"]
    assert bench.room.found("ann", first.id) is first
    assert bench.room.figures() == {"queued": 0, "running": 0, "done": 2, "failed": 0}


async def test_what_its_process_reads_is_the_view_that_was_asked_for_and_the_stretch(
    opened: Callable[..., Bench],
) -> None:
    bench = opened(exporting("waits"))
    export = await bench.put(view=View.BATCHES, from_ms=start_ms() + 61_000, to_ms=start_ms() + 80_000)
    await told(lambda: export.permille > 0)
    read = RecordingFile(export.source.read_bytes())
    assert read.header.view is View.BATCHES
    assert [place.start_ms - start_ms() for place in read.segments] == [59_900]
    assert b'"title"' not in b"".join(line for n in range(len(read.segments)) for line in read.lines(n))


async def test_deleting_one_that_is_made_ends_its_process(opened: Callable[..., Bench]) -> None:
    bench = opened(exporting("waits"))
    export, following = await bench.put(), await bench.put()
    await told(lambda: export.permille > 0)
    processes = psutil.Process().children(recursive=True)
    assert len(processes) == 2, "one that paints, and ffmpeg"
    await bench.room.drop("ann", export.id)
    assert not any(acts(process) for process in processes)
    assert not export.folder.exists()
    with pytest.raises(NotFoundError):
        bench.room.found("ann", export.id)
    await told(lambda: following.permille > 0)


async def test_one_that_waits_can_be_deleted(opened: Callable[..., Bench]) -> None:
    bench = opened(exporting("waits"))
    await bench.put()
    waiting = await bench.put()
    await bench.room.drop("ann", waiting.id)
    assert bench.room.figures() == {"queued": 0, "running": 1, "done": 0, "failed": 0}


async def test_it_is_there_for_nobody_else(opened: Callable[..., Bench]) -> None:
    bench = opened()
    export = await bench.put()
    with pytest.raises(NotFoundError, match=f"there is no '{export.id}' of this account"):
        bench.room.found("bob", export.id)
    with pytest.raises(NotFoundError):
        await bench.room.drop("bob", export.id)


@pytest.mark.parametrize(
    ("fault", "words"),
    [("dies", "ended from outside"), ("raves", "could not be made"), ("hoards", "memory_bytes_max")],
)
async def test_a_process_that_fails_fails_its_own_order_alone(
    opened: Callable[..., Bench], fault: str, words: str
) -> None:
    bench = opened(exporting(fault))
    export, short = await bench.put(), await bench.put(to_ms=start_ms() + 400, fps=5)
    await bench.room.settled()
    assert export.state is ExportState.FAILED
    assert words in (export.reason or "")
    assert not export.folder.exists()
    assert short.state is ExportState.DONE, "it has fewer pictures than it takes to go wrong"


async def test_a_program_that_cannot_be_started_is_said(opened: Callable[..., Bench]) -> None:
    bench = opened(("/nowhere/python",))
    export = await bench.put()
    await bench.room.settled()
    assert (export.state, export.reason) == (ExportState.FAILED, "The picture could not be made")


async def test_one_that_takes_too_long_is_ended(
    opened: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "export_ms_max", 1_500)
    bench = opened(exporting("waits"))
    export = await bench.put()
    await bench.room.settled()
    assert export.reason == "export_ms_max: it took longer than 0 minutes"


async def test_its_limits_have_names(opened: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    bench = opened(exporting("waits"))
    await bench.put()
    await bench.put()
    with pytest.raises(TooManyError, match="exports_active_max: expected up to 2 pictures at once"):
        await bench.put()
    monkeypatch.setattr(exports, "exports_waiting_max", 1)
    with pytest.raises(TooManyError, match="exports_waiting_max: expected up to 1 waiting"):
        await bench.put("bob")
    monkeypatch.setattr(exports, "exports_bytes_max", 0)
    monkeypatch.setattr(exports, "exports_waiting_max", 5)
    with pytest.raises(TooManyError, match="exports_bytes_max: expected pictures of up to 0 bytes"):
        await bench.put("bob")


async def test_the_oldest_goes_when_an_account_has_too_many(
    opened: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "exports_kept_max", 1)
    bench = opened()
    first = await bench.put()
    await bench.room.settled()
    second = await bench.put()
    await bench.room.settled()
    assert bench.files() == [second.id, f"{second.id}/picture.mp4"]
    with pytest.raises(NotFoundError):
        bench.room.found("ann", first.id)


async def test_a_day_later_it_is_gone(opened: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "kept_ms", 2_000)
    bench = opened()
    export = await bench.put()
    await bench.room.settled()
    assert export.state is ExportState.DONE
    await told(lambda: not export.folder.exists())
    with pytest.raises(NotFoundError):
        bench.room.found("ann", export.id)


async def test_what_an_earlier_server_left_goes_at_the_start(
    opened: Callable[..., Bench], tmp_path: Path
) -> None:
    (tmp_path / "exports" / "old").mkdir(parents=True)
    (tmp_path / "exports" / "old" / "picture.gif").write_bytes(b"GIF89a")
    opened().room.begin()
    assert not (tmp_path / "exports").exists()


async def test_a_full_disk_and_a_server_that_stops_take_no_order(
    opened: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(_: Database) -> bool:
        return False

    bench = opened()
    with monkeypatch.context() as patched:
        patched.setattr(exports, "has_room", none)
        with pytest.raises(DiskFullError):
            await bench.put()
    await bench.room.stop()
    with pytest.raises(UnavailableError):
        await bench.put()
