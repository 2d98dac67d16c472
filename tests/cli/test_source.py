import io
import os
from pathlib import Path

import pytest

from server.cli.exits import UsageError
from server.cli.source import opened, sniff
from server.intake.stream import Format


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        (b'{"name": "Acme"}\n{"name": "Foo"}\n', Format.NDJSON),
        (b"name,domain\nAcme,acme.example\n", Format.CSV),
        (b"\xef\xbb\xbfname;domain\nAcme;acme.example\n", Format.CSV),
        (b"name\tdomain\nAcme\tacme.example\n", Format.CSV),
        (b"\xff\xfen\x00a\x00", Format.CSV),
        (b"https://a.example\nhttps://b.example\n", Format.LINES),
        (b"Fix the bug, then test it\nWrite docs\n", Format.LINES),
        (b"one,two\n", Format.LINES),
        (b"a,a\n1,2\n", Format.LINES),
        (b"[1, 2]\n[3, 4]\n", Format.CSV),
        (b"", Format.LINES),
    ],
)
def test_a_list_without_a_name_is_known_by_its_first_lines(head: bytes, shape: Format) -> None:
    assert sniff(head) is shape


@pytest.mark.parametrize(
    ("name", "shape", "media"),
    [
        ("a.csv", Format.CSV, "text/csv"),
        ("a.TSV", Format.CSV, "text/csv"),
        ("a.ndjson", Format.NDJSON, "application/x-ndjson"),
        ("a.jsonl", Format.NDJSON, "application/x-ndjson"),
        ("urls.txt", Format.LINES, "text/plain"),
        ("urls", Format.LINES, "text/plain"),
    ],
)
def test_a_file_is_known_by_its_extension(tmp_path: Path, name: str, shape: Format, media: str) -> None:
    (tmp_path / name).write_bytes(b"x,y\n1,2\n")
    with opened(str(tmp_path / name), None) as source:
        assert (source.name, source.shape, source.media) == (name, shape, media)


def test_the_extension_can_be_overruled(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x\n")
    with opened(str(tmp_path / "a.csv"), Format.LINES) as source:
        assert source.media == "text/plain"


async def test_a_list_can_be_read_again_and_again(tmp_path: Path) -> None:
    content = os.urandom(200_000)
    (tmp_path / "a.txt").write_bytes(content)
    with opened(str(tmp_path / "a.txt"), None) as source:
        assert b"".join(source.chunks()) == content
        assert b"".join([chunk async for chunk in source.body()]) == content


def test_standard_input_is_kept_so_that_it_can_be_sent_twice() -> None:
    with opened("-", None, io.BytesIO(b'{"a": 1}\n')) as source:
        assert (source.name, source.shape) == ("standard input", Format.NDJSON)
        assert b"".join(source.chunks()) == b"".join(source.chunks()) == b'{"a": 1}\n'


def test_a_pipe_by_name_is_kept_too() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"one\ntwo\n")
    os.close(writing)
    try:
        with opened(f"/dev/fd/{reading}", None) as source:
            assert b"".join(source.chunks()) == b"".join(source.chunks()) == b"one\ntwo\n"
    finally:
        os.close(reading)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"No such file|Is a directory"), opened(str(tmp_path / name), None):
        pass
