"""What the recorder needs of the rooms above it."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from server.model import View


class Shown(Protocol):
    """What a stream shows at its newest number."""

    @property
    def now(self) -> int:
        """The moment of it, in milliseconds of the wall clock."""


class Source(Protocol):
    """One stream of an office: one view, one epoch."""

    @property
    def office(self) -> str:
        """Whose it is."""

    @property
    def view(self) -> View:
        """What it shows."""

    def current(self) -> Shown:
        """What it shows now."""

    def keyframe(self) -> bytes:
        """`current` as the message that viewers get; the diffs that follow apply to it."""


Hold: TypeAlias = Callable[[str], Awaitable[Source]]
"""Wake an office and keep it awake: its `full` stream, in the very step in which it is awake.

Raises NotFoundError when there is no such office, and whatever the store raises.
"""

Release: TypeAlias = Callable[[str], None]
"""Hold an office no longer."""
