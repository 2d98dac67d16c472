"""What is sold by Stripe, as the settings have it (p): all of them or none, each checked at the start.

`STRIPE_PRICES=starter:price_a,pro:price_b,pro:price_old` names the price of each tier that is sold; the first one of a tier
is what people buy now, the others are known, because somebody may have bought by them before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.errors import ConfigurationError
from server.model import Tier
from server.settings import Mode, Settings

API_BASE = "https://api.stripe.com"
webhook_secrets_max = 2
"""One, or the old one and the new one while they are changed."""
_KEY = re.compile(r"(?:sk|rk)_[A-Za-z0-9_]{8,500}", re.ASCII)
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_\-]{16,500}", re.ASCII)
_PRICE = re.compile(r"([a-z][a-z0-9_-]{0,31}):([A-Za-z0-9_\-]{1,255})", re.ASCII)
_NAMES = ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_PRICES")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prices:
    """`sold` is by tier the price that people buy now; `tiers` by price the tier that it gives, former prices too.

    `order` are all tiers of the table, from the first; the later one of two gives more.
    """

    sold: Mapping[str, str]
    tiers: Mapping[str, str]
    order: tuple[str, ...]

    @property
    def first(self) -> str:
        """The tier of whoever pays nothing."""
        return self.order[0]

    def rank(self, tier: str | None) -> int:
        """How much a tier gives beside others; -1: none, or one that is in the table no longer."""
        return self.order.index(tier) if tier in self.order else -1


@dataclass(frozen=True, kw_only=True, slots=True)
class StripeSetup:
    """All that is needed to sell by Stripe. It holds secrets: do not log it."""

    key: str
    secrets: tuple[str, ...]
    base: str
    prices: Prices

    def __repr__(self) -> str:
        return f"StripeSetup(base={self.base!r}, sold={sorted(self.prices.sold)})"


def stripe_setup(settings: Settings, tiers: Mapping[str, Tier]) -> StripeSetup | None:
    """Read the settings; None: nothing is sold here.

    Raises:
        ConfigurationError: one line that names the setting that is missing or wrong; it shows no secret.
    """
    key, secret, prices = settings.stripe_secret_key, settings.stripe_webhook_secret, settings.stripe_prices
    given = dict(zip(_NAMES, (key, secret, prices), strict=True))
    missing = [name for name, value in given.items() if value is None]
    if key is None or secret is None or prices is None:
        if len(missing) == len(given) and settings.stripe_api_base is None:
            return None
        raise _wrong(
            missing[0],
            "expected all of STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET and STRIPE_PRICES, or none of them",
        )
    if settings.mode is Mode.LOCAL:
        raise _wrong(_NAMES[0], "expected TENDESKS_MODE=hosted, because a local server has nobody to sell to")
    if settings.public_url is None:
        raise ConfigurationError(
            "TENDESKS_PUBLIC_URL: expected the page's address, to which Stripe sends people back, got nothing"
        )
    if not _KEY.fullmatch(key.get_secret_value()):
        raise _wrong(_NAMES[0], "expected a key that begins with sk_ or rk_, got something else")
    return StripeSetup(
        key=key.get_secret_value(), secrets=_secrets(secret.get_secret_value()),
        base=(settings.stripe_api_base or API_BASE).rstrip("/"), prices=read_prices(prices, tiers),
    )  # fmt: skip


def read_prices(text: str, tiers: Mapping[str, Tier]) -> Prices:
    """Read `TIER:PRICE,…`.

    Raises:
        ConfigurationError: something in it is no such pair, a tier is not in the table or costs nothing, or a price comes twice.
    """
    sold: dict[str, str] = {}
    known: dict[str, str] = {}
    for part in text.split(","):
        pair = _PRICE.fullmatch(part.strip())
        if pair is None:
            raise _wrong(
                _NAMES[2], f"expected TIER:PRICE, … such as starter:price_1, got {part.strip()!r:.60}"
            )
        tier, price = pair.groups()
        if tier not in tiers:
            raise _wrong(_NAMES[2], f"expected tiers of the table ({', '.join(tiers)}), got {tier!r}")
        if tier == next(iter(tiers)):
            raise _wrong(_NAMES[2], f"expected a tier to be bought, {tier!r} is what newcomers get")
        if price in known:
            raise _wrong(_NAMES[2], f"expected each price once, got {price!r:.60} twice")
        known[price] = tier
        sold.setdefault(tier, price)
    return Prices(sold=sold, tiers=known, order=tuple(tiers))


def _secrets(text: str) -> tuple[str, ...]:
    secrets = tuple(part.strip() for part in text.split(","))
    if len(secrets) > webhook_secrets_max:
        raise _wrong(
            _NAMES[1], f"expected at most {webhook_secrets_max} (webhook_secrets_max), got {len(secrets)}"
        )
    if not all(_SECRET.fullmatch(secret) for secret in secrets):
        raise _wrong(
            _NAMES[1], "expected one or two secrets that begin with whsec_, by a comma, got something else"
        )
    return secrets


def _wrong(name: str, what: str) -> ConfigurationError:
    return ConfigurationError(f"TENDESKS_{name}: {what}")
