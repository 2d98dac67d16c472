"""What the tests of the command line share: a fake office that is served, and a way to call the command."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from server.cli.program import app
from tests.cli.office import TOKEN, FakeOffice, Served, served

Command = Callable[..., Result]


@pytest.fixture
def office() -> FakeOffice:
    return FakeOffice()


@pytest.fixture
def server(office: FakeOffice) -> Iterator[Served]:
    with served(office) as running:
        yield running


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No variable of the developer's reaches a test; the data folder is the test's own."""
    for name in ("TENDESKS_URL", "TENDESKS_TOKEN", "TENDESKS_TIER", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TENDESKS_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def tendesks() -> Command:
    """Call the command in this process."""

    def call(*args: str, **kwargs: Any) -> Result:
        return CliRunner().invoke(app, list(args), catch_exceptions=False, **kwargs)

    return call


@pytest.fixture
def online(server: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The fake office is the one that the environment names."""
    monkeypatch.setenv("TENDESKS_URL", server.url)
    monkeypatch.setenv("TENDESKS_TOKEN", TOKEN)
    return server
