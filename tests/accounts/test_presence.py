import stat
from pathlib import Path

import orjson
import pytest

from server.accounts.presence import PRESENCE_FILE, Presence, read_presence, write_presence


def test_what_is_written_is_read(tmp_path: Path) -> None:
    found = Presence(token="tds_x", url="http://127.0.0.1:8000", pid=42)
    write_presence(tmp_path, found)
    assert read_presence(tmp_path) == found
    write_presence(tmp_path, Presence(token="tds_x"))
    assert read_presence(tmp_path) == Presence(token="tds_x")
    assert orjson.loads((tmp_path / PRESENCE_FILE).read_bytes()) == {"token": "tds_x"}
    assert [path.name for path in tmp_path.iterdir()] == [PRESENCE_FILE]


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    (tmp_path / PRESENCE_FILE).write_text("{}")
    (tmp_path / PRESENCE_FILE).chmod(0o644)
    write_presence(tmp_path, Presence(token="t"))
    assert stat.S_IMODE((tmp_path / PRESENCE_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"null", b'{"url": "x"}'])
def test_what_is_of_no_use_is_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / PRESENCE_FILE).write_bytes(content)
    assert read_presence(tmp_path) is None
