"""The card of a link, from a real server and the process that paints for it; and the office as a picture from the command line."""

import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx2
import psutil
import pytest
from PIL import Image

from server.preview.cards import neutral
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with serving(tmp_path / "data") as found:
        yield found


def card(server: ServerProcess, link: str) -> httpx2.Response:
    return httpx2.get(f"{server.url}/s/{link}/card.png", timeout=180, trust_env=False)


def painters(server: ServerProcess) -> list[psutil.Process]:
    return [
        child for child in psutil.Process(server.pid).children() if "server.preview.easel" in child.cmdline()
    ]


def live_card(server: ServerProcess, link: str) -> bytes:
    """The live card, once it is there: a machine with much to do shows the neutral one before it."""
    painted = until(lambda: (found := card(server, link)).content != neutral().body and found, within_s=180)
    assert painted.headers["cache-control"] == "public, max-age=60"
    return bytes(painted.content)


def test_a_live_card_is_painted_by_a_process_of_its_own_that_ends_with_the_server(
    server: ServerProcess,
) -> None:
    link = server.api("POST", "/links", json={"view": "batches", "card": True})["id"]
    assert painters(server) == []
    with Image.open(BytesIO(live_card(server, link))) as image:
        assert image.size == (1200, 630)
        assert image.info == {}
    (painter,) = painters(server)
    assert "pygame" not in {Path(each.path).parent.name for each in psutil.Process(server.pid).memory_maps()}
    os.kill(server.pid, 9)
    psutil.wait_procs([painter], timeout=30)
    assert not painter.is_running()


def test_the_office_is_painted_on_the_command_line(server: ServerProcess, tmp_path: Path) -> None:
    target = tmp_path / "office.png"
    command = [
        sys.executable,
        "-m",
        "server",
        "preview",
        str(target),
        "--size",
        "320x180",
        "--data",
        str(server.data),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    with Image.open(target) as image:
        assert image.size == (320, 180)
