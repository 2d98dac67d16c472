import json
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from server.cli.address import Address
from server.cli.exits import Exit
from server.cli.local_server import SERVE, LocalServer, NotStartedError, answers, comes_back, holder_of
from server.clock import SystemClock
from tests.cli.office import Served, quick_clock

# The least that can be taken for a server: writes its file, is ready, ends with its standard input.
STAND_IN = """
import http.server, json, os, pathlib, sys, threading
data = pathlib.Path(sys.argv[1])
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
web = http.server.HTTPServer(("127.0.0.1", 0), Ready)
file = data / "server.json"
file.touch(mode=0o600)
file.write_text(json.dumps({"url": f"http://127.0.0.1:{web.server_port}", "token": "t", "pid": os.getpid()}))
threading.Thread(target=web.serve_forever, daemon=True).start()
sys.stdin.buffer.read()
(data / "ended").write_text("by the end of its input")
"""


def stand_in(data: Path, code: str = STAND_IN) -> LocalServer:
    return LocalServer(data, SystemClock(), [sys.executable, "-c", code])


async def test_a_server_is_started_and_ends_when_it_is_no_longer_needed(tmp_path: Path) -> None:
    server = stand_in(tmp_path / "data")
    address = await server.start()
    assert address.token == "t"
    assert await answers(address)
    await server.end(10_000)
    assert (tmp_path / "data" / "ended").read_text() == "by the end of its input"
    assert not await answers(address)


async def test_one_that_dies_is_started_again(tmp_path: Path) -> None:
    server = stand_in(tmp_path)
    await server.start()
    first = json.loads((tmp_path / "server.json").read_text())["pid"]
    os.kill(first, signal.SIGKILL)
    await server.keep_once()
    second = json.loads((tmp_path / "server.json").read_text())["pid"]
    assert second != first
    await server.end(10_000)


async def test_one_that_cannot_start_leaves_its_last_word(tmp_path: Path) -> None:
    said = "tendesks: this folder is served already at http://127.0.0.1:8000"
    server = stand_in(tmp_path, f"import sys; print({said!r}, file=sys.stderr); sys.exit(1)")
    with pytest.raises(
        NotStartedError, match=r"no server could be started: this folder is served already"
    ) as caught:
        await server.start()
    assert caught.value.exit is Exit.REFUSED


async def test_the_file_of_another_server_is_not_taken_for_ours(tmp_path: Path, server: Served) -> None:
    file = tmp_path / "server.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"url": server.url, "token": "other", "pid": 1}))
    with pytest.raises(NotStartedError, match="it said nothing"):
        await stand_in(tmp_path, "pass").start()


async def test_a_server_that_stops_is_waited_for(tmp_path: Path) -> None:
    server = stand_in(tmp_path)
    address = await server.start()
    assert holder_of(tmp_path) == psutil.Process(json.loads((tmp_path / "server.json").read_text())["pid"])
    assert await comes_back(address, psutil.Process(), SystemClock()), "one that gets ready is used"
    await server.end(10_000)
    assert holder_of(tmp_path) is None, "a process that is gone holds nothing"
    nowhere = Address(url="http://127.0.0.1:9", token=None)
    assert not await comes_back(nowhere, psutil.Process(), quick_clock()), "nobody is waited for without end"


async def test_the_number_of_a_process_may_be_another_ones_by_now(tmp_path: Path) -> None:
    file = tmp_path / "server.json"
    file.write_text(json.dumps({"url": "http://127.0.0.1:9", "token": "t", "pid": os.getpid()}))
    assert holder_of(tmp_path) == psutil.Process()
    os.utime(file, (1, 1))
    assert holder_of(tmp_path) is None


async def test_whether_somebody_answers(server: Served) -> None:
    assert await answers(server.address)
    assert not await answers(Address(url="http://127.0.0.1:9", token=None))


def test_the_users_own_files_cannot_stand_in_the_way() -> None:
    assert SERVE[:4] == (sys.executable, "-P", "-m", "server")
    assert {"--no-samples", "--until-eof"} < set(SERVE)
