"""Settings: environment variables with the prefix TENDESKS_, read once at the start."""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from server.errors import ConfigurationError


class Mode(StrEnum):
    """LOCAL: one owner, a token in the printed URL. HOSTED: accounts."""

    LOCAL = "local"
    HOSTED = "hosted"


class QuotaMode(StrEnum):
    """SHOW counts the month's tasks; ENFORCE also holds back what is beyond the quota."""

    SHOW = "show"
    ENFORCE = "enforce"


class SignUp(StrEnum):
    """OPEN: whoever can read an e-mail address gets an account. CLOSED: the operator makes accounts, members invite."""

    OPEN = "open"
    CLOSED = "closed"


def _named(name: str) -> Any:
    """Read a setting under its own name, and bare where hosting platforms set it so."""
    return AliasChoices(f"TENDESKS_{name}", name)


class Price(BaseModel):
    """What a model costs: dollars for a million tokens. Without `cached`, tokens from a cache cost what others do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    output: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    cached: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


def _base_url(text: str) -> str:
    """An address to which `/chat/completions` is appended. A password in it would be told wherever the address is."""
    if not is_plain_url(text):
        raise ValueError(
            "expected a URL such as https://api.openai.com/v1, without user, password and fragment"
        )
    return text


def is_plain_url(text: str) -> bool:
    """Whether this is an http or https URL without user, password and fragment."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    extras = parts.username is not None or parts.fragment or any(char.isspace() for char in text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0 and not extras


def _header_text(secret: SecretStr) -> SecretStr:
    if not all("!" <= char <= "~" for char in secret.get_secret_value()):
        raise ValueError("expected a key of visible ASCII characters without spaces")
    return secret


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


