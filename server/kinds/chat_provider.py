"""Whom the kind `chat` asks: an address that speaks OpenAI's protocol, and the headers that it is asked with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

from server.kinds.outbound import host_of
from server.kinds.own_keys import OwnKey
from server.settings import Settings

_PATH = "/chat/completions"
_MODELS = "/models"


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """`host` is what people read; `key` names whose limits they are and gives nothing away; `secret` is told nowhere.

    `own`: the key is the user's own.
    """

    url: str = field(repr=False)
    host: str
    key: str
    secret: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    own: bool = False


def platform_provider(settings: Settings) -> Provider | None:
    """The provider that the operator has set, with the operator's key; None: there is none."""
    if settings.chat_base_url is None:
        return None
    secret = settings.chat_api_key.get_secret_value() if settings.chat_api_key is not None else ""
    return provider(settings.chat_base_url, secret, whose="platform")


def own_provider(key: OwnKey) -> Provider:
    """The provider of a user's own key."""
    return replace(provider(key.base, key.secret, whose="own"), key=key.name, own=True)


def provider(base_url: str, secret: str, *, whose: str) -> Provider:
    """Put together whom to ask. The query of the base URL, such as Azure's api-version, goes with every request."""
    host = host_of(base_url)
    return Provider(
        url=_below(base_url, _PATH),
        host=host,
        key=f"{whose}:{host}",
        secret=secret,
        headers=_headers(secret, azure="api-version" in parse_qs(urlsplit(base_url).query)),
    )


def models_url(base_url: str) -> str:
    """Where a provider lists its models: the cheapest question that needs a key."""
    return _below(base_url, _MODELS)


def _below(base_url: str, path: str) -> str:
    parts = urlsplit(base_url)
    return parts._replace(path=parts.path.rstrip("/") + path).geturl()


def _headers(secret: str, *, azure: bool) -> dict[str, str]:
    headers = {"content-type": "application/json", "accept": "text/event-stream, application/json"}
    if secret:
        headers |= {"api-key": secret} if azure else {"authorization": f"Bearer {secret}"}
    return headers
