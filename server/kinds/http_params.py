"""The params of the kind `http`, checked before anything is stored; and the address that is made of them. Pure.

`{"url": "https://api.example.com/items/{id}?lang={lang}", "headers"?: {"Authorization": "Bearer …"}}`

In the path and the query the values of fields are percent-encoded. Of headers only the names are stored, and a
reference to where memory keeps their values (`withheld`): they may be secrets.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from server.errors import InvalidInputError
from server.kinds import templates
from server.kinds.addresses import is_public
from server.kinds.withheld import Withheld

URL_CHARACTERS_MAX = 8_000
HEADERS_MAX = 50
HEADER_CHARACTERS_MAX = 8_000
_KNOWN = ("url", "headers")
_HEAD = re.compile(r"[^/?#]*://[^/?#]*|[^/?#]*")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\t]*")
_ADDRESS = re.compile(r"[0-9.]+|\[.*\]")
_OURS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade"}
    | {"expect", "proxy-authorization", "proxy-connection", "accept-encoding", "idempotency-key"}
)
_OUR_PREFIX = "tendesks-"


def checked(
    params: Mapping[str, Any], fields: Sequence[str], *, hosted: bool, withheld: Withheld
) -> dict[str, Any]:
    """Return the params as they are stored.

    Raises:
        InvalidInputError: which of them is wrong, what was expected and what came; a header's value is never told.
    """
    if unknown := params.keys() - set(_KNOWN):
        raise _wrong(", ".join(_KNOWN), ", ".join(sorted(unknown))[:200])
    result: dict[str, Any] = {"url": _url(params, fields, hosted=hosted)}
    if headers := _headers(params):
        result["withheld"] = withheld.put_by(headers)
    return result


def headers_of(params: Mapping[str, Any], withheld: Withheld) -> Mapping[str, str]:
    """Return the headers that were given with the batch, from where memory keeps them.

    Raises:
        ValuesLostError: the values were lost with the server that had them.
    """
    return withheld.recalled(params["withheld"]) if "withheld" in params else {}


def address_of(template: str, values: Mapping[str, Any]) -> str:
    """Return the URL of one task.

    Raises:
        InvalidInputError: this task's input lacks a field, or makes no URL.
    """
    templates.check(template, values)
    head, tail = _parted(template)
    encoded = {
        name: quote(templates.fill(f"{{{name}}}", values), safe="", errors="replace")
        for name in templates.fields_in(tail)
    }
    url = templates.fill(head, values) + templates.fill(tail, encoded)
    _check_address(url)
    return url


def _url(params: Mapping[str, Any], fields: Sequence[str], *, hosted: bool) -> str:
    url = params.get("url")
    if not isinstance(url, str) or not url:
        raise _wrong("url as a text", "none" if not url else type(url).__name__)
    if len(url) > URL_CHARACTERS_MAX:
        raise _wrong(
            f"url of at most {URL_CHARACTERS_MAX:,} characters (url_characters_max)", f"{len(url):,}"
        )
    templates.check(url, fields)
    if templates.fields_in(_parted(url)[0]):
        if hosted:
            raise _wrong("url with fields in its path and query alone, on this server", "one in its host")
        return url
    host = _check_address(templates.fill(url, dict.fromkeys(fields, "x")))
    if hosted and _ADDRESS.fullmatch(host) and not is_public(host.strip("[]")):
        raise _wrong("a host on the public internet", host[:100])
    return url


def _parted(template: str) -> tuple[str, str]:
    """Where the host is, and the rest: path and query."""
    found = _HEAD.match(template)
    end = found.end() if found else 0
    return template[:end], template[end:]


def _check_address(url: str) -> str:
    """Return the host of a URL that can be asked; IPv6 within brackets.

    Raises:
        InvalidInputError: it cannot; neither the query nor a password is told.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong("url as http://… or https://…", "one that cannot be read") from None
    if any(char <= " " or char == "\x7f" for char in url) or "\\" in url:
        raise _wrong("url without spaces, backslashes and control characters", "one that has them")
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise _wrong("url as http://… or https://…", repr(f"{parts.scheme}://{parts.hostname or ''}"[:100]))
    if "@" in parts.netloc:
        raise _wrong(
            "url without user and password, for it is stored: use headers, which are not", "one with them"
        )
    if parts.fragment:
        raise _wrong("url without a fragment, which no server sees", "one with a fragment")
    if any(segment in {".", ".."} for segment in unquote(parts.path).replace("\\", "/").split("/")):
        raise _wrong("url without . and .. in its path", "one that leads elsewhere")
    return f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname


def _headers(params: Mapping[str, Any]) -> dict[str, str]:
    given = params.get("headers", {})
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _wrong("headers as an object of names and texts", type(given).__name__)
    if len(given) > HEADERS_MAX:
        raise _wrong(f"at most {HEADERS_MAX} headers (headers_max)", str(len(given)))
    for name, value in given.items():
        _check_header(name, value)
    if len({name.lower() for name in given}) < len(given):
        raise _wrong("every header once", "one of them twice")
    return {name.lower(): value for name, value in given.items()}


def _check_header(name: str, value: Any) -> None:
    if not _NAME.fullmatch(name) or len(name) > 100:
        raise _wrong("names of headers such as Authorization", repr(name[:100]))
    if name.lower() in _OURS or name.lower().startswith(_OUR_PREFIX):
        raise _wrong("headers that are not the server's own to set", name)
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise _wrong(f"header {name} as a text of visible ASCII characters", "something else")
    if len(value) > HEADER_CHARACTERS_MAX:
        raise _wrong(
            f"header {name} of at most {HEADER_CHARACTERS_MAX:,} characters (header_characters_max)",
            f"{len(value):,}",
        )


def _wrong(expected: str, got: str) -> InvalidInputError:
    return InvalidInputError(f"http: expected {expected}, got {got}")
