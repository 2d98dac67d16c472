"""One process from start to end: what it says when it cannot start, and how it stops."""

import signal
import socket
from pathlib import Path

import pytest

from server.errors import AlreadyServedError, ConfigurationError
from server.serving import serve
from server.settings import load
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow


@pytest.fixture(autouse=True)
def diary_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for a whole process is not set for this one, whose other tests read what is logged."""
    monkeypatch.setattr("server.serving._keep_diary", lambda _settings: None)


def refuse(_: object) -> None:
    raise AssertionError("expected no start")


def test_a_port_that_is_taken_is_named_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            ConfigurationError, match=rf"TENDESKS_PORT: expected a free port at 127.0.0.1, got {port}"
        ):
            serve(load(data=tmp_path, port=port), on_ready=refuse)
    assert not (tmp_path / "tendesks.sqlite3").exists()


def test_a_port_for_metrics_that_is_taken_is_named_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            ConfigurationError, match=rf"TENDESKS_METRICS_PORT: expected a free port at 127.0.0.1, got {port}"
        ):
            serve(load(data=tmp_path, port=0, metrics_port=port), on_ready=refuse)
    assert not (tmp_path / "tendesks.sqlite3").exists()


def test_a_folder_has_one_server_and_the_second_says_where_it_is(tmp_path: Path) -> None:
    with (
        serving(tmp_path) as server,
        pytest.raises(AlreadyServedError, match=f"already served at {server.url}"),
    ):
        serve(load(data=tmp_path, port=0), on_ready=refuse)


def test_the_token_survives_a_restart_and_the_url_is_taken_back_at_the_stop(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        token = server.token
        assert server.stop() == 0
        assert "url" not in (tmp_path / "server.json").read_text()
        server.start()
        assert server.token == token
        assert server.api("GET", "/account")["tier"] == "pro"


def test_the_second_signal_ends_what_runs_at_once(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        batch = server.api(
            "POST",
            "/batches",
            json={
                "name": "long",
                "kind": "command",
                "params": {"argv": ["sleep", "600"]},
                "tasks": [{"input": {"n": 1}}],
            },
        )["id"]
        until(lambda: server.api("GET", f"/batches/{batch}")["running"] == 1, what="a running task")
        assert server.process is not None
        server.process.send_signal(signal.SIGINT)
        until(lambda: server.raw("GET", "/../../readyz").status_code == 503, what="the drain")
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(15) == 0
        assert server.query("SELECT state, attempt FROM tasks") == [("waiting", 0)]


def test_samples_start_in_an_empty_office_and_only_there(tmp_path: Path) -> None:
    first = ServerProcess(tmp_path, samples=True, tier="free")
    try:
        first.start()
        until(lambda: len(first.api("GET", "/batches")["items"]) == 2, what="two samples")
        names = {batch["name"] for batch in first.api("GET", "/batches")["items"]}
        assert names == {"Survey the Python standard library", "Survey the installed packages"}
        first.kill()
        first.start()
        until(lambda: server_is_working(first), what="work that goes on")
        assert len(first.api("GET", "/batches")["items"]) == 2
    finally:
        for batch in first.api("GET", "/batches")["items"]:
            first.api("POST", f"/batches/{batch['id']}/cancel")
        first.stop()


def server_is_working(server: ServerProcess) -> bool:
    return any(batch["running"] for batch in server.api("GET", "/batches")["items"])
