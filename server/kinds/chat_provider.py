"""Whom the kind `chat` asks: an address that speaks OpenAI's protocol, and the headers that it is asked with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from server.kinds.outbound import host_of
from server.settings import Settings

_PATH = "/chat/completions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """`host` is what people read; `key` names whose limits they are and gives nothing away; `secret` is told nowhere."""

    url: str = field(repr=False)
    host: str
    key: str
    secret: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def platform_provider(settings: Settings) -> Provider | None:
    """The provider that the operator has set, with the operator's key; None: there is none."""
    if settings.chat_base_url is None:
        return None
    secret = settings.chat_api_key.get_secret_value() if settings.chat_api_key is not None else ""
    return provider(settings.chat_base_url, secret, whose="platform")


def provider(base_url: str, secret: str, *, whose: str) -> Provider:
    """Put together whom to ask. The query of the base URL, such as Azure's api-version, goes with every request."""
    parts = urlsplit(base_url)
    host = host_of(base_url)
    return Provider(
        url=parts._replace(path=parts.path.rstrip("/") + _PATH).geturl(),
        host=host,
        key=f"{whose}:{host}",
        secret=secret,
        headers=_headers(secret, azure="api-version" in parse_qs(parts.query)),
    )


def _headers(secret: str, *, azure: bool) -> dict[str, str]:
    headers = {"content-type": "application/json", "accept": "text/event-stream, application/json"}
    if secret:
        headers |= {"api-key": secret} if azure else {"authorization": f"Bearer {secret}"}
    return headers
