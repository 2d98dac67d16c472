"""Execution: one running attempt at a task, wherever it is shown, and what the inputs about it make of it."""

from dataclasses import dataclass, replace

from simulation.inputs import Progressed, Started, Waiting
from simulation.progress import Progress, estimated, reported, told


@dataclass(frozen=True, kw_only=True, slots=True)
class Execution:
    """One running attempt at a task: the input it began with, and what has become of it since.

    ``progress`` is the line that viewers hold. The execution waits while ``waits_ms`` is set, the moment the wait began;
    ``until_ms`` says until when. While it waits its progress rests and is shown to nobody.
    """

    began: Started
    progress: Progress | None
    note: str = ""
    waits_ms: int | None = None
    until_ms: int | None = None

    @property
    def id(self) -> str:
        """The execution's id."""
        return self.began.execution

    @property
    def since_ms(self) -> int:
        """When it was admitted."""
        return self.began.at_ms


def begun(new: Started) -> Execution:
    """The execution as it starts."""
    return Execution(began=new, progress=estimated(new.at_ms, new.estimate_ms))


def progressed(known: Execution, new: Progressed) -> Execution:
    """The execution after a word from its body; the same object if that changes nothing a viewer would see."""
    note = known.note if new.note is None else new.note
    progress = known.progress if new.permille is None else _reported(known, new, new.permille)
    if progress is known.progress and note == known.note:
        return known
    return Execution(
        began=known.began, progress=progress, note=note, waits_ms=known.waits_ms, until_ms=known.until_ms
    )


def _reported(known: Execution, new: Progressed, permille: int) -> Progress:
    now = reported(
        at_ms=new.at_ms,
        permille=permille,
        remaining_ms=new.remaining_ms,
        elapsed_ms=new.at_ms - known.since_ms,
        estimate_ms=known.began.estimate_ms,
    )
    return now if known.waits_ms is not None else told(known.progress, now)


def waiting(known: Execution, new: Waiting, now_ms: int) -> Execution:
    """The execution as it waits or goes on: its bar rests where the wait began and goes on from there."""
    if new.until_ms is None:
        return known if known.waits_ms is None else _resumed(known, now_ms)
    if known.waits_ms is not None:
        return replace(known, until_ms=new.until_ms)
    rested = None if known.progress is None else known.progress.rested(now_ms)
    return replace(known, progress=rested, waits_ms=now_ms, until_ms=new.until_ms)


def _resumed(known: Execution, now_ms: int) -> Execution:
    progress = None if known.progress is None else replace(known.progress, at_ms=now_ms)
    return replace(known, progress=progress, waits_ms=None, until_ms=None)
