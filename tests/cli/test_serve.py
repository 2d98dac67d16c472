import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from server.cli.screen import Screen
from server.cli.serve import short, welcome
from server.errors import AlreadyServedError
from server.model import Opened
from server.settings import Settings
from tests.cli.conftest import Command

URL = "http://127.0.0.1:8123/#token=t0ken"
OPENED = Opened(url=URL, tier="pro", slots=10)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """A stand-in for the composition of all parts: it is ready at once and ends well."""
    settings: list[Settings] = []

    def serve(given: Settings, *, on_ready: Callable[[Opened], None]) -> int:
        settings.append(given)
        on_ready(OPENED)
        return 0

    monkeypatch.setitem(sys.modules, "server.serving", SimpleNamespace(serve=serve))
    return settings


def test_options_win_over_the_environment(
    tendesks: Command, seen: list[Settings], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TENDESKS_TIER", "free")
    monkeypatch.setenv("PORT", "9999")
    assert tendesks("serve").exit_code == 0
    assert (
        tendesks("serve", "--tier", "starter", "--port", "0", "--host", "0.0.0.0", "--no-samples").exit_code
        == 0
    )
    assert tendesks("serve", "--data", str(tmp_path / "d")).exit_code == 0
    first, second, third = seen
    assert (first.tier, first.port, first.host, first.samples) == ("free", 9999, "127.0.0.1", True)
    assert (second.tier, second.port, second.host, second.samples) == ("starter", 0, "0.0.0.0", False)
    assert third.data == tmp_path / "d"


def test_the_start_says_where_and_how_to_stop(
    tendesks: Command, seen: list[Settings], tmp_path: Path
) -> None:
    said = tendesks("serve").stdout
    assert URL in said
    assert str(tmp_path / "data") in said
    assert "Ctrl-C" in said


def test_machines_get_it_as_one_object(tendesks: Command, seen: list[Settings], tmp_path: Path) -> None:
    assert json.loads(tendesks("serve", "--tier", "starter", "--json").stdout) == {
        "url": "http://127.0.0.1:8123", "token": "t0ken", "data": str(tmp_path / "data"), "tier": "pro", "slots": 10,
        "pid": os.getpid(),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "environ", "said"),
    [
        (("--tier", "gold"), {}, "tier: expected one of free, starter, pro, enterprise, got 'gold'"),
        ((), {"TENDESKS_RUNNING_MAX": "none"}, "TENDESKS_RUNNING_MAX"),
    ],
)
def test_a_wrong_setting_is_one_line(
    tendesks: Command,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    environ: dict[str, str],
    said: str,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    result = tendesks("serve", *args)
    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_that_is_served_already_is_told(tendesks: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def serve(_: Settings, *, on_ready: Callable[[Opened], None]) -> int:
        raise AlreadyServedError("already served at http://127.0.0.1:8000")

    monkeypatch.setitem(sys.modules, "server.serving", SimpleNamespace(serve=serve))
    result = tendesks("serve")
    assert (result.exit_code, result.stderr) == (1, "tendesks: already served at http://127.0.0.1:8000\n")


def test_the_servers_own_exit_code_is_passed_on(tendesks: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "server.serving", SimpleNamespace(serve=lambda *_, **__: 1))
    assert tendesks("serve").exit_code == 1


def test_a_server_that_hangs_on_a_pipe_ends_with_it() -> None:
    code = (
        "import signal, sys, types\n"
        "def serve(settings, *, on_ready):\n"
        "    caught = signal.sigwait({signal.SIGTERM})\n"
        "    print(caught.name, flush=True)\n"
        "    return 0\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})\n"
        "sys.modules['server.serving'] = types.SimpleNamespace(serve=serve)\n"
        "sys.argv = ['tendesks', 'serve', '--until-eof']\n"
        "from server.__main__ import main\n"
        "main()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b"SIGTERM\n")


def test_a_welcome_without_colours_is_plain_text() -> None:
    out = io.StringIO()
    welcome(Screen(out=out, err=io.StringIO()), Path("/srv"), Opened(url=URL, tier="free", slots=1))
    assert "\x1b" not in out.getvalue()
    assert "Free, 1 at a time" in out.getvalue()


def test_paths_below_home_are_short() -> None:
    assert short(Path.home() / ".tendesks") == "~/.tendesks"
    assert short(Path("/srv/desks")) == "/srv/desks"
