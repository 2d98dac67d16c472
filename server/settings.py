"""Settings: environment variables with the prefix TENDESKS_, read once at the start."""

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, Field, ValidationError
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


def _named(name: str) -> Any:
    """Read a setting under its own name, and bare where hosting platforms set it so."""
    return AliasChoices(f"TENDESKS_{name}", name)


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
    tier: str = "pro"
    quota: QuotaMode = QuotaMode.SHOW
    allow_commands: bool | None = None
    running_max: Annotated[int, Field(ge=1)] = 500
    tick_hz: Annotated[int, Field(ge=1, le=60)] = 10
    forwarded_allow_ips: str = "127.0.0.1"
    samples: bool = True
    roles: Annotated[tuple[str, ...], NoDecode] = ("web", "office", "runner")

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
    def logs_folder(self) -> Path:
        """Where the logs of executions are kept."""
        return self.data / "logs"


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
        raise ConfigurationError(f"TENDESKS_{name}: {first['msg']}, got {first['input']!r}") from error
