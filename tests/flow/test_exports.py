"""A real server makes moving pictures in a process of its own: it is seen from outside, called off, and killed."""

import os
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from server.routes.recordings import FILE
from tests.preview.looking import read_gif, read_mp4
from tests.preview.sample import data
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow
SMALL = {"format": "mp4", "size": "320x180", "fps": 10}


def sent(server: ServerProcess) -> str:
    response = server.raw("POST", "/recordings", content=data(count=10), headers={"content-type": FILE})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def ordered(server: ServerProcess, recording: str, **asked: Any) -> str:
    return str(server.api("POST", f"/recordings/{recording}/exports", json={**SMALL, **asked})["id"])


def painters(server: ServerProcess) -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process(server.pid).children(recursive=True)
        if process.status() != "zombie"
    ]


def test_pictures_are_made_while_the_server_goes_on_and_can_be_called_off(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        recording = sent(server)
        export = ordered(server, recording, speed=10)
        seen: list[int] = []

        def done() -> Any:
            found = server.api("GET", f"/exports/{export}")
            seen.append(found["permille"])
            assert found["state"] != "failed", found
            return found if found["state"] == "done" else None

        found = until(done, what="the picture")
        assert seen == sorted(seen)
        assert len(set(seen)) > 2, "one sees how it goes on"
        (tmp_path / "o.mp4").write_bytes(server.raw("GET", f"/exports/{export}/file").content)
        meta, frames = read_mp4(tmp_path / "o.mp4")
        assert (meta["size"], len(frames)) == ((320, 180), 301)
        assert found["bytes"] == (tmp_path / "o.mp4").stat().st_size
        assert painters(server) == []

        export = ordered(server, recording, speed=1)
        until(lambda: len(painters(server)) == 2, what="the painter and ffmpeg")
        running = painters(server)
        assert all(os.getpriority(os.PRIO_PROCESS, process.pid) >= 10 for process in running)
        assert server.raw("DELETE", f"/exports/{export}").status_code == 204
        assert not any(process.is_running() and process.status() != "zombie" for process in running)
        assert len(list((tmp_path / "data" / "exports").iterdir())) == 1, "the one that is done"


def test_a_killed_server_leaves_neither_processes_nor_files(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data")
    server.start()
    try:
        recording = sent(server)
        ordered(server, recording, speed=1)
        until(lambda: len(painters(server)) == 2, what="the painter and ffmpeg")
        running = painters(server)
        server.kill()
        until(
            lambda: not any(one.is_running() and one.status() != "zombie" for one in running),
            within_s=10, what="the painter's end",
        )  # fmt: skip
        assert list((tmp_path / "data" / "exports").iterdir()) != []
        server.start()
        assert not (tmp_path / "data" / "exports").exists()
        assert server.api("GET", f"/recordings/{recording}")["id"] == recording
    finally:
        server.stop(at_once=True)


def test_what_it_takes_is_limited(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        recording = sent(server)
        for _ in range(2):
            ordered(server, recording, speed=1)
        third = server.raw("POST", f"/recordings/{recording}/exports", json=SMALL)
        assert (third.status_code, third.json()["code"]) == (429, "too_many")
        assert "exports_active_max" in third.json()["detail"]
        began = time.monotonic()
        server.stop(at_once=True)
        assert time.monotonic() - began < 20, "a stop waits for no picture"
        assert not (tmp_path / "data" / "exports").exists()


def test_no_title_is_in_a_picture_for_those_who_may_not_see_them(tmp_path: Path) -> None:
    """Pictures of two views of the same seconds differ; what the one of less is made of has no title in it."""
    with serving(tmp_path / "data") as server:
        recording = sent(server)
        made = {}
        for view in ("titles", "batches"):
            asked = {
                "format": "gif",
                "fps": 1,
                "from": "2026-01-01T00:00:00Z",
                "view": view,
                "size": "960x540",
                "speed": 60,
            }
            export = ordered(server, recording, **asked)
            until(lambda: server.api("GET", f"/exports/{export}")["state"] == "done", what="the picture")  # noqa: B023
            made[view] = server.raw("GET", f"/exports/{export}/file").content
            (tmp_path / f"{view}.gif").write_bytes(made[view])
        _, titles = read_gif(tmp_path / "titles.gif")
        _, batches = read_gif(tmp_path / "batches.gif")
        assert [one.tobytes() for one in titles] != [one.tobytes() for one in batches]
        title = server.raw("GET", f"/recordings/{recording}/segments/3", params={"view": "titles"}).text
        word = title.partition('"title":"')[2].partition('"')[0].encode()
        assert len(word) > 3
        assert word not in made["batches"]
