"""The provider of OpenID Connect as a server: what it says of itself, its keys, and what a code is exchanged for.

What it says of itself is believed for an hour, and only where it calls itself by the very name that the operator set. Its
keys are read anew when a token names one that is not known, so a provider may change them at any time; at most once in
half a minute, so that made-up tokens do not become requests.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import orjson

from server.accounts.openid_errors import OpenIdError, Why
from server.clock import Clock
from server.errors import TenDesksError
from server.kinds.deadline import Deadline
from server.kinds.outbound import Outbound, host_of, reaching, start_of

if TYPE_CHECKING:
    import httpx2

CONNECTIONS_MAX = 20
answer_ms = 10_000
answer_bytes_max = 256 * 1024
known_ms = 3_600_000
"""How long what a provider says of itself, and its keys, are believed."""
again_ms = 30_000
"""Keys are not asked for more often than this, whatever tokens name."""
down_ms = 5_000
"""How long it counts as down after it did not say of itself what it must."""
keys_max = 64
DISCOVERY = "/.well-known/openid-configuration"
BASIC, POST = "client_secret_basic", "client_secret_post"


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """How this server is known to the provider. `redirect`: where people come back to."""

    issuer: str
    id: str
    secret: str = field(repr=False)
    redirect: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a provider says of itself (OpenID Connect Discovery 1.0, section 3)."""

    authorize: str
    token: str
    keys: str
    person: str | None
    basic: bool
    names_itself: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a code was exchanged for."""

    id_token: str = field(repr=False)
    access: str | None = field(repr=False)


def is_safe(url: object) -> bool:
    """Whether secrets may go to a URL: by https, or to this very machine."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = bool(host) and parts.username is None and not parts.fragment and port != 0
    return plain and (parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Issuer:
    """One provider. Every call may raise OpenIdError."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self.client = client
        self._clock = clock
        self._outbound = Outbound(CONNECTIONS_MAX)
        self._facts: tuple[int, Facts] | None = None
        self._down: tuple[int, OpenIdError] | None = None
        self._keys: tuple[int, Sequence[Mapping[str, Any]]] | None = None
        self._asking = asyncio.Lock()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._outbound.aclose()

    async def facts(self) -> Facts:
        """Where the provider's doors are."""
        async with self._asking:
            now_ms = self._clock.monotonic_ms()
            if self._facts is None or now_ms - self._facts[0] >= known_ms:
                self._facts = (now_ms, await self._asked_facts(now_ms))
            return self._facts[1]

    async def _asked_facts(self, now_ms: int) -> Facts:
        """Ask; while the provider is down whoever comes is told so at once, and does not wait for everybody before."""
        if self._down is not None and now_ms - self._down[0] < down_ms:
            raise self._down[1]
        try:
            found = facts_of(await self._get(self.client.issuer.rstrip("/") + DISCOVERY), self.client.issuer)
        except OpenIdError as error:
            self._down = (self._clock.monotonic_ms(), error)
            raise
        self._down = None
        return found

    async def keys(self, *, anew: bool = False) -> Sequence[Mapping[str, Any]]:
        """The provider's public keys as JWKs; `anew`: a token names one that is not among them."""
        url = (await self.facts()).keys
        async with self._asking:
            now_ms = self._clock.monotonic_ms()
            if self._keys is None or now_ms - self._keys[0] >= (again_ms if anew else known_ms):
                found = (await self._get(url)).get("keys")
                if not isinstance(found, list) or len(found) > keys_max:
                    raise OpenIdError(Why.INVALID, f"keys: expected a list of at most {keys_max} JWKs")
                self._keys = (now_ms, [key for key in found if isinstance(key, dict)])
            return self._keys[1]

    async def redeem(self, code: str, verifier: str) -> Answer:
        """Exchange a code, which the provider lets be done once (RFC 6749, section 4.1.3)."""
        facts, client = await self.facts(), self.client
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect,
            "code_verifier": verifier,
        }
        options: dict[str, Any] = {"headers": {"accept": "application/json"}, "data": form}
        if facts.basic:
            options["auth"] = (quote(client.id, safe=""), quote(client.secret, safe=""))
        else:
            form |= {"client_id": client.id, "client_secret": client.secret}
        status, said = await self._ask("POST", facts.token, **options)
        if status != 200:
            why = Why.REFUSED if status < 500 else Why.UNREACHABLE
            raise OpenIdError(why, f"token: expected status 200, got {status} ({_code(said)})")
        id_token, access = said.get("id_token"), said.get("access_token")
        if not isinstance(id_token, str):
            raise OpenIdError(Why.INVALID, "token: expected an id_token, got none")
        return Answer(id_token=id_token, access=access if isinstance(access, str) else None)

    async def person(self, access: str) -> Mapping[str, Any]:
        """What the provider tells of whoever it is, where it keeps that out of the id_token; {}: it has no such door."""
        url = (await self.facts()).person
        if url is None:
            return {}
        headers = {"authorization": f"Bearer {access}", "accept": "application/json"}
        status, said = await self._ask("GET", url, headers=headers)
        if status != 200:
            raise OpenIdError(Why.INVALID, f"userinfo: expected status 200, got {status}")
        return said

    async def _get(self, url: str) -> Mapping[str, Any]:
        status, said = await self._ask("GET", url, headers={"accept": "application/json"})
        if status != 200:
            raise OpenIdError(Why.UNREACHABLE, f"{host_of(url)}: expected status 200, got {status}")
        return said

    async def _ask(self, method: str, url: str, **options: Any) -> tuple[int, Mapping[str, Any]]:
        """One request: its status, and the JSON object that came ({}: none did)."""
        host = host_of(url)
        slow = f"{host} took longer than {answer_ms // 1000} s"
        try:
            with reaching(host):
                async with Deadline(self._clock, answer_ms, slow):
                    client = await self._outbound.client()
                    async with client.stream(method, url, **options) as response:
                        return response.status_code, await _object(response)
        except TenDesksError as error:
            raise OpenIdError(Why.UNREACHABLE, error.detail) from error


