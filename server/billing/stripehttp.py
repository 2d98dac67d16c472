"""How Stripe's library reaches Stripe: by the HTTP client that the house uses everywhere, on the event loop.

The library brings clients for requests (which blocks), httpx (which has come to rest) and aiohttp (a second stack of
everything); what it calls a client is three methods, so ours are these.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2
from stripe import APIConnectionError, HTTPClient

answer_bytes_max = 4 * 1024 * 1024
timeout_s = 20.0
connections_max = 16


class Transport(HTTPClient):
    """One pool of connections to Stripe."""

    name = "httpx2"

    def __init__(self, base: str) -> None:
        super().__init__()
        self._client = httpx2.AsyncClient(
            timeout=timeout_s,
            limits=httpx2.Limits(max_connections=connections_max),
            trust_env=not _is_near(base),  # a proxy is for other machines
            follow_redirects=False,
        )

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """See stripe.HTTPClient.

        Raises:
            APIConnectionError: nobody answered in time, or the answer was larger than any that Stripe gives.
        """
        try:
            async with self._client.stream(method, url, headers=dict(headers), content=post_data) as answer:
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > answer_bytes_max:
                        raise _lost(f"answer_bytes_max: expected at most {answer_bytes_max} bytes, got more")
                return bytes(body), answer.status_code, answer.headers
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _lost(f"{type(error).__name__}: {error}") from error

    async def close_async(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def _lost(reason: str) -> APIConnectionError:
    return APIConnectionError(reason)  # type: ignore[no-untyped-call]


def _is_near(base: str) -> bool:
    host = urlsplit(base).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
