"""The golden recording files: what is read of them today is what was, whole, cut and flipped; the page's tests read the same."""

import json
from typing import Any

import orjson
import pytest

from server.recording.file import RecordingFile
from tests.contract.write_recordings import FOLDER, files, told

names = pytest.mark.parametrize("name", ["whole", "figures", "gap", "unfinished"])


def read(name: str) -> tuple[bytes, Any]:
    kept = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    return (FOLDER / f"{name}.tendesks").read_bytes(), json.loads(kept)


@names
def test_what_is_read_of_it_is_what_was_read_of_it(name: str) -> None:
    data, kept = read(name)
    assert orjson.loads(orjson.dumps(told(data))) == kept, (
        "if it is meant: python -m tests.contract.write_recordings"
    )


@names
def test_what_is_written_today_says_the_same(name: str) -> None:
    """Not byte for byte: another zlib packs otherwise."""
    data, kept = read(name)
    file = RecordingFile(files()[name])
    text = [b"\n".join((*file.lines(n), b"")).decode() for n in range(len(file.segments))]
    assert text == [segment["text"] for segment in kept["segments"]]
    assert orjson.loads(orjson.dumps(file.index.markers)) == kept["markers"]
    assert (RecordingFile(data).indexed, len(data) > 0) == (kept["indexed"], True)


def test_they_show_what_there_is_to_show() -> None:
    whole, gap, figures, unfinished = (read(name)[1] for name in ("whole", "gap", "figures", "unfinished"))
    assert len(whole["segments"]) > 2
    assert {marker["kind"] for marker in whole["markers"]} >= {"failed"}
    assert any(a["end"] < b["start"] for a, b in zip(gap["segments"], gap["segments"][1:], strict=False))
    assert "title" not in json.dumps(figures["segments"])
    assert not unfinished["indexed"]
    assert all(None in each["outcomes"] for each in (whole, gap, figures))
