"""The settings of Stripe: all or none, and one clear line that shows no secret."""

from pathlib import Path
from typing import Any

import pytest

from server.billing.setup import API_BASE, read_prices, stripe_setup
from server.billing.tiers import TIERS
from server.errors import ConfigurationError
from server.settings import Settings, load

KEY, SECRET = "sk_test_0123456789abcdef", "whsec_" + "a1" * 16
WHOLE = {
    "mode": "hosted", "public_url": "https://desk.example", "stripe_secret_key": KEY, "stripe_webhook_secret": SECRET,
    "stripe_prices": "pro:price_1",
}  # fmt: skip


def settings(**changed: Any) -> Settings:
    return load(**{name: value for name, value in {**WHOLE, **changed}.items() if value is not None})


def test_none_of_them_sells_nothing() -> None:
    assert stripe_setup(Settings(mode="hosted"), TIERS) is None


def test_all_of_them_sell() -> None:
    found = stripe_setup(settings(), TIERS)
    assert found is not None
    assert (found.key, found.secrets, found.base) == (KEY, (SECRET,), API_BASE)
    assert found.prices.sold == {"pro": "price_1"}
    assert KEY not in repr(found)
    assert SECRET not in repr(found)


def test_two_secrets_while_they_are_changed() -> None:
    found = stripe_setup(settings(stripe_webhook_secret=f"{SECRET}x, {SECRET}"), TIERS)
    assert found is not None
    assert found.secrets == (f"{SECRET}x", SECRET)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"stripe_secret_key": None}, "STRIPE_SECRET_KEY: expected all of"),
        ({"stripe_webhook_secret": None}, "STRIPE_WEBHOOK_SECRET: expected all of"),
        ({"stripe_prices": None}, "STRIPE_PRICES: expected all of"),
        ({"mode": "local"}, "STRIPE_SECRET_KEY: expected TENDESKS_MODE=hosted"),
        ({"public_url": None}, "PUBLIC_URL: expected the page's address"),
        ({"stripe_secret_key": "whsec_0123456789abcdef"}, "STRIPE_SECRET_KEY: expected a key that begins with sk_"),
        ({"stripe_webhook_secret": KEY}, "STRIPE_WEBHOOK_SECRET: expected one or two secrets"),
        ({"stripe_webhook_secret": ",".join([SECRET] * 3)}, r"expected at most 2 \(webhook_secrets_max\), got 3"),
        ({"stripe_prices": "gold:price_1"}, r"expected tiers of the table \(free, starter, pro, enterprise\), got 'gold'"),
        ({"stripe_prices": "free:price_1"}, "'free' is what newcomers get"),
        ({"stripe_prices": "pro=price_1"}, "expected TIER:PRICE, … such as starter:price_1, got 'pro=price_1'"),
        ({"stripe_prices": "pro:p1,starter:p1"}, "expected each price once, got 'p1' twice"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_one_line_without_a_secret(changed: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError, match=line) as raised:
        stripe_setup(settings(**changed), TIERS)
    assert "\n" not in raised.value.detail
    assert KEY not in raised.value.detail
    assert SECRET not in raised.value.detail


def test_an_address_of_stripe_alone_is_not_enough() -> None:
    with pytest.raises(ConfigurationError, match="STRIPE_SECRET_KEY: expected all of"):
        stripe_setup(Settings(mode="hosted", stripe_api_base="http://127.0.0.1:9"), TIERS)


def test_the_first_price_of_a_tier_is_sold_and_all_are_known() -> None:
    prices = read_prices("pro:new, pro:old ,starter:s", TIERS)
    assert prices.sold == {"pro": "new", "starter": "s"}
    assert prices.tiers == {"new": "pro", "old": "pro", "s": "starter"}
    assert (prices.first, prices.rank("pro"), prices.rank(None), prices.rank("gone")) == ("free", 2, -1, -1)


def test_a_server_with_half_of_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        stripe_setup(Settings(data=tmp_path, mode="hosted", stripe_secret_key=KEY), TIERS)
