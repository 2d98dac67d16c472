from pathlib import Path

from server.kinds.chat_provider import platform_provider, provider
from server.settings import Settings


def test_openai_and_those_who_speak_alike() -> None:
    found = provider("https://api.openai.com/v1/", "sk-canary", whose="platform")
    assert found.url == "https://api.openai.com/v1/chat/completions"
    assert (found.host, found.key) == ("api.openai.com", "platform:api.openai.com")
    assert found.headers["authorization"] == "Bearer sk-canary"
    assert "canary" not in repr(found)


def test_azure_has_its_query_and_its_header() -> None:
    base = "https://x.openai.azure.com/openai/deployments/d?api-version=2026-01-01"
    found = provider(base, "canary", whose="own")
    assert (
        found.url == "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2026-01-01"
    )
    assert found.key == "own:x.openai.azure.com"
    assert (found.headers.get("api-key"), found.headers.get("authorization")) == ("canary", None)


def test_a_server_at_home_needs_no_key(tmp_path: Path) -> None:
    assert platform_provider(Settings(data=tmp_path)) is None
    found = platform_provider(Settings(data=tmp_path, chat_base_url="http://127.0.0.1:11434/v1"))
    assert found is not None
    assert found.key == "platform:127.0.0.1:11434"
    assert set(found.headers) == {"content-type", "accept"}
