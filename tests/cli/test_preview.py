import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from server.cli.exits import UsageError
from server.cli.preview import Moment, Wish, moment_of, painted, read_size, recorded
from server.errors import NotFoundError
from server.model import View
from tests.cli.conftest import Command
from tests.cli.office import FakeOffice, Served
from tests.preview.states import NOW, busy


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_the_office_is_painted_into_a_file(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.state = busy()
    target = tmp_path / "office.png"
    done = tendesks("preview", str(target), "--size", "320x180", "--night")
    assert done.exit_code == 0, done.stderr
    assert f"bytes in {target}" in done.stdout
    assert size_of(target) == (320, 180)
    said = json.loads(tendesks("preview", str(target), "--size", "160x90", "--day", "--json").stdout)
    assert (said["to"], said["width"], said["view"]) == (str(target), 160, "batches")


@pytest.mark.parametrize(
    "options",
    [
        ["out.jpg"],
        ["out.png", "--size", "9x9"],
        ["out.png", "--size", "big"],
        ["out.png", "--at", "90s"],
        ["out.png", "--view", "all"],
    ],
)
def test_a_wrong_command_line_is_told(tendesks: Command, options: list[str]) -> None:
    assert tendesks("preview", *options).exit_code == 2


def test_sizes_are_read() -> None:
    assert read_size("1200X630") == (1200, 630)
    with pytest.raises(UsageError, match="sides from 64"):
        read_size("10x10")


def test_moments_are_read() -> None:
    assert moment_of(None, 1000, 9000) == 9000
    assert moment_of("1m30s", 1000, 9000) == 91_000
    assert moment_of("1970-01-01T00:00:05Z", 1000, 9000) == 5000
    with pytest.raises(UsageError, match="--at"):
        moment_of("soon", 1000, 9000)


def test_a_picture_shows_no_more_than_the_view() -> None:
    other = busy()
    other["desks"]["8"]["title"] = "Another"
    wish = Wish(size=(960, 540), view=View.BATCHES, night=False)
    assert painted(Moment(busy(), NOW), wish) == painted(Moment(other, NOW), wish)
    full = wish._replace(view=View.FULL)
    assert painted(Moment(busy(), NOW), full) != painted(Moment(other, NOW), full)


class FakeApi:
    """One recording with one segment of two frames."""

    def __init__(self) -> None:
        frames = [
            {"type": "keyframe", "seq": 1, "tick": 0, "now": 10_000, "state": {"queue": {"waiting": 2}}},
            {"type": "diff", "seq": 2, "tick": 10, "patch": {"queue": {"waiting": 1}}},
        ]
        self.text = b"\n".join(json.dumps(frame).encode() for frame in frames) + b"\n"

    async def get(self, path: str) -> object:
        assert path == "/recordings/rec1"
        segment = {"n": 0, "start": "1970-01-01T00:00:10Z", "end": "1970-01-01T00:00:40Z"}
        return {"started": "1970-01-01T00:00:10Z", "hz": 10, "segments": [segment]}

    async def pages(self, path: str) -> AsyncIterator[dict[str, str]]:
        assert path == "/recordings"
        yield {"id": "rec1"}

    def download(self, path: str) -> "FakeApi":
        assert path == "/recordings/rec1/segments/0"
        return self

    async def __aenter__(self) -> object:
        async def chunks():
            yield self.text[:20]
            yield self.text[20:]

        return chunks()

    async def __aexit__(self, *_: object) -> None:
        return None


async def test_a_moment_of_a_recording_is_found() -> None:
    api = FakeApi()
    assert await recorded(api, "last", None) == Moment({"queue": {"waiting": 1}}, 40_000)  # type: ignore[arg-type]
    early = await recorded(api, "rec1", "1970-01-01T00:00:10.500Z")  # type: ignore[arg-type]
    assert early.state == {"queue": {"waiting": 2}}
    with pytest.raises(NotFoundError):
        await recorded(api, "rec1", "1h")  # type: ignore[arg-type]
