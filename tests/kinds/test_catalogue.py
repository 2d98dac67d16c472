from pathlib import Path

from server.kinds.catalogue import catalogue, close
from server.settings import Settings


def test_kinds_are_found_by_their_names(tmp_path: Path) -> None:
    kinds = catalogue(Settings(data=tmp_path))
    assert {"command", "demo", "chat", "http"} <= set(kinds)
    assert all(kind.name == name for name, kind in kinds.items())
    attempts = {name: kinds[name].attempts for name in ("command", "demo", "python", "chat", "http")}
    assert attempts == {"command": 1, "demo": 1, "python": 1, "chat": 3, "http": 3}


async def test_kinds_that_were_never_used_close_at_once(tmp_path: Path) -> None:
    await close(catalogue(Settings(data=tmp_path)))
