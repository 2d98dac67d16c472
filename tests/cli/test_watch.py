import io
import json
import signal
import subprocess
import sys
from typing import Any

from rich.console import Console

from server.cli.screen import THEME
from server.cli.watch import office_picture
from tests.cli.conftest import Command
from tests.cli.office import NOW_MS, FakeOffice, Served, desk, state
from tests.cli.terminal import TENDESKS, Terminal
from tests.cli.test_live import HELLO, KEYFRAME
from tests.cli.test_run import variables


def figures(**changed: Any) -> dict[str, Any]:
    return {
        "name": "list",
        "state": "running",
        "total": 9,
        "done": 1,
        "failed": 0,
        "running": 1,
        "order": 0,
    } | changed


def drawn(shown: dict[str, Any], lines: int = 40, age_ms: int | None = 300) -> list[str]:
    out = io.StringIO()
    picture = office_picture(shown, NOW_MS, age_ms, lines)
    Console(file=out, width=100, theme=THEME, highlight=False).print(picture)
    return out.getvalue().splitlines()


def test_one_screen_has_plan_queue_desks_and_batches() -> None:
    desks = {str(number): desk() for number in range(10)}
    desks["3"] = desk("working", execution="e", title="Acme Corp", note="reading")
    batches = {
        "b2": figures(name="done one", state="done", done=9, running=0),
        "b1": figures(name="open one"),
    }
    lines = drawn(state(desks=desks, batches=batches, overflow={"count": 27, "shown": {}}))
    assert lines[0].startswith("Pro, 10 at a time")
    assert lines[0].endswith("Live 0.3 s ago")
    assert lines[1] == "1 running, 3 waiting"
    assert "Acme Corp" in lines[6]
    assert lines[13].strip() == "10+, 27 upstairs"
    assert lines[15].startswith("open one")
    assert lines[16].startswith("done one")


def test_batches_beyond_the_screen_are_counted() -> None:
    batches = {f"b{number}": figures(name=f"list {number}") for number in range(12)}
    office = {"id": "office1", "tier": "pro", "slots": 10, "running": 1, "more": 5}
    lines = drawn(state(batches=batches, office=office), lines=20)
    assert len(lines) <= 20
    assert lines[-1] == "and 15 batches more"


def test_an_empty_office_says_so() -> None:
    lines = drawn(state(), age_ms=None)
    assert lines[0].endswith("Connecting")
    assert lines[-1] == "No batches."


def test_a_terminal_shows_the_office_until_it_is_closed(office: FakeOffice, server: Served) -> None:
    office.messages = [[HELLO, KEYFRAME]]
    terminal = Terminal("watch", env=variables(server))
    terminal.read_until("Pro, 10 at a time")
    terminal.read_until("Live 0.")
    terminal.interrupt()
    assert terminal.end() == 0
    assert "\x1b[?1049l" in terminal.text, "the screen is given back"


def test_machines_get_a_state_a_line(office: FakeOffice, online: Served) -> None:
    diff = {"type": "diff", "seq": 5, "tick": 50, "patch": {"queue": {"waiting": 1}}}
    office.messages = [[HELLO, KEYFRAME, diff]]
    process = subprocess.Popen([*TENDESKS, "watch", "--json"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["state"]["queue"]["waiting"] == 1:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_pipe_gets_a_line(office: FakeOffice, online: Served) -> None:
    process = subprocess.Popen(
        [*TENDESKS, "watch"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "1 running, 3 waiting\n"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_without_a_server_there_is_nothing_to_watch(tendesks: Command) -> None:
    assert tendesks("watch", "--url", "http://127.0.0.1:9").exit_code == 3
    assert sys.executable in TENDESKS


def test_a_batch_that_nobody_asks_for_waits_for_its_runners() -> None:
    shown = state(
        queue={"waiting": 9, "blocked": "capacity"},
        office={"id": "office1", "tier": "pro", "slots": 10, "running": 0},
        batches={"b1": figures(state="queued", done=0, running=0, eta=[NOW_MS, NOW_MS])},
    )
    assert drawn(shown)[1] == "0 running, 9 waiting, waiting for room on this machine"
    out = io.StringIO()
    picture = office_picture(shown, NOW_MS, 300, 40, {"b1": "external"})
    Console(file=out, width=100, theme=THEME, highlight=False).print(picture)
    lines = out.getvalue().splitlines()
    assert lines[1] == "0 running, 9 waiting, waiting for your runners"
    assert lines[15].rstrip().endswith("waiting for your runners")
