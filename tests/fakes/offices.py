"""Offices without a scheduler: what happened to them is told on a bus, and is all in their facts."""

from collections.abc import Sequence

from server.bus.contract import Bus
from server.errors import NotFoundError
from simulation.inputs import BatchChanged, Ended, Input, OfficeChanged, Progressed, SlotsChanged, Started
from simulation.pending import Pending


class FakeOffices:
    """Satisfies Facts and RaiseEpoch of server.ticker.contract; `failing` makes both raise."""

    def __init__(self, bus: Bus) -> None:
        self.epochs: dict[str, int] = {}
        self.failing: Exception | None = None
        self.asked: list[str] = []
        self._bus = bus
        self._facts: dict[str, list[Input]] = {}

    def add(self, office: str, slots: int = 10) -> None:
        self.epochs[office] = 0
        self._facts[office] = [OfficeChanged(name="Acme", tier="pro"), SlotsChanged(slots=slots)]

    def happen(self, office: str, *inputs: Input) -> None:
        """The store has it, then the bus hears it."""
        known = Pending()
        for fact in (*self._facts[office], *inputs):
            known.add(fact)
        ended = {fact.execution for fact in inputs if isinstance(fact, Ended)}
        self._facts[office] = [fact for fact in known.take() if getattr(fact, "execution", None) not in ended]
        self._bus.publish(office, inputs)

    async def facts(self, office: str) -> Sequence[Input]:
        self.asked.append(office)
        if self.failing is not None:
            raise self.failing
        return list(self._facts[office])

    async def raise_epoch(self, office: str) -> int:
        if office not in self.epochs:
            raise NotFoundError(f"expected an office of ours, got {office!r}")
        self.epochs[office] += 1
        return self.epochs[office]


def started(number: int, at_ms: int, *, batch: str = "batch1", title: str = "Acme Corp") -> Started:
    return Started(
        execution=f"execution{number}", task=f"task{number}", batch=batch, title=title,
        attempt=1, attempts=1, at_ms=at_ms, estimate_ms=None,
    )  # fmt: skip


def ended(number: int, at_ms: int) -> Ended:
    return Ended(execution=f"execution{number}", at_ms=at_ms, state="done", reason=None, retry_ms=None)


def noted(number: int, at_ms: int, note: str) -> Progressed:
    return Progressed(
        execution=f"execution{number}", at_ms=at_ms, permille=None, remaining_ms=None, note=note
    )


def batch(name: str, *, done: int = 0, total: int = 10, batch: str = "batch1") -> BatchChanged:
    return BatchChanged(
        batch=batch, name=name, state="running", total=total, done=done, failed=0, running=0, order=0,
        eta_ms=None, ended_ms=None,
    )  # fmt: skip
