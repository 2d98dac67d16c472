from pathlib import Path

from server.kinds.catalogue import catalogue
from server.settings import Settings


def test_kinds_are_found_by_their_names(tmp_path: Path) -> None:
    kinds = catalogue(Settings(data=tmp_path))
    assert set(kinds) == {"command", "demo"}
    assert all(kind.name == name and kind.attempts == 1 for name, kind in kinds.items())
