"""What an operator sets for sign-in by OpenID Connect: all of it or nothing, else the start stops with one line."""

from server.accounts.issuer import Client, is_safe
from server.errors import ConfigurationError
from server.settings import Mode, Settings

RETURN = "/api/v1/signin/openid/return"
"""Where people come back to, under the public URL; the provider has to be told of it."""


def client_of(settings: Settings) -> Client | None:
    """How this server is known to its provider; None: it has none, as in local mode.

    Raises:
        ConfigurationError: it is set up in part, or in a way in which secrets could be read.
    """
    secret = settings.oidc_client_secret
    given = {
        "OIDC_ISSUER": settings.oidc_issuer,
        "OIDC_CLIENT_ID": settings.oidc_client_id,
        "OIDC_CLIENT_SECRET": None if secret is None else secret.get_secret_value(),
    }
    if settings.mode is Mode.LOCAL or not any(given.values()):
        return None
    missing = [name for name, value in given.items() if not value]
    if missing:
        beside = next(name for name, value in given.items() if value)
        raise ConfigurationError(f"TENDESKS_{missing[0]}: expected it beside TENDESKS_{beside}, got none")
    if settings.public_url is None:
        raise ConfigurationError(
            "TENDESKS_PUBLIC_URL: expected where people open the page, as they come back there, got none"
        )
    issuer = str(settings.oidc_issuer)
    if not is_safe(issuer) or "?" in issuer:
        raise ConfigurationError(
            f"TENDESKS_OIDC_ISSUER: expected a URL such as https://login.example.org, got {issuer!r:.200}"
        )
    return Client(
        issuer=issuer,
        id=str(given["OIDC_CLIENT_ID"]),
        secret=str(given["OIDC_CLIENT_SECRET"]),
        redirect=settings.page_url + RETURN,
    )
