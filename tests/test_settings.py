"""Settings are read from the environment, and a wrong one stops the start with one line that names it."""

from pathlib import Path

import pytest

from server.errors import ConfigurationError
from server.settings import Mode, load


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "DATABASE_URL", "REDIS_URL", "TENDESKS_PORT", "TENDESKS_DATA", "TENDESKS_MODE"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_serve_one_owner_on_loopback() -> None:
    settings = load()
    assert (settings.mode, settings.host, settings.port, settings.tier) == (
        Mode.LOCAL,
        "127.0.0.1",
        8000,
        "pro",
    )
    assert settings.commands_allowed


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TENDESKS_PORT", "8111")
    monkeypatch.setenv("TENDESKS_DATA", str(tmp_path))
    assert load().port == 8111
    assert load(port=8222).port == 8222
    assert load(port=None).store_url == f"sqlite+aiosqlite:///{tmp_path / 'tendesks.sqlite3'}"


def test_hosts_set_port_and_stores_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8333")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://localhost/x")
    settings = load()
    assert (settings.port, settings.store_url) == (8333, "postgresql+asyncpg://localhost/x")


def test_commands_are_off_in_hosted_mode_unless_allowed() -> None:
    assert not load(mode="hosted").commands_allowed
    assert load(mode="hosted", allow_commands=True).commands_allowed


def test_a_wrong_setting_is_named_with_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENDESKS_PORT", "eighty")
    with pytest.raises(ConfigurationError, match=r"TENDESKS_PORT: .*integer.*'eighty'"):
        load()
