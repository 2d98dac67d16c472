"""Inputs that wait for the next tick, merged so that memory grows with what runs and not with what happened."""

from dataclasses import replace
from typing import TypeAlias

from simulation.inputs import BatchChanged, BatchRemoved, Ended, Input, Progressed, Started, Waiting

Life: TypeAlias = Started | Progressed | Waiting | Ended


class Pending:
    """What one tick will be given.

    Of one execution at most a start, a progress and a wait are kept, or its end alone; of one that began and ended
    while it waited here, nothing. Of every batch, and of each kind of figure, the last word is kept. Inputs about
    different things may come out in another order than they went in: no tick can tell.
    """

    def __init__(self) -> None:
        self._lives: dict[str, dict[type[Life], Life]] = {}
        self._figures: dict[str | type[Input], Input] = {}

    def __len__(self) -> int:
        return len(self._figures) + sum(map(len, self._lives.values()))

    def add(self, new: Input) -> None:
        """Keep an input for the next tick, in place of what it makes superfluous."""
        if isinstance(new, Ended):
            self._end(new)
        elif isinstance(new, Started | Waiting):
            self._lives.setdefault(new.execution, {})[type(new)] = new
        elif isinstance(new, Progressed):
            life = self._lives.setdefault(new.execution, {})
            before = life.get(Progressed)
            life[Progressed] = _merged(before, new) if isinstance(before, Progressed) else new
        elif isinstance(new, BatchChanged | BatchRemoved):
            self._figures[new.batch] = new
        else:
            self._figures[type(new)] = new

    def take(self) -> list[Input]:
        """All that waited, to be given to one tick; nothing waits afterwards."""
        lives = [new for life in self._lives.values() for new in life.values()]
        taken = [*self._figures.values(), *lives]
        self._lives.clear()
        self._figures.clear()
        return taken

    def _end(self, new: Ended) -> None:
        life = self._lives.get(new.execution, {})
        if Started in life:
            del self._lives[new.execution]
        elif Ended not in life:
            self._lives[new.execution] = {Ended: new}


def _merged(before: Progressed, new: Progressed) -> Progressed:
    """One word in place of two: the later figures, the later note, whichever of them was said at all."""
    note = before.note if new.note is None else new.note
    if new.permille is None:
        return replace(before, note=note)
    return replace(new, note=note)
