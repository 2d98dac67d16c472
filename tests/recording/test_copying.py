from pathlib import Path

import pytest

from server.model import View
from server.recording.contents import Header
from server.recording.copying import bodies_of, copied, noted
from server.recording.file import RecordingFile
from server.store.recordings import drop, segment_rows
from tests.preview.sample import start_ms
from tests.preview.stored import OFFICE, RECORDING, store


def header(view: View) -> Header:
    return Header(office="Northwind", view=view, hz=10, start_ms=start_ms())


@pytest.mark.parametrize("view", View)
async def test_a_copy_shows_what_the_store_does_in_its_view(tmp_path: Path, view: View) -> None:
    db = await store(tmp_path)
    async with db.read() as conn:
        rows = await segment_rows(conn, RECORDING)
    file = RecordingFile(
        b"".join(
            [
                piece
                async for piece in copied(
                    header(view), rows[1:3], bodies_of(db, OFFICE, RECORDING), *noted(rows[1:3], view)
                )
            ]
        )
    )
    assert file.indexed
    assert [(place.start_ms, place.end_ms) for place in file.segments] == [
        (row.start_ms, row.end_ms) for row in rows[1:3]
    ]
    text = b"".join(line for n in range(2) for line in file.lines(n))
    assert (b'"title"' in text) == (view in (View.FULL, View.TITLES))
    assert (b'"execution"' in text) == (view is View.FULL)
    markers, idle = noted(rows[1:3], view)
    assert (list(file.index.markers), list(file.index.idle)) == (markers, idle)
    await db.close()


async def test_a_recording_that_is_deleted_meanwhile_plays_as_far_as_it_came(tmp_path: Path) -> None:
    db = await store(tmp_path)
    async with db.read() as conn:
        rows = await segment_rows(conn, RECORDING)
    pieces = copied(header(View.FULL), rows, bodies_of(db, OFFICE, RECORDING), (), ())
    data = await anext(pieces) + await anext(pieces)
    async with db.write() as tx:
        await drop(tx.conn, OFFICE, RECORDING)
    data += b"".join([piece async for piece in pieces])
    file = RecordingFile(data)
    assert not file.indexed
    assert len(file.segments) == 1
    await db.close()
