"""What an operator sets for OpenID Connect: all of it or nothing."""

from typing import Any

import pytest

from server.accounts.issuer import Issuer, facts_of, is_safe
from server.accounts.openid import OpenId
from server.accounts.openid_client import client_of
from server.accounts.openid_errors import OpenIdError
from server.errors import ConfigurationError
from server.settings import Mode, Settings, load

WHOLE = {"oidc_issuer": "https://id.test", "oidc_client_id": "desks", "oidc_client_secret": "hush"}


def settings(**given: Any) -> Settings:
    return Settings(**{"mode": Mode.HOSTED, "public_url": "https://desk.example/", **given})


def test_all_of_it_makes_a_client_and_its_secret_is_not_shown() -> None:
    client = client_of(settings(**WHOLE))
    assert client is not None
    assert client.redirect == "https://desk.example/api/v1/signin/openid/return"
    assert "hush" not in repr(client)
    assert "hush" not in repr(settings(**WHOLE))
    assert Issuer.__module__ != OpenId.__module__


def test_nothing_of_it_or_local_mode_makes_none() -> None:
    assert client_of(settings()) is None
    assert client_of(settings(**WHOLE, mode=Mode.LOCAL)) is None


@pytest.mark.parametrize("missing", WHOLE)
def test_a_part_of_it_stops_the_start_with_a_line_that_names_what_is_missing(missing: str) -> None:
    with pytest.raises(
        ConfigurationError, match=f"^TENDESKS_{missing.upper()}: expected it beside TENDESKS_OIDC_"
    ):
        client_of(settings(**{**WHOLE, missing: None}))


def test_people_have_to_come_back_somewhere() -> None:
    with pytest.raises(ConfigurationError, match=r"^TENDESKS_PUBLIC_URL: "):
        client_of(settings(**WHOLE, public_url=None))


@pytest.mark.parametrize(
    "issuer", ["id.test", "http://id.test", "https://u:p@id.test", "https://id.test/#a", "https://id.test/?a=b", "https://[", "ftp://id.test"]
)  # fmt: skip
def test_secrets_go_by_https_or_stay_on_this_machine(issuer: str) -> None:
    assert not is_safe(issuer) or "?" in issuer
    with pytest.raises(ConfigurationError, match=r"^TENDESKS_OIDC_ISSUER: "):
        client_of(settings(**{**WHOLE, "oidc_issuer": issuer}))


@pytest.mark.parametrize("url", ["https://id.test", "https://id.test:8443/realms/a", "http://127.0.0.1:5", "http://localhost/x", "http://[::1]:5"])  # fmt: skip
def test_what_is_safe(url: str) -> None:
    assert is_safe(url)


def test_a_secret_that_is_wrong_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENDESKS_OIDC_CLIENT_SECRET", "hush")
    monkeypatch.setenv("TENDESKS_OIDC_NAME", "")
    with pytest.raises(ConfigurationError, match=r"^TENDESKS_OIDC_NAME: ") as refused:
        load()
    assert "hush" not in str(refused.value)


def test_who_calls_itself_otherwise_is_another_one() -> None:
    for issuer in ("https://id.test/", "https://ID.test", None, 7):
        with pytest.raises(OpenIdError, match=r"issuer: expected https://id\.test"):
            facts_of({"issuer": issuer}, "https://id.test")
