"""A provider of OpenID Connect on a loopback port, in a thread of its own, that signs real tokens; it can be told to lie.

What it does is what the standards ask of a provider: a code is good once, for the client that it was made for, with the
verifier whose hash came first. How it lies is said by a test: in a claim, with another key, by another algorithm.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "ten-desks", "client-secret-9fQ2"


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@cache
def rsa_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig", "alg": "RS256"}, private=True)


@dataclass
class Code:
    """What was asked for when a code was made, and by whom."""

    query: dict[str, str]
    person: dict[str, Any]


@dataclass
class Provider:
    """`person` is who signs in next, None: nobody is let in. `claims` replace those of the next tokens; None takes one away."""

    now_s: Callable[[], float] = time.time
    person: dict[str, Any] | None = field(
        default_factory=lambda: {"sub": "ada-7", "email": "ada@example.org", "email_verified": True}
    )
    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    in_token: tuple[str, ...] = ("sub", "email", "email_verified")
    forge: str | None = None
    """`none`: no signature; `public`: HS256 with the public key as its secret; `stranger`: a key that is in no list."""
    broken: bool = False
    port: int = 0
    keys: list[Any] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    last_token: str = ""
    again: bool = False
    """Whether a code may be used twice, as no provider should let it."""

    def __post_init__(self) -> None:
        self.rotate()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rotate(self, key: Any = None) -> None:
        """Sign with another key from now on; the former one is forgotten."""
        name = f"k{secrets.token_hex(4)}"
        self.keys = [key or ECKey.generate_key("P-256", {"kid": name, "use": "sig"}, private=True)]

    def count(self, path: str) -> int:
        return self.asked.count(path)

    # Doors

    def discovered(self) -> dict[str, Any]:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/person",
            "authorization_response_iss_parameter_supported": True,
            **self.discovery,
        }
        return {name: value for name, value in said.items() if value is not None}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes next."""
        assert query["response_type"] == "code", query
        assert query["code_challenge_method"] == "S256", query
        assert "openid" in query["scope"].split(), query
        back = {"state": query["state"], "iss": self.issuer}
        if self.person is None:
            back |= {"error": "access_denied", "error_description": "<script>alert(1)</script>"}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = Code(query=query, person=dict(self.person))
            back["code"] = code
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        scheme, _, told = authorization.partition(" ")
        name, _, secret = (
            base64.b64decode(told).decode().partition(":") if scheme == "Basic" else ("", "", "")
        )
        name, secret = (
            unquote(name) or form.get("client_id", ""),
            unquote(secret) or form.get("client_secret", ""),
        )
        if (name, secret) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        code = (
            self.codes.get(form.get("code", "")) if self.again else self.codes.pop(form.get("code", ""), None)
        )
        if code is None or code.query["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if coded(digest) != code.query["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        access = "at-" + secrets.token_urlsafe(8)
        self.people = {access: code.person}
        self.last_token = self.token(code, access)
        return 200, {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self.last_token,
        }

    def token(self, code: Code, access: str) -> str:
        now_s = int(self.now_s())
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now_s,
            "exp": now_s + 300,
            "nonce": code.query["nonce"],
            "at_hash": coded(half),
            **{name: code.person[name] for name in self.in_token if name in code.person},
            **self.claims,
        }
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def signed(self, claims: dict[str, Any]) -> str:
        key = self.keys[0]
        if self.forge == "none":
            return self._by_hand({"alg": "none", "typ": "JWT"}, claims, None)
        if self.forge == "public":
            return self._by_hand({"alg": "HS256", "kid": key.kid}, claims, key.as_pem(private=False))
        if self.forge == "stranger":
            stranger = ECKey.generate_key("P-256", {"kid": key.kid}, private=True)
            return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, stranger)
        algorithm = "RS256" if isinstance(key, RSAKey) else "ES256"
        return jwt.encode({"alg": algorithm, "kid": key.kid}, claims, key)

    def _by_hand(self, header: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
        """A token that no library makes."""
        text = ".".join(coded(orjson.dumps(part)) for part in (header, claims))
        mac = b"" if secret is None else hmac.digest(secret, text.encode(), "sha256")
        return f"{text}.{coded(mac)}"

    def published(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def person_of(self, authorization: str) -> tuple[int, dict[str, Any]]:
        person = self.people.get(authorization.removeprefix("Bearer "))
        return (401, {}) if person is None else (200, person)


class _Requests(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.provider.asked.append(parts.path)
        if self.provider.broken:
            self._answer(500, {})
        elif parts.path == "/.well-known/openid-configuration":
            self._answer(200, self.provider.discovered())
        elif parts.path == "/keys":
            self._answer(200, self.provider.published())
        elif parts.path == "/person":
            self._answer(*self.provider.person_of(self.headers["authorization"]))
        elif parts.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.send_response(302)
            self.send_header("location", self.provider.authorize(query))
            self.send_header("content-length", "0")
            self.end_headers()
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if self.provider.broken:
            self._answer(500, {})
        else:
            self._answer(*self.provider.redeem(form, self.headers.get("authorization", "")))

    def _answer(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def openid_provider(now_s: Callable[[], float] = time.time) -> Iterator[Provider]:
    provider = Provider(now_s=now_s)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Requests", (_Requests,), {"provider": provider}))
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings_of(provider: Provider) -> dict[str, str]:
    """What an operator sets for it."""
    return {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "Example ID",
    }
