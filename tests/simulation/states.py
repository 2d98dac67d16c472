"""Arbitrary states with the shape of the table of fields, whether an office could get there or not."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from simulation.fields import FIELDS, Kind

State = dict[str, Any]

ENTRIES = {
    "desks.*": tuple("0123456789"),
    "overflow.shown.*": ("e1", "e2", "e3"),
    "batches.*": ("b1", "b2", "b3"),
}
"""The objects whose keys are numbers or ids, and keys to choose from."""
OPTIONAL = ("quota",)
FOREIGN = ("novel", "0", "*", "", *sorted({path.rpartition(".")[2] for path in FIELDS}))
"""Keys that no table names, and those that it names elsewhere."""

VALUES: dict[Kind, tuple[Any, ...]] = {
    Kind.ID: ("e1", "e2", "t1"),
    Kind.WORD: ("working", "idle", "pro"),
    Kind.TEXT: ("Acme", "Söhne", ""),
    Kind.COUNT: (0, 1, 2),
    Kind.MOMENT: (1_764_000_000_000, 1_764_000_000_100),
    Kind.COUNTS: ([1, 1], [1, 2]),
    Kind.MOMENTS: ([1, 2], [1, 3]),
    Kind.PROGRESS: ([1, 400, 60, 0], [1, 500, 50, 1]),
    Kind.PACE: ([60_000, 1], [120_000, 1, 0, 3]),
    Kind.PATH: (["couch", "desk-0", 1, 2], ["desk-0", "couch", 1, 2]),
}


def arbitrary(chance: Random, *, whole: bool = False) -> State:
    """A state by chance; `whole`: with every field and every entry that can be."""
    state: State = {"desks": {}, "overflow": {"shown": {}}, "batches": {}}
    keys = {
        home: [key for key in choices if whole or chance.random() < 0.6] for home, choices in ENTRIES.items()
    }
    for path, field in FIELDS.items():
        home, _, name = path.rpartition(".")
        if home in OPTIONAL and not whole and chance.random() < 0.4 and home not in state:
            continue
        for place in [home.replace("*", key) for key in keys[home]] if home in keys else [home]:
            if field.always or whole or chance.random() < 0.5:
                at(state, place)[name] = chance.choice(VALUES[field.kind])
    return complete(state)


def complete(state: State) -> State:
    """An object that is there has all that is always there."""
    for home, part in homes(state):
        for path, field in FIELDS.items():
            if field.always and path.rpartition(".")[0] == home:
                part.setdefault(path.rpartition(".")[2], VALUES[field.kind][0])
    return state


def at(state: State, place: str) -> State:
    for key in place.split("."):
        state = state.setdefault(key, {})
    return state


def homes(state: State) -> Iterator[tuple[str, State]]:
    """Every object whose keys are names of fields, with its path in the table; the state itself is first."""
    yield "", state
    for name in ("office", "overflow", "queue", "quota"):
        if name in state:
            yield name, state[name]
    for home in ENTRIES:
        for entry in at(state, home.removesuffix(".*")).values():
            yield home, entry


def foreign_to(home: str) -> list[str]:
    """Keys that no table names here."""
    known = {path.rpartition(".")[2] for path in FIELDS if path.rpartition(".")[0] == home}
    return [name for name in FOREIGN if name not in known and not (home == "overflow" and name == "shown")]


def copied(state: State) -> State:
    return dict(json.loads(json.dumps(state)))


def paths(part: Any, before: str = "") -> Iterator[str]:
    """The path of every value and of every empty object, with a star for keys that are numbers or ids."""
    if not isinstance(part, dict) or not part:
        yield before
        return
    for key, value in part.items():
        home = f"{before}.*" if f"{before}.*" in ENTRIES else f"{before}.{key}".lstrip(".")
        yield from paths(value, home)
