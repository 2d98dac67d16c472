"""Which addresses may be told of batches, and how they are called where all of one would be too much (p)."""

import re
from urllib.parse import urlsplit

from server.errors import InvalidInputError
from server.kinds.addresses import is_public
from server.kinds.outbound import host_of
from server.settings import is_plain_url

url_characters_max = 2_000
_NUMBERS = re.compile(r"[0-9.]+|.*:.*")


def checked_url(url: str | None, *, hosted: bool) -> str:
    """Return an address as it is kept. A name that leads inside is found out when it is connected to.

    Raises:
        InvalidInputError: nothing can be sent there; the path and the query, which may be secrets, are not told.
    """
    if url is None or len(url) > url_characters_max or not is_plain_url(url) or not _is_visible(url):
        raise InvalidInputError(
            f"url: expected a URL such as https://example.com/hooks of at most {url_characters_max:,} characters"
            " (url_characters_max), without user, password and fragment"
        )
    parts = urlsplit(url)
    host = parts.hostname or ""
    if hosted and parts.scheme != "https":
        raise InvalidInputError("url: expected https, got http")
    if hosted and _NUMBERS.fullmatch(host) and not is_public(host):
        raise InvalidInputError(f"url: expected a host on the public internet, got {host[:100]}")
    return url


def called(url: str) -> str:
    """How an address is called in logs, mails and the audit log: by its host."""
    return host_of(url)[:200]


def _is_visible(url: str) -> bool:
    return all("!" <= char <= "~" for char in url) and "\\" not in url
