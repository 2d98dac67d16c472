"""An office for pictures that tell of none: people at work, at coffee, asleep, as it might be on any morning."""

from typing import Any

from simulation.desk import WORKERS

SCENERY_MS = 1_789_985_400_000
"""The moment at which it is drawn: ten past ten."""
_SINCE_MS = 9_400
_CHEERS_MS = 900
"""Somebody who is done stands and cheers so long after."""
_ACTIVITIES = (
    "working",
    "working",
    "working",
    "done",
    "working",
    "idle",
    "working",
    "working",
    "working",
    "idle",
)
_BATCHES = (0, 1, 2, 0, 1, 0, 2, 0, 1, 0)
_PLACES = {5: "coffee-1", 9: "couch-1"}


def _desk(number: int) -> dict[str, Any]:
    desk: dict[str, Any] = {
        "worker": WORKERS[number],
        "activity": _ACTIVITIES[number],
        "since": SCENERY_MS - (_CHEERS_MS if _ACTIVITIES[number] == "done" else _SINCE_MS + 700 * number),
    }
    if number in _PLACES:
        return desk | {"place": _PLACES[number]}
    return desk | {"batch": str(_BATCHES[number])}


def _batch(order: int) -> dict[str, Any]:
    return {"state": "running", "total": 60, "done": 20, "failed": 0, "running": 3, "order": order}


SCENERY: dict[str, Any] = {
    "office": {"running": 7},
    "desks": {str(number): _desk(number) for number in range(len(WORKERS))},
    "overflow": {"count": 0, "shown": {}},
    "queue": {"waiting": 40},
    "batches": {str(order): _batch(order) for order in range(3)},
}
"""A state that only the painter sees."""
