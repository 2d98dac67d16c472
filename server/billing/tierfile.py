"""An operator's own tiers: a file of TOML or JSON in the place of the built-in table, read and checked once at the start.

```toml
[basic]                 # the first tier is what newcomers get
title = "Basic"
price = 9               # dollars a month; left out: agreed on
slots = 2               # so many at a time …
slots_with_key = 4      # … and with a valid own key
quota = 300             # tasks a month
quota_soft = false      # true: reported, never blocking
links = 3               # left out: no limit
viewers = 20            # of each link
recording_days = 14     # left out: until deleted
weight = 2              # of the account beside others, where the machine is too small for all
features = ["exports"]
support_contact = "help@example.org"    # whom to ask; left out: SUPPORT_CONTACT
support_hours = 24      # until a first answer; left out: nothing is promised
```
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model

from server.billing.tiers import FEATURES, TIERS
from server.errors import ConfigurationError
from server.model import Tier

tiers_max = 16
file_bytes_max = 64 * 1024
FIGURE_MAX = 1_000_000_000
LEAST = {
    "slots": 1,
    "slots_with_key": 1,
    "quota": 1,
    "weight": 1,
    "viewers": 1,
    "recording_days": 1,
    "support_hours": 1,
}
"""Figures that make no sense below this; all others may be 0."""
_NAME = r"^[a-z][a-z0-9_-]{0,31}$"
SETTING = "TENDESKS_TIERS_FILE"


def read_tiers(path: Path | None) -> Mapping[str, Tier]:
    """Return the tiers of a file in its order, or the built-in ones where there is no file.

    Raises:
        ConfigurationError: one line that says where in the file what was expected and what came.
    """
    if path is None:
        return TIERS
    found = _parsed(path)
    if not found or len(found) > tiers_max:
        raise _wrong(path, f"expected 1 to {tiers_max} tiers (tiers_max), got {len(found)}")
    return {name: _tier(path, name, row) for name, row in found.items()}


def check_used(tiers: Mapping[str, Tier], used: Iterable[str]) -> None:
    """Raise ConfigurationError where accounts have a tier that is not in the table: they could not be served."""
    missing = sorted(set(used) - set(tiers))
    if missing:
        raise ConfigurationError(
            f"{SETTING}: expected the tiers that accounts have, got none called {', '.join(missing)}"
        )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        if len(content) > file_bytes_max:
            raise _wrong(
                path, f"expected at most {file_bytes_max} bytes (file_bytes_max), got {len(content)}"
            )
        found = orjson.loads(content) if path.suffix == ".json" else tomllib.loads(content.decode())
    except OSError as error:
        raise _wrong(path, f"expected a file that can be read, got {error.strerror}") from error
    except ValueError as error:
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise _wrong(path, f"expected {kind}, got {_one_line(error)}") from error
    if not isinstance(found, dict):
        raise _wrong(path, f"expected an object of tiers by name, got {type(found).__name__}")
    return found


def _tier(path: Path, name: str, row: object) -> Tier:
    try:
        read = _row().model_validate({"name": name, **row} if isinstance(row, dict) else row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join([name, *map(str, first["loc"])])
        raise _wrong(path, f"{where}: {first['msg']}, got {first['input']!r:.60}") from error
    tier = Tier(**{each.name: getattr(read, each.name) for each in fields(Tier)})
    if tier.name != name:
        raise _wrong(path, f"{name}.name: expected it to be left out, got {tier.name!r:.60}")
    if tier.slots_with_key < tier.slots:
        raise _wrong(
            path, f"{name}.slots_with_key: expected at least {tier.slots}, got {tier.slots_with_key}"
        )
    unknown = sorted(set(tier.features) - FEATURES)
    if unknown:
        raise _wrong(
            path, f"{name}.features: expected some of {', '.join(sorted(FEATURES))}, got {unknown[0]!r:.60}"
        )
    return tier


@cache
def _row() -> type[BaseModel]:
    """What a tier in a file is made of: every field of Tier, so that a new one is read without a thought here."""
    hints = get_type_hints(Tier)
    members: dict[str, Any] = {each.name: _member(each.name, hints[each.name], each) for each in fields(Tier)}
    return create_model("TierRow", __config__=ConfigDict(extra="forbid", strict=True), **members)


def _member(name: str, hint: Any, field: Any) -> tuple[Any, Any]:
    if name == "name":
        return Annotated[str, Field(pattern=_NAME)], ...
    if name == "features":
        return Annotated[list[str], AfterValidator(tuple)], ()
    kinds = set(get_args(hint)) or {hint}
    optional = type(None) in kinds
    if kinds <= {int, type(None)}:
        number = Annotated[int, Field(ge=LEAST.get(name, 0), le=FIGURE_MAX)]
        return (number | None if optional else number), _default(field, None if optional else ...)
    if kinds <= {str, type(None)}:
        text = Annotated[str, Field(min_length=1, max_length=120)]
        return (text | None if optional else text), _default(field, None if optional else ...)
    return hint, _default(field, ...)


def _default(field: Any, otherwise: Any) -> Any:
    return otherwise if field.default is MISSING else field.default


def _wrong(path: Path, what: str) -> ConfigurationError:
    return ConfigurationError(f"{SETTING}: {path}: {what}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
