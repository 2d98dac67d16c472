"""What `tendesks doctor` finds over the network: the server, its public URL with the proxy before it, the provider."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from server.cli import words
from server.cli.address import Address, find
from server.cli.api import Api
from server.cli.finding import Finding
from server.cli.live import SUBPROTOCOL
from server.cli.premises import commands_finding
from server.clock import Clock, SystemClock
from server.errors import TenDesksError
from server.settings import Settings

TIMEOUT_S = 5
CLOCK_APART_MS_MAX = 5_000
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")


async def server(url: str | None, settings: Settings) -> list[Finding]:
    """The server: whether one answers and is ready, whether it knows our token, and how its queue is."""
    try:
        address = find(url, settings.data, must=False)
    except TenDesksError as error:
        return [Finding(what="Server", verdict="wrong", detail=error.detail)]
    if address is None:
        return [Finding(what="Server", verdict="note", detail="none is running; `tendesks serve` starts one")]
    ready = await _get(f"{address.url}/readyz")
    if ready is None:
        return [
            Finding(
                what="Server",
                verdict="note" if address.local else "wrong",
                detail=f"none answers at {address.url}",
            )
        ]
    return [
        Finding(what="Server", verdict="ok", detail=address.url),
        readiness(ready),
        *await _inside(address),
    ]


def readiness(answer: httpx2.Response) -> Finding:
    """Whether it may be sent work, and if not, which check says so."""
    if answer.is_success:
        return Finding(what="Readiness", verdict="ok", detail="takes work")
    try:
        failing = [name for name, good in answer.json()["checks"].items() if not good]
    except (ValueError, KeyError, TypeError, AttributeError):
        failing = []
    said = ", ".join(failing) or f"status {answer.status_code}"
    return Finding(what="Readiness", verdict="wrong", detail=f"takes no work now: {said}")


async def _inside(address: Address) -> list[Finding]:
    clock = SystemClock()
    async with Api(address, clock) as api:
        try:
            account = await api.get("/account")
        except TenDesksError as error:
            return [Finding(what="Token", verdict="wrong", detail=error.detail)]
        token = Finding(what="Token", verdict="ok", detail=f"accepted, plan {account['tier']}")
        try:
            office, kinds = await api.get("/office"), await api.get("/kinds")
        except TenDesksError as error:
            return [token, Finding(what="Queue", verdict="wrong", detail=error.detail)]
    allowed = any(kind["name"] == "command" and kind["allowed"] for kind in kinds["items"])
    return [
        token,
        queue(office["state"], clock.now_ms()),
        apart(office["now"], clock),
        commands_finding(allowed=allowed, where="on this server"),
    ]


def queue(state: Mapping[str, Any], now_ms: int) -> Finding:
    """How the queue is: what runs and waits, and what holds it up."""
    figures = state["queue"]
    detail = f"{words.count(state['office']['running'])} running, {words.count(figures['waiting'])} waiting"
    if "blocked" not in figures:
        return Finding(what="Queue", verdict="ok", detail=detail)
    why = words.blocked(figures["blocked"], figures.get("until"), now_ms)
    return Finding(
        what="Queue", verdict="wrong" if figures["blocked"] == "disk" else "note", detail=f"{detail}; {why}"
    )


def apart(theirs_ms: int, clock: Clock) -> Finding:
    """The server's clock against ours: what is shown here counts from both."""
    apart_ms = abs(theirs_ms - clock.now_ms())
    if apart_ms <= CLOCK_APART_MS_MAX:
        return Finding(what="Server clock", verdict="ok", detail="as this machine's")
    return Finding(
        what="Server clock",
        verdict="wrong",
        detail=f"{words.age(apart_ms)} apart from this machine's; set both",
    )


async def public(settings: Settings) -> list[Finding]:
    """The public URL: whether it leads here, and whether what stands before it lets the live socket through."""
    if settings.public_url is None:
        detail = "TENDESKS_PUBLIC_URL is not set: links work on this machine only"
        return [Finding(what="Public URL", verdict="note", detail=detail)]
    base = settings.public_url.rstrip("/")
    answer = await _get(f"{base}/healthz")
    if answer is None or not answer.is_success:
        said = "nobody answers" if answer is None else f"got {answer.status_code}"
        return [Finding(what="Public URL", verdict="wrong", detail=f"{base}/healthz: expected 200, {said}")]
    found = Finding(what="Public URL", verdict="ok", detail=base)
    return [found, await upgrades(base)]


async def upgrades(base: str) -> Finding:
    """Whether a proxy passes the upgrade to a WebSocket; the server itself always grants it."""
    live = f"{'wss' if base.startswith('https') else 'ws'}{base[base.index(':') :]}/live"
    try:
        async with connect(live, subprotocols=[SUBPROTOCOL], open_timeout=TIMEOUT_S, close_timeout=1):
            return Finding(what="Live socket", verdict="ok", detail="upgrades pass")
    except InvalidStatus as error:
        said = f"got {error.response.status_code} in place of 101; let the proxy pass Upgrade and Connection"
    except (OSError, TimeoutError, WebSocketException) as error:
        said = str(error) or type(error).__name__
    return Finding(what="Live socket", verdict="wrong", detail=f"{live}: {said}")


def proxies(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Proxies that requests to other machines go through; none is nothing to tell."""
    named = [name for name in PROXIES if environ.get(name)]
    if not named:
        return []
    detail = f"{', '.join(named)}: used for other machines, never for this one"
    return [Finding(what="Proxy", verdict="note", detail=detail)]


async def chat(settings: Settings) -> Finding:
    """The provider of the kind `chat`: named, reachable, and content with the key. Asks for its models, spends nothing."""
    base = settings.chat_base_url
    if base is None:
        return Finding(
            what="Chat",
            verdict="note",
            detail="TENDESKS_CHAT_BASE_URL is not set: the kind chat has no provider",
        )
    key = settings.chat_api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    shown = without_user(base)
    answer = await _get(f"{base.rstrip('/')}/models", headers)
    if answer is None:
        return Finding(what="Chat", verdict="wrong", detail=f"{shown}: nobody answers")
    if answer.status_code in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN):
        said = (
            "refuses the key in TENDESKS_CHAT_API_KEY"
            if key
            else "wants a key; TENDESKS_CHAT_API_KEY is not set"
        )
        return Finding(what="Chat", verdict="wrong", detail=f"{shown} {said}")
    return Finding(what="Chat", verdict="ok", detail=f"{shown} answers, {'with' if key else 'without'} a key")


def without_user(url: str) -> str:
    """The URL without what may be a password in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


async def _get(url: str, headers: Mapping[str, str] | None = None) -> httpx2.Response | None:
    """One GET; None where nobody answers in time."""
    address = Address(url=url, token=None)
    async with httpx2.AsyncClient(
        verify=address.certified, trust_env=not address.loopback, timeout=TIMEOUT_S
    ) as client:
        try:
            return await client.get(url, headers=dict(headers or {}))
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return None
