"""What `tendesks doctor` says of one thing it looked at."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing looked at. `note`: not set up, or worth knowing; `wrong`: it keeps something from working."""

    what: str
    verdict: Verdict
    detail: str
