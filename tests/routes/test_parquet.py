"""A Parquet file on its way: whole, in pieces, and closed whatever becomes of it. What is in it: `test_results.py`."""

import io
from pathlib import Path

from server.routes.parquet import FILE_BYTES, read


async def test_a_file_is_sent_from_where_it_stands_to_its_end_and_closed(tmp_path: Path) -> None:
    content = bytes(range(256)) * (FILE_BYTES // 256 + 3)
    (tmp_path / "file").write_bytes(content)
    file = (tmp_path / "file").open("rb")
    file.seek(5)
    pieces = [piece async for piece in read(file)]
    assert b"".join(pieces) == content[5:]
    assert [len(piece) for piece in pieces[:-1]] == [FILE_BYTES] * (len(pieces) - 1)
    assert file.closed


async def test_a_file_is_closed_when_nobody_waits_for_its_end() -> None:
    file = io.BytesIO(b"x" * (2 * FILE_BYTES))
    pieces = read(file)
    assert len(await anext(pieces)) == FILE_BYTES
    await pieces.aclose()  # type: ignore[attr-defined]
    assert file.closed
