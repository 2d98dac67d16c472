"""The id_token (p): what a provider signs of a person, believed only when all of it is as it has to be.

Signatures are joserfc's, the rules of OpenID Connect Core 1.0 (section 3.1.3.7) authlib's; what is added here is stricter.
The key is chosen before anything is verified, and with it the algorithm: only asymmetric ones, and only such as are of the
key's own kind, so that neither `none` nor a public key that is taken for a shared secret gets anywhere.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from server.accounts.openid_errors import OpenIdError, Why

KINDS: Mapping[str, str] = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""Which algorithms may sign, each with a key of which kind. What is not here is not even tried."""
leeway_s = 60
"""How far the provider's clock and ours may be apart."""
age_s_max = 600
"""How old a token may be: it was made a moment ago, for whoever comes with it."""
TOKEN_CHARS_MAX = 32_768
SUBJECT_CHARS_MAX = 255


class KeyMissingError(OpenIdError):
    """None of the keys is the one that the token names: the provider may have others by now."""

    def __init__(self) -> None:
        super().__init__(Why.INVALID, "kid: expected that of one of the provider's keys, got another")


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What has to stand in the token. `access` is the access token that came with it."""

    issuer: str
    audience: str
    nonce: str = field(repr=False)
    now_ms: int
    access: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """Who somebody is. `subject`: the issuer, a space, and its name for the person. `confirmed`: so is the address."""

    subject: str
    email: str | None
    confirmed: bool

    def with_more(self, person: Mapping[str, Any]) -> "Claims":
        """The same with what the provider tells of this very person elsewhere; of another one nothing is taken."""
        issuer, _, name = self.subject.partition(" ")
        if not person or person.get("sub") != name:
            return self
        found = _claims(issuer, name, person)
        return replace(self, email=found.email, confirmed=found.confirmed)


def verified(token: str, keys: Sequence[Mapping[str, Any]], expected: Expected) -> Claims:
    """Who a token says somebody is.

    Raises:
        KeyMissingError: none of these keys is the one that it names.
        OpenIdError: it is not to be believed; the reason has no claim of it but what was wrong.
    """
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - slow to import, and most servers never need them
    from joserfc import jws, jwt  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import JWKRegistry  # noqa: PLC0415

    if len(token) > TOKEN_CHARS_MAX:
        raise OpenIdError(
            Why.INVALID, f"id_token: expected at most {TOKEN_CHARS_MAX} characters, got {len(token)}"
        )
    try:
        header = jws.extract_compact(token.encode()).headers()
        algorithm = header.get("alg")
        key = JWKRegistry.import_key(dict(_chosen(keys, algorithm, header.get("kid"))))
        found = jwt.decode(token, key, algorithms=[str(algorithm)])
        claims = CodeIDToken(
            found.claims,
            found.header,
            options={"iss": {"value": expected.issuer}, "aud": {"value": expected.audience}},
            params={"nonce": expected.nonce, "client_id": expected.audience, "access_token": expected.access},
        )
        claims.validate(now=expected.now_ms // 1000, leeway=leeway_s)
        _stricter(claims, expected)
    except OpenIdError:
        raise
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise OpenIdError(Why.INVALID, f"id_token: {type(error).__name__}: {_short(error)}") from None
    return _claims(expected.issuer, claims["sub"], claims)


def _chosen(keys: Sequence[Mapping[str, Any]], algorithm: object, name: object) -> Mapping[str, Any]:
    """The one key that a token of this algorithm, and naming this key, can be signed with."""
    kind = KINDS.get(algorithm) if isinstance(algorithm, str) else None
    if kind is None:
        raise OpenIdError(Why.INVALID, f"alg: expected one of {', '.join(KINDS)}, got {algorithm!r:.40}")
    fitting = [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and name in {None, key.get("kid")}
    ]
    if not fitting:
        raise KeyMissingError
    if len(fitting) > 1:  # a token that names none of several (Core, section 10.1)
        raise OpenIdError(Why.INVALID, f"kid: expected that of one key, got none, and {len(fitting)} fit")
    return fitting[0]


def _stricter(claims: Mapping[str, Any], expected: Expected) -> None:
    """What authlib leaves to whoever uses it."""
    nonce, audience, now_s = claims["nonce"], claims["aud"], expected.now_ms // 1000
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise OpenIdError(Why.INVALID, "nonce: expected that of this try, got another")
    if audience not in (expected.audience, [expected.audience]) and claims.get("azp") != expected.audience:
        raise OpenIdError(Why.INVALID, "aud: expected this server alone, or azp to name it, got others")
    if claims["iat"] < now_s - age_s_max - leeway_s:
        raise OpenIdError(Why.INVALID, f"iat: expected at most {age_s_max} s ago (age_s_max), got longer ago")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_CHARS_MAX or not subject.isascii():
        raise OpenIdError(Why.INVALID, f"sub: expected 1 to {SUBJECT_CHARS_MAX} ASCII characters")


def _claims(issuer: str, subject: str, said: Mapping[str, Any]) -> Claims:
    """Some providers send their flags as texts; nothing but these two says that an address is confirmed."""
    email, confirmed = said.get("email"), said.get("email_verified")
    return Claims(
        subject=f"{issuer} {subject}",
        email=email if isinstance(email, str) else None,
        confirmed=confirmed is True or confirmed == "true",
    )


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
