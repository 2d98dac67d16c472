"""A ZIP that is written as it is read, and read back by the library that everybody has."""

import io
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import pytest

from server.privacy.archive import Archive
from tests.fakes.clock import START_MS


def written(archive: Archive, *, whole: bool = True) -> bytes:
    pieces = []
    archive.begin("a.txt")
    for _ in range(100):
        archive.add(b"line after line\n" * 100)
        pieces.append(archive.taken())
    archive.begin("b.bin", packed=True)
    archive.add(bytes(range(256)))
    if whole:
        archive.finish()
    return b"".join([*pieces, archive.taken()])


def test_every_member_comes_back_as_it_went() -> None:
    with ZipFile(io.BytesIO(written(Archive(START_MS)))) as found:
        assert found.testzip() is None
        assert found.read("a.txt") == b"line after line\n" * 10_000
        assert found.read("b.bin") == bytes(range(256))
        assert [info.compress_type for info in found.infolist()] == [ZIP_DEFLATED, ZIP_STORED]
        assert found.getinfo("a.txt").date_time == (2026, 11, 18, 11, 6, 40)


def test_nothing_of_it_is_kept() -> None:
    archive = Archive(START_MS)
    archive.begin("a.txt", packed=True)
    for _ in range(50):
        archive.add(bytes(10_000))
        assert 10_000 <= len(archive.taken()) < 10_200
    assert archive.taken() == b""
    archive.give_up()


def test_one_that_broke_off_is_no_zip() -> None:
    archive = Archive(START_MS)
    cut = written(archive, whole=False)
    with pytest.raises(BadZipFile):
        ZipFile(io.BytesIO(cut))
    archive.give_up()
    archive.give_up()


def test_nothing_is_written_where_nothing_was_begun() -> None:
    archive = Archive(START_MS)
    with pytest.raises(AssertionError, match="begun first"):
        archive.add(b"x")
    archive.give_up()
