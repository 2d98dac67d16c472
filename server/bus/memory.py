"""The bus of one process: a list of listeners, called one after another, in the order of the facts."""

from collections import deque
from collections.abc import Callable, Sequence

import structlog

from server.bus.contract import Listener
from simulation.inputs import Input

log = structlog.get_logger(__name__)


class MemoryBus:
    """Satisfies server.bus.contract.Bus.

    What a listener publishes while it is called goes out after what it was called for, so that every listener hears
    all facts in one order. A listener that raises is logged; the others hear all the same.
    """

    def __init__(self) -> None:
        self._listeners: dict[str | None, tuple[Listener, ...]] = {}
        self._waiting: deque[tuple[str, Sequence[Input]]] = deque()
        self._publishing = False

    def publish(self, office: str, facts: Sequence[Input]) -> None:
        """See Bus."""
        self._waiting.append((office, facts))
        if self._publishing:
            return
        self._publishing = True
        try:
            while self._waiting:
                self._tell(*self._waiting.popleft())
        finally:
            self._publishing = False

    def has_listener(self, office: str) -> bool:
        """See Bus."""
        return office in self._listeners or None in self._listeners

    def listen(self, office: str | None, listener: Listener) -> Callable[[], None]:
        """See Bus."""

        # A listener of its own each time: the same function may listen twice, and stops once for each.
        def ear(name: str, facts: Sequence[Input]) -> None:
            listener(name, facts)

        self._listeners[office] = (*self._listeners.get(office, ()), ear)
        return lambda: self._forget(office, ear)

    def _forget(self, office: str | None, ear: Listener) -> None:
        left = tuple(other for other in self._listeners.get(office, ()) if other is not ear)
        if left:
            self._listeners[office] = left
        else:
            self._listeners.pop(office, None)

    def _tell(self, office: str, facts: Sequence[Input]) -> None:
        for name in (office, None):
            for ear in self._listeners.get(name, ()):
                try:
                    ear(office, facts)
                except Exception:  # the promise of the contract: publishing never raises
                    log.exception("a listener of the bus failed", office=office)
