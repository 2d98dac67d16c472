"""A moving picture that somebody ordered, on its way from the queue to a file (p)."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from server.preview.movie import Movie


class ExportState(StrEnum):
    """DONE and FAILED are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(kw_only=True, slots=True, eq=False)
class Export:
    """One order of an account. `bytes` is there when it is done, `reason` (a sentence) when it failed."""

    id: str
    account: str
    office: str
    recording: str
    name: str
    order: Movie
    folder: Path
    state: ExportState = ExportState.QUEUED
    permille: int = 0
    bytes: int | None = None
    reason: str | None = None
    size: tuple[int, int] | None = field(default=None)
    """What the picture came to be: a GIF may be smaller than it was ordered."""

    @property
    def source(self) -> Path:
        """The stretch of the recording that it is made of."""
        return self.folder / "recording.tendesks"

    @property
    def file(self) -> Path:
        """The picture."""
        return self.folder / f"picture.{self.order.format}"

    @property
    def active(self) -> bool:
        """Whether it is still to be made."""
        return self.state in (ExportState.QUEUED, ExportState.RUNNING)
