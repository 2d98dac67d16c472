"""What must hold of an office in rest, when the store has answered: rows, memory, bodies and desks say the same."""

from collections.abc import Sequence
from typing import Any

from server.house import House
from tests.seeded.inside import inbox_is_empty, known_office, quota_is_out
from tests.seeded.lives import Lives
from tests.seeded.spectator import Spectator
from tests.seeded.truth import require

LOOK_MS = 61_000
"""The wall clock may be set: within a minute everything due by it is noticed."""
RUNNING = """
SELECT e.id, b.kind FROM executions AS e JOIN batches AS b ON b.id = e.batch
WHERE e.office = ? AND e.state = 'running' ORDER BY e.id
"""
FIGURES = "SELECT id, state, total, done, failed, running FROM batches WHERE office = ?"
LIMITED = "SELECT id, until_ms FROM batches WHERE office = ? AND blocked = 'ratelimit'"
IDLE = """
SELECT b.id FROM batches AS b
WHERE b.office = :office AND b.state IN ('queued', 'running', 'waiting') AND NOT b.cancelling
  AND (b.slots IS NULL OR b.running < b.slots) AND b.blocked IS NOT 'ratelimit' AND (b.kind <> 'external' OR :asked)
  AND EXISTS (SELECT 1 FROM tasks AS t WHERE t.batch = b.id AND t.state = 'waiting' AND t.ready_ms IS NULL)
"""


def check_office(
    lives: Lives, house: House, spectators: Sequence[Spectator], office: str, jumped_ms: int
) -> None:
    """Raise BrokenError; `jumped_ms` is when the wall clock was set last, on the monotonic one."""
    rows = lives.rows.execute(RUNNING, (office,)).fetchall()
    running = [id_ for id_, _ in rows]
    known = known_office(house.scheduler, office)
    if known is not None:
        require(
            sorted(known.executions) == running, office, "index", sorted(known.executions), "rows", running
        )
        require(known.ledger.running == len(running), office, "runs", len(running), "counted", known.ledger)
    if known is not None:
        for id_, until_ms in lives.rows.execute(LIMITED, (office,)):
            require(
                until_ms in known.shut.values(), "batch", id_, "waits until", until_ms, "shut:", known.shut
            )
    bodies = sorted(work.execution for work in lives.witness.living.values() if work.office == office)
    scripted = [id_ for id_, kind in rows if kind == "scripted"]
    require(bodies == scripted, office, "bodies", bodies, "rows", scripted)
    for spectator in spectators:
        if spectator.office == office and spectator.reading and inbox_is_empty(house.ticker, office):
            _check_shown(lives, office, spectator.state, len(running))
    if lives.clock.monotonic_ms() - jumped_ms > LOOK_MS:
        _check_nothing_lies_idle(lives, house, office, len(running))


def _check_shown(lives: Lives, office: str, state: Any, running: int) -> None:
    seated = sum(desk["activity"] in {"working", "waiting"} for desk in state["desks"].values())
    shown = (state["office"]["running"], seated, state["overflow"]["count"])
    require(
        shown == (running, min(10, running), max(0, running - 10)), office, "shows", shown, "runs", running
    )
    figures = {id_: tuple(rest) for id_, *rest in lives.rows.execute(FIGURES, (office,))}
    for id_, batch in state["batches"].items():
        told = tuple(batch[name] for name in ("state", "total", "done", "failed", "running"))
        require(told == figures[id_], office, "batch", id_, "shown as", told, "rows", figures[id_])


def _check_nothing_lies_idle(lives: Lives, house: House, office: str, running: int) -> None:
    """With a slot free, room on the machine and quota left, nothing waits that could start."""
    known = known_office(house.scheduler, office)
    (total,) = lives.rows.execute("SELECT count(*) FROM executions WHERE state = 'running'").fetchone()
    if known is None or running >= known.slots or total >= lives.settings.running_max:
        return
    if not quota_is_out(house.scheduler, known):
        asked = any(pull.batch is None for pull in known.pulls)
        idle = lives.rows.execute(IDLE, {"office": office, "asked": asked}).fetchall()
        require(not idle, office, "has free slots, and these wait:", idle)
