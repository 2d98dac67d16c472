"""Settings are read from the environment, and a wrong one stops the start with one line that names it."""

import traceback
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


def test_the_local_network_is_listened_to_at_any_free_port_unless_told() -> None:
    assert (load().lan_host, load().lan_port) == ("0.0.0.0", 0)
    with pytest.raises(ConfigurationError, match="TENDESKS_LAN_PORT"):
        load(lan_port=70_000)


def test_metrics_have_no_port_unless_they_are_given_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load().metrics_host, load().metrics_port) == ("127.0.0.1", None)
    monkeypatch.setenv("TENDESKS_METRICS_PORT", "9464")
    monkeypatch.setenv("TENDESKS_METRICS_HOST", "10.0.0.7")
    assert (load().metrics_host, load().metrics_port) == ("10.0.0.7", 9464)
    monkeypatch.setenv("TENDESKS_METRICS_PORT", "65536")
    with pytest.raises(ConfigurationError, match=r"TENDESKS_METRICS_PORT: .*65535.*'65536'"):
        load()


def test_a_wrong_setting_is_named_with_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENDESKS_PORT", "eighty")
    with pytest.raises(ConfigurationError, match=r"TENDESKS_PORT: .*integer.*'eighty'"):
        load()


def test_a_provider_with_its_key_and_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load().chat_base_url, load().chat_api_key, load().chat_prices) == (None, None, {})
    monkeypatch.setenv(
        "TENDESKS_CHAT_BASE_URL", "https://x.example/openai/deployments/d?api-version=2026-01-01"
    )
    monkeypatch.setenv("TENDESKS_CHAT_API_KEY", "sk-canary")
    monkeypatch.setenv("TENDESKS_CHAT_PRICES", '{"small": {"input": 0.25, "output": 2}}')
    settings = load()
    assert settings.chat_base_url == "https://x.example/openai/deployments/d?api-version=2026-01-01"
    assert settings.chat_api_key is not None
    assert settings.chat_api_key.get_secret_value() == "sk-canary"
    assert (settings.chat_prices["small"].output, settings.chat_prices["small"].cached) == (2.0, None)
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHAT_API_KEY", "canary with spaces"),
        ("CHAT_API_KEY", "canary\n"),
        ("CHAT_BASE_URL", "https://user:canary@x.example/v1"),
        ("CHAT_BASE_URL", "canary"),
        ("CHAT_BASE_URL", "ftp://canary"),
        ("CHAT_BASE_URL", "https://canary:99999/v1"),
        ("CHAT_BASE_URL", "https:///canary"),
        ("CHAT_BASE_URL", "https://x.example/v1#canary"),
    ],
)
def test_a_wrong_key_or_address_is_named_and_not_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"TENDESKS_{name}", value)
    with pytest.raises(ConfigurationError, match=rf"TENDESKS_{name}: .*expected a") as caught:
        load()
    assert "canary" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "value", ["{", "[]", '{"m": 3}', '{"m": {"input": 1}}', '{"m": {"input": -1, "output": 1}}']
)
def test_wrong_prices_are_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TENDESKS_CHAT_PRICES", value)
    with pytest.raises(ConfigurationError, match="TENDESKS_CHAT_PRICES: "):
        load()