class Settings(BaseSettings):
    """All settings of one process; frozen. `load()` turns what pydantic says into one clear line."""

    model_config = SettingsConfigDict(
        env_prefix="TENDESKS_", frozen=True, extra="ignore", populate_by_name=True
    )

    mode: Mode = Mode.LOCAL
    data: Path = Path.home() / ".tendesks"
    database_url: str | None = Field(None, validation_alias=_named("DATABASE_URL"))
    redis_url: str | None = Field(None, validation_alias=_named("REDIS_URL"))
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, validation_alias=_named("PORT"))
    public_url: str | None = None
    lan_host: str = "0.0.0.0"  # noqa: S104 - listened at only where a link for the local network was asked for
    lan_port: Annotated[int, Field(ge=0, le=65535)] = 0
    metrics_host: str = "127.0.0.1"
    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    tier: str = "pro"
    quota: QuotaMode = QuotaMode.SHOW
    allow_commands: bool | None = None
    running_max: Annotated[int, Field(ge=1)] = 500
    tick_hz: Annotated[int, Field(ge=1, le=60)] = 10
    forwarded_allow_ips: str = "127.0.0.1"
    samples: bool = True
    record: bool = True
    compress: bool = True
    roles: Annotated[tuple[str, ...], NoDecode] = ("web", "office", "runner")

    # The provider of the kind `chat`: any that speaks OpenAI's protocol. Prices are by the name of the model.
    chat_base_url: Annotated[str, AfterValidator(_base_url)] | None = None
    chat_api_key: Annotated[SecretStr, AfterValidator(_header_text)] | None = None
    chat_prices: Annotated[Mapping[str, Price], NoDecode, BeforeValidator(_decoded)] = Field(
        default_factory=dict
    )

    # The keys that users' own keys are sealed with, the first one for new ones: see `server/vault/keyring.py`.
    master_keys: SecretStr | None = None

    # Hosted mode: who comes in, and how. Links in letters begin with PUBLIC_URL.
    signup: SignUp = SignUp.OPEN
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    tiers_file: Path | None = None
    # Whom to ask, where a plan of the table names nobody of its own: an address or a page.
    support_contact: Annotated[str, Field(min_length=1, max_length=120)] | None = None

    # Selling plans by Stripe: all of them or none, see `server/billing/setup.py`. A test's own Stripe is at API_BASE.
    stripe_secret_key: SecretStr | None = None
    stripe_webhook_secret: SecretStr | None = None
    stripe_prices: str | None = None
    stripe_api_base: Annotated[str, AfterValidator(_base_url)] | None = None

    # A provider of OpenID Connect: all three, or none; see `server/accounts/openid_client.py`.
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: Annotated[str, Field(min_length=1, max_length=40)] | None = None

    # How long what is over is kept, in days.
    audit_days: Annotated[int, Field(ge=1)] = 400
    deletion_days: Annotated[int, Field(ge=0)] = 7

    # Limits. Each has a message of its own where it is met.
    tasks_per_batch_max: int = 100_000
    input_bytes_max: int = 64 * 1024
    result_bytes_max: int = 64 * 1024
    upload_bytes_max: int = 256 * 1024 * 1024
    log_bytes_max: int = 1024 * 1024
    logs_bytes_max: int = 1024 * 1024 * 1024
    message_bytes_max: int = 64 * 1024
    outbox_bytes_max: int = 64 * 1024
    viewers_max: int = 5_000
    # Of the live socket. The address is the one that FORWARDED_ALLOW_IPS lets a proxy name; in local mode the loopback has none.
    sockets_per_address_max: Annotated[int, Field(ge=1)] = 500
    handshakes_per_minute_max: Annotated[int, Field(ge=1)] = 600
    failed_hellos_per_minute_max: Annotated[int, Field(ge=1)] = 30
    sockets_per_account_max: Annotated[int, Field(ge=1)] = 100
    # Of sign-in by e-mail: how many links an hour, from one address and to one.
    signins_per_address_max: Annotated[int, Field(ge=1)] = 30
    signins_per_email_max: Annotated[int, Field(ge=1)] = 5
    # Of sign-in by OpenID Connect, from one address: how many an hour. A whole company may sit behind one.
    openid_per_address_max: Annotated[int, Field(ge=1)] = 300
    # Of tokens, cookies' secrets and links that are none of ours, from one address.
    failed_tokens_per_minute_max: Annotated[int, Field(ge=1)] = 60
    drain_ms: int = 30_000

    @cached_property
    def commands_allowed(self) -> bool:
        """Commands run on this machine: on in local mode, off in hosted mode unless the operator allows it."""
        return self.mode is Mode.LOCAL if self.allow_commands is None else self.allow_commands

    @cached_property
    def quota_enforced(self) -> bool:
        """Whether what is beyond the month's quota waits: always in hosted mode, in local mode only when asked for."""
        return self.mode is Mode.HOSTED or self.quota is QuotaMode.ENFORCE

    @cached_property
    def store_url(self) -> str:
        """The store's SQLAlchemy URL: SQLite in the data folder unless DATABASE_URL says otherwise."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'tendesks.sqlite3'}"

    @cached_property
    def page_url(self) -> str:
        """Where people open the page, as links to it begin; without PUBLIC_URL that is this machine."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @cached_property
    def secure(self) -> bool:
        """Whether people reach the page over https, whatever a proxy makes of it on the way here."""
        return self.mode is Mode.HOSTED and self.page_url.startswith("https://")

    @cached_property
    def logs_folder(self) -> Path:
        """Where the logs of executions are kept."""
        return self.data / "logs"


SECRET = frozenset(
    {
        "CHAT_API_KEY", "CHAT_BASE_URL", "MASTER_KEYS", "OIDC_CLIENT_SECRET", "SMTP_URL", "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
    }
)  # fmt: skip
"""Settings whose value is told nowhere, not even when it is wrong; a URL may hold what it should not."""


def load(**overrides: Any) -> Settings:
    """Read the environment; keyword arguments win over it.

    Raises:
        ConfigurationError: one line that names the variable, what was expected and what came.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper().removeprefix("TENDESKS_") if first["loc"] else "?"
        got = "something else" if name in SECRET else repr(first["input"])
        raise ConfigurationError(f"TENDESKS_{name}: {first['msg']}, got {got}") from (
            None if name in SECRET else error
        )
