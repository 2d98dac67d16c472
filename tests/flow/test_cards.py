"""The card of a link, from a real server and the process that paints for it; and the office as a picture from the command line."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import json_merge_patch
import psutil
import pytest
from PIL import Image

from server.preview.card import live
from server.preview.cards import NIGHT_FROM, NIGHT_TO, neutral, zone_at
from server.routes.recordings import FILE
from tests.guests import exchange
from tests.preview.sample import data
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
    server.api("POST", "/links", json={"view": "batches"})
    assert painters(server) == [], "nobody paints what is always the same"
    link = server.api("POST", "/links", json={"view": "batches", "card": True})["id"]
    until(lambda: len(painters(server)) == 1, what="the painter, before anybody asks")
    with Image.open(BytesIO(live_card(server, link))) as image:
        assert image.size == (1200, 630)
        assert image.info == {}
    (painter,) = painters(server)
    assert "pygame" not in {Path(each.path).parent.name for each in psutil.Process(server.pid).memory_maps()}
    os.kill(server.pid, 9)
    psutil.wait_procs([painter], timeout=30)
    assert not painter.is_running()


def test_a_recordings_live_card_shows_its_moment_as_its_link_sees_it(server: ServerProcess) -> None:
    """Painted here from the frames that a guest of the link gets over HTTP, it is the same picture byte by byte."""
    sent = server.raw("POST", "/recordings", content=data(count=10), headers={"content-type": FILE}).json()
    pictures = {}
    for view in ("figures", "batches", "titles"):
        made = server.api("POST", "/links", json={"recording": sent["id"], "view": view, "card": True})
        pictures[view] = live_card(server, made["id"])
        state, now_ms = moment_of(server.url, sent["id"], exchange(made)["grant"])
        zone_ms = zone_at(now_ms)
        night = not NIGHT_TO <= (now_ms + zone_ms) // 3_600_000 % 24 < NIGHT_FROM
        assert pictures[view] == live(state, view, now_ms, night=night, zone_ms=zone_ms)
        with Image.open(BytesIO(pictures[view])) as image:
            assert image.info == {}
    assert len(set(pictures.values())) == 3
    locked = server.api("POST", "/links", json={"recording": sent["id"], "card": True, **stretch_of(sent)})
    assert live_card(server, locked["id"]) != pictures["batches"], "the moment lies in the link's stretch"
    server.api("DELETE", f"/links/{locked['id']}")
    assert card(server, locked["id"]).content == neutral().body


def moment_of(url: str, recording: str, grant: str) -> tuple[Any, int]:
    """What a guest sees two fifths into a recording."""
    with httpx2.Client(
        base_url=f"{url}/api/v1",
        headers={"authorization": f"Bearer {grant}"},
        trust_env=False,
    ) as guest:
        about = guest.get(f"/recordings/{recording}").json()
        start_ms, end_ms = (ms_of(about[name]) for name in ("started", "ended"))
        now_ms = start_ms + (end_ms - start_ms) * 2 // 5
        segment = [one for one in about["segments"] if ms_of(one["start"]) <= now_ms][-1]
        lines = [
            json.loads(line)
            for line in guest.get(f"/recordings/{recording}/segments/{segment['n']}").text.splitlines()
        ]
    key, *diffs = lines
    state = key["state"]
    for diff in diffs:
        if key["now"] + (diff["tick"] - key["tick"]) * 100 <= now_ms:
            state = json_merge_patch.merge(state, diff["patch"])
    return state, now_ms


def ms_of(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def stretch_of(recording: dict[str, Any]) -> dict[str, str]:
    since = datetime.fromisoformat(recording["started"])
    return {"from": since.isoformat(), "to": (since + timedelta(seconds=30)).isoformat()}


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
