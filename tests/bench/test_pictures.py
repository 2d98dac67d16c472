from pathlib import Path

import pytest

from bench import pictures
from bench.pictures import told
from server.preview.movie import Format, movie
from tests.preview.plain import EXPORTING
from tests.preview.sample import data, start_ms


def test_a_picture_is_timed_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PROGRAM", EXPORTING)
    (tmp_path / "o.tendesks").write_bytes(data())
    order = movie(format=Format.MP4, view="figures", size=(160, 90), to_ms=start_ms() + 2_000)  # type: ignore[arg-type]
    took, made = pictures.timed(order, tmp_path / "o.tendesks", tmp_path / "o.mp4")
    assert 0 < took < 60
    assert told(made).startswith("49 pictures of 160x90, 0.0")
    refused = movie(format=Format.MP4, view="figures", to_ms=start_ms() - 1)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="of which something is recorded"):
        pictures.timed(refused, tmp_path / "o.tendesks", tmp_path / "o.mp4")