def facts_of(said: Mapping[str, Any], issuer: str) -> Facts:
    """Read what a provider says of itself.

    Raises:
        OpenIdError: it calls itself otherwise than the operator does, or has no doors that secrets may go through.
    """
    if said.get("issuer") != issuer:
        raise OpenIdError(Why.INVALID, f"issuer: expected {issuer}, got {said.get('issuer')!r:.200}")
    doors = {name: said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    for name, url in doors.items():
        if not is_safe(url):
            raise OpenIdError(Why.INVALID, f"{name}: expected an https URL, got {url!r:.200}")
    person = said.get("userinfo_endpoint")
    methods = said.get("token_endpoint_auth_methods_supported") or [BASIC]
    if not isinstance(methods, list) or not {BASIC, POST} & {*map(str, methods)}:
        raise OpenIdError(Why.INVALID, f"token_endpoint_auth_methods_supported: expected {BASIC} or {POST}")
    return Facts(
        authorize=str(doors["authorization_endpoint"]),
        token=str(doors["token_endpoint"]),
        keys=str(doors["jwks_uri"]),
        person=str(person) if is_safe(person) else None,
        basic=BASIC in methods,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


async def _object(response: "httpx2.Response") -> Mapping[str, Any]:
    body = await start_of(response, answer_bytes_max + 1)
    if len(body) > answer_bytes_max:
        raise OpenIdError(
            Why.INVALID, f"answer_bytes_max: expected at most {answer_bytes_max} bytes, got more"
        )
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _code(said: Mapping[str, Any]) -> str:
    """The provider's own word for what was wrong (RFC 6749, section 5.2), if it is one."""
    word = said.get("error")
    return (
        word
        if isinstance(word, str) and word.replace("_", "").isalnum() and len(word) <= 40
        else "no error code"
    )
