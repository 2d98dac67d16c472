"""States of an office as the socket carries them, to be painted."""

from typing import Any

from simulation.desk import WORKERS

NOW = 1_790_000_000_000
ACTIVITIES = (
    "working",
    "working",
    "waiting",
    "done",
    "working",
    "off",
    "working",
    "failed",
    "working",
    "idle",
)
TITLES = (
    "Acme Optics",
    "Birch & Sons",
    "Cobalt Foods",
    "Dune Textiles",
    "Emerald Rail",
    "Nordlicht Optik",
    "Quill & Co",
    "Vela Marine",
    "Orchid Health",
    "Pine Robotics",
)


def desk(number: int, activity: str, title: str) -> dict[str, Any]:
    state: dict[str, Any] = {
        "worker": WORKERS[number],
        "activity": activity,
        "since": NOW - (900 if activity == "done" else 1500 + number * 1000),
    }
    if activity in {"working", "waiting", "done", "failed"}:
        state |= {"batch": f"batch{number % 3}", "title": title, "task": "task01", "execution": "exec01"}
    if activity == "working":
        state["progress"] = [NOW - 20_000, 100 + number * 50, 60_000, number % 2]
    if activity == "waiting":
        state["until"] = NOW + 42_000
    if activity == "failed":
        state["reason"] = "timeout"
    return state


def busy(activities: tuple[str, ...] = ACTIVITIES, over: int = 27) -> dict[str, Any]:
    """Ten desks at once, three batches, and some upstairs."""
    names = ("Company research", "Fix flaky tests", "Summarise interviews")
    batches = {
        f"batch{order}": {
            "name": name,
            "state": "running",
            "total": 60,
            "done": 24 - order * 9,
            "failed": 2 - order,
            "running": 3,
            "order": order,
        }
        for order, name in enumerate(names)
    }
    return {
        "office": {"id": "office1", "name": "Your office", "tier": "pro", "slots": 37, "running": 8 + over},
        "desks": {str(n): desk(n, activity, TITLES[n]) for n, activity in enumerate(activities)},
        "overflow": {"count": over, "shown": {}},
        "queue": {"waiting": 52, "perhour": 186, "eta": [NOW + 1_800_000, NOW + 2_400_000]},
        "batches": batches,
        "quota": {"used": 120, "limit": 5000, "resets": NOW + 864_000_000},
    }


def empty() -> dict[str, Any]:
    """Nothing was ever given to this office."""
    return {
        "office": {"id": "office1", "tier": "free", "slots": 1, "running": 0},
        "desks": {str(n): desk(n, "idle" if n == 0 else "off", "") for n in range(10)},
        "overflow": {"count": 0, "shown": {}},
        "queue": {"waiting": 0},
        "batches": {},
    }
