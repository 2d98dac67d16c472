"""The table of the state's fields: every path that can occur and what it holds."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

State: TypeAlias = dict[str, Any]
"""A state, or a part of one: objects, arrays, strings and integers; no nulls. Never changed once it is made."""


class Kind(Enum):
    """What a field holds."""

    ID = "an id of the server: up to 16 letters and digits"
    WORD = "a word of ours: up to 16 characters"
    TEXT = "a text that someone wrote, cut"
    COUNT = "a number of things: up to 9 digits"
    MOMENT = "milliseconds since the epoch: 13 digits"
    COUNTS = "two counts"
    MOMENTS = "two moments"
    PROGRESS = "a moment, thousandths done, milliseconds to go, 1 if reported"
    PACE = "a moment, and up to 20 counts"
    PATH = "from a place, to a place, from a moment, to a moment"


class Field(NamedTuple):
    """A row of the table: what a field holds, and whether it is there whenever its object is."""

    kind: Kind
    always: bool


_ALWAYS: Mapping[str, Kind] = {
    "office.id": Kind.ID,
    "office.tier": Kind.WORD,
    "office.slots": Kind.COUNT,
    "office.running": Kind.COUNT,
    "desks.*.worker": Kind.WORD,
    "desks.*.activity": Kind.WORD,
    "desks.*.since": Kind.MOMENT,
    "overflow.count": Kind.COUNT,
    "overflow.shown.*.batch": Kind.ID,
    "overflow.shown.*.since": Kind.MOMENT,
    "queue.waiting": Kind.COUNT,
    "batches.*.state": Kind.WORD,
    "batches.*.total": Kind.COUNT,
    "batches.*.done": Kind.COUNT,
    "batches.*.failed": Kind.COUNT,
    "batches.*.running": Kind.COUNT,
    "batches.*.order": Kind.COUNT,
    "quota.used": Kind.COUNT,
    "quota.limit": Kind.COUNT,
    "quota.resets": Kind.MOMENT,
}
_SOMETIMES: Mapping[str, Kind] = {
    "office.name": Kind.TEXT,
    "office.finished": Kind.MOMENT,
    "office.more": Kind.COUNT,
    "desks.*.execution": Kind.ID,
    "desks.*.task": Kind.ID,
    "desks.*.batch": Kind.ID,
    "desks.*.title": Kind.TEXT,
    "desks.*.note": Kind.TEXT,
    "desks.*.attempt": Kind.COUNTS,
    "desks.*.progress": Kind.PROGRESS,
    "desks.*.until": Kind.MOMENT,
    "desks.*.reason": Kind.WORD,
    "desks.*.place": Kind.WORD,
    "desks.*.path": Kind.PATH,
    "overflow.shown.*.title": Kind.TEXT,
    "queue.perhour": Kind.COUNT,
    "queue.pace": Kind.PACE,
    "queue.eta": Kind.MOMENTS,
    "queue.blocked": Kind.WORD,
    "queue.until": Kind.MOMENT,
    "batches.*.name": Kind.TEXT,
    "batches.*.eta": Kind.MOMENTS,
}
FIELDS: Mapping[str, Field] = MappingProxyType(
    {path: Field(kind, True) for path, kind in _ALWAYS.items()}
    | {path: Field(kind, False) for path, kind in _SOMETIMES.items()}
)
"""Every field that can occur, by path; a star stands for a key that is a number or an id."""
