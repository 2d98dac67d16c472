"""Names of providers, where those that everybody knows are asked, and what a key and an address may look like. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from server.errors import InvalidInputError
from server.settings import is_plain_url

provider_characters_max = 32
secret_characters_max = 4_096
base_characters_max = 2_000
SHOWN_CHARACTERS = 4
SHOWN_FROM_CHARACTERS = 12
"""Of a shorter key four characters would be too much of it: none is shown."""
KNOWN: Mapping[str, str] = {
    "deepseek": "https://api.deepseek.com/v1",
    "groq": "https://api.groq.com/openai/v1",
    "mistral": "https://api.mistral.ai/v1",
    "openai": "https://api.openai.com/v1",
    "openrouter": "https://openrouter.ai/api/v1",
}
"""Each as its own documentation says it is asked the way OpenAI is. Any other name is as good, with an address."""
RESERVED = frozenset({"rotation", "null", "true", "false"})
"""A path of our own, and what programs write that have no name to write."""
_NAME = re.compile(r"[a-z][a-z0-9._-]*", re.ASCII)


def checked_name(name: str) -> str:
    """Return a provider's name. Raises InvalidInputError."""
    if not _NAME.fullmatch(name) or len(name) > provider_characters_max or name in RESERVED:
        raise InvalidInputError(
            f"provider: expected a name of at most {provider_characters_max} of a-z 0-9 . _ -"
            f" (provider_characters_max), such as openai, got {name[:40]!r}"
        )
    return name


def checked_secret(secret: str) -> str:
    """Return a key as it is sent. Raises InvalidInputError, without the key."""
    secret = secret.strip()
    if not secret or not all("!" <= char <= "~" for char in secret):
        raise InvalidInputError("key: expected visible ASCII characters without spaces, got something else")
    if len(secret) > secret_characters_max:
        raise InvalidInputError(
            f"key: expected at most {secret_characters_max:,} characters (secret_characters_max), got {len(secret):,}"
        )
    return secret


def checked_base(base: str | None, provider: str, *, hosted: bool) -> str:
    """Return the address that a provider's key is sent to. Raises InvalidInputError."""
    if base is None:
        if provider not in KNOWN:
            raise InvalidInputError(
                f"base: expected the address of {provider}, such as https://host/v1; without one are known: {', '.join(KNOWN)}"
            )
        return KNOWN[provider]
    if len(base) > base_characters_max or not is_plain_url(base):
        raise InvalidInputError(
            "base: expected a URL such as https://api.openai.com/v1, without user, password and fragment"
        )
    if hosted and urlsplit(base).scheme != "https":
        raise InvalidInputError("base: expected https, because a key is sent there, got http")
    return base


def shown(secret: str) -> str:
    """Return what ever comes back of a key: its last four characters, of a short one none."""
    return secret[-SHOWN_CHARACTERS:] if len(secret) >= SHOWN_FROM_CHARACTERS else ""
