"""What a bus promises: facts about one office, in order, after their commit, to whoever listens."""

from collections.abc import Callable, Sequence
from typing import Protocol

from simulation.inputs import Input

Listener = Callable[[str, Sequence[Input]], None]


class Bus(Protocol):
    """An event is (office, facts). Facts use the simulation's inputs as their vocabulary: one definition for both."""

    def publish(self, office: str, facts: Sequence[Input]) -> None:
        """Tell all listeners of this office; never waits, never raises."""

    def has_listener(self, office: str) -> bool:
        """Whether anyone would hear of this office: facts that nobody hears need not be put together."""

    def listen(self, office: str | None, listener: Listener) -> Callable[[], None]:
        """Hear about one office (None: all). Returns a callable that stops it.

        The listener is called on the event loop and must return at once.
        """
