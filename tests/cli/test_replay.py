import json
from pathlib import Path
from typing import Any

import pytest

from server.cli.replay import app
from tests.cli.conftest import Command
from tests.cli.office import FakeOffice, Served
from tests.cli.terminal import Terminal

GIF = "GIF89a and so on"


def recording(**changed: Any) -> dict[str, Any]:
    return {
        "id": "r1aaaaaaaaaa", "started": "2026-11-18T11:06:40.000Z", "ended": "2026-11-18T12:10:49.000Z",
        "seconds": 3849.0, "hz": 10, "frames": 9_000, "bytes": 311_000,
    } | changed  # fmt: skip


def export(state: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "e1aaaaaaaaaa",
        "recording": "r1aaaaaaaaaa",
        "format": "gif",
        "view": "batches",
        "state": state,
        "permille": 0,
    } | more


DONE = export("done", permille=1000, bytes=16, size="640x360")


def test_recordings_are_listed_for_people(tendesks: Command, office: FakeOffice, online: Served) -> None:
    others = [recording(id="r2aaaaaaaaaa", name="North\x1b[31mwind"), recording(id="r3", bytes=5_000)]
    del others[1]["ended"]
    office.recordings = [recording(), *others]
    lines = tendesks("replay", "list").stdout.splitlines()
    assert lines[0].split() == ["Recording", "Started", "Length", "Size"]
    assert "1:04:09" in lines[1]
    assert "0.3 MB" in lines[1]
    assert "from a file: North [31mwind" in lines[2]
    assert lines[3].endswith("5 kB  goes on")


def test_and_for_machines(tendesks: Command, office: FakeOffice, online: Served) -> None:
    office.recordings = [recording()]
    assert json.loads(tendesks("replay", "list", "--json").stdout) == {"recordings": [recording()]}


def test_nothing_recorded_is_said(tendesks: Command, online: Served) -> None:
    assert tendesks("replay", "list").stdout == "Nothing is recorded yet.\n"


def test_a_recording_goes_into_a_file(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.recordings, office.file = [recording()], b"H and all the rest"
    target = tmp_path / "o.tendesks"
    assert (
        tendesks("replay", "export", "last", "--to", str(target)).stdout
        == f"r1aaaaaaaaaa: 18 bytes in {target}\n"
    )
    assert target.read_bytes() == office.file
    tendesks("replay", "export", "r1", "--to", str(target), "--view", "figures")
    asked = office.requests("GET", "/recordings/r1aaaaaaaaaa/file")
    assert [each.query for each in asked] == [{}, {"view": "figures"}]


def test_a_gif_is_ordered_watched_fetched_and_cleared_away(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.recordings = [recording()]
    office.exports = [
        export("queued"),
        export("running", permille=300),
        export("running", permille=800),
        DONE,
    ]
    target = tmp_path / "o.gif"
    args = (
        "--from",
        "90s",
        "--until",
        "2026-11-18T11:10:40Z",
        "--speed",
        "4",
        "--size",
        "320x180",
        "--fps",
        "8",
    )
    result = tendesks(
        "replay",
        "export",
        "r1aaaaaaaaaa",
        "--to",
        str(target),
        *args,
        "--night",
        "--keep-idle",
        "--view",
        "titles",
        "--json",
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {
        "recording": "r1aaaaaaaaaa", "to": str(target), "format": "gif", "bytes": 16, "view": "batches",
        "size": "640x360",
    }  # fmt: skip
    assert target.read_bytes() == office.file
    (order,) = office.requests("POST", "/recordings/r1aaaaaaaaaa/exports")
    assert abs(order.json.pop("zone")) <= 14 * 60
    assert order.json | {"zone": 0} == {
        "format": "gif", "night": True, "from": "2026-11-18T11:08:10+00:00", "to": "2026-11-18T11:10:40+00:00",
        "speed": 4, "view": "titles", "size": "320x180", "fps": 8, "skip_idle": False, "zone": 0,
    }  # fmt: skip
    assert len(office.requests("DELETE", "/exports/e1aaaaaaaaaa")) == 1


def test_what_is_not_said_is_left_to_the_server(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.recordings, office.exports = [recording()], [DONE]
    tendesks("replay", "export", "last", "--to", str(tmp_path / "o.mp4"))
    (order,) = office.requests("POST", "/recordings/r1aaaaaaaaaa/exports")
    assert set(order.json) == {"format", "night", "zone"}
    assert order.json["format"] == "mp4"


def test_what_could_not_be_made_is_said_and_leaves_what_was_there(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.recordings = [recording()]
    office.exports = [export("running"), export("failed", reason="gif_bytes_max: too large")]
    target = tmp_path / "o.gif"
    target.write_bytes(b"old")
    result = tendesks("replay", "export", "last", "--to", str(target))
    assert (result.exit_code, result.stderr) == (1, "tendesks: gif_bytes_max: too large\n")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["o.gif"]
    assert len(office.requests("DELETE", "/exports/e1aaaaaaaaaa")) == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--to", "o.avi"), "expected a name that ends in .tendesks, .gif or .mp4"),
        (("--to", "o.tendesks", "--speed", "2"), "a recording's file is whole"),
        (("--to", "o.tendesks", "--night"), "a recording's file is whole"),
    ],
)
def test_a_wrong_command_line_is_told_before_anything_is_asked(
    tendesks: Command, args: tuple[str, ...], said: str
) -> None:
    result = tendesks("replay", "export", "r1", *args)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_time_that_is_none_is_told(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.recordings = [recording()]
    result = tendesks("replay", "export", "last", "--to", str(tmp_path / "o.gif"), "--from", "noon")
    assert result.exit_code == 2
    assert "--from: expected a moment such as 2026-11-18T11:06:40Z or a time after the start" in result.stderr


def test_a_file_is_sent_and_told(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.recordings = [recording()]
    (tmp_path / "o.tendesks").write_bytes(b"H" * 600_000)
    (tmp_path / "cut.tendesks").write_bytes(b"H" * 9)
    said = tendesks("replay", "import", str(tmp_path / "o.tendesks")).stdout
    assert said == "r1aaaaaaaaaa: Northwind, 1:04:09\n"
    assert "the file was cut" in tendesks("replay", "import", str(tmp_path / "cut.tendesks")).stdout
    first, _ = office.requests("POST", "/recordings")
    assert first.headers["content-type"] == "application/vnd.tendesks.recording"
    assert len(first.body) == 600_000
    result = tendesks("replay", "import", str(tmp_path / "missing.tendesks"))
    assert (result.exit_code, "No such file" in result.stderr) == (2, True)


def test_a_bar_is_drawn_on_a_terminal_and_ctrl_c_calls_the_picture_off(
    office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    office.recordings, office.exports = [recording()], [export("running", permille=420)]
    args = ("replay", "export", "last", "--to", str(tmp_path / "o.mp4"))
    with Terminal(*args, env={"TENDESKS_URL": online.url, "TENDESKS_TOKEN": "t0ken"}) as terminal:
        terminal.read_until("42 %")
        assert "Painting" in terminal.plain
        terminal.interrupt()
        assert terminal.end() == 130
    assert len(office.requests("DELETE", "/exports/e1aaaaaaaaaa")) == 1
    assert not (tmp_path / "o.mp4").exists()


def test_it_is_a_group() -> None:
    assert app.info.name == "replay"
