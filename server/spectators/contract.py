"""What links are asked for, and what they give."""

from dataclasses import dataclass, field

from server.model import Shared, Stretch, View
from server.store.links import LinkRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """A link as its maker wants it. `batch` or `recording`, or neither: the live office."""

    view: View
    expires_ms: int
    label: str | None = None
    recording: str | None = None
    batch: str | None = None
    stretch: Stretch = field(default_factory=Stretch)
    origins: tuple[str, ...] = ()
    card: bool = False
    lan: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A link that was made or rotated just now, with its secret, which is known nowhere else. Its repr does not show it."""

    row: LinkRow
    secret: str

    def __repr__(self) -> str:
        return f"Made(link={self.row.id!r})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchanged:
    """What the secret of a link was exchanged for. Its repr does not show the grant."""

    grant: str
    expires_ms: int
    view: View
    shared: Shared
    resource: str
    name: str
    stretch: Stretch | None

    def __repr__(self) -> str:
        return f"Exchanged({self.shared}={self.resource!r})"
