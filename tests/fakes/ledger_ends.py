"""The rules of ends: what an end makes of its task, and when failures that are alike pause their batch."""

from tests.fakes.ledger_things import Batch, Said, Task

LOSSES_MAX = 3
STREAK_MAX = 10


def end(batch: Batch, task: Task, said: Said, now_ms: int, *, blameless: bool) -> None:
    """Record an end; the moment of the next attempt is the scheduler's to draw."""
    task.ran[-1] = (*task.ran[-1][:2], said.state)
    if said.state in {"done", "failed"}:
        batch.durations.append(min(now_ms - task.began_ms, batch.timeout_ms))
    task.reason, task.state = None, said.state
    if said.put_back or said.halts:
        task.attempt -= 1  # as if it had never been tried
        task.state = "cancelled" if task.asked else "waiting"
    elif said.state == "lost":
        _lose(task, blameless=blameless)
    elif said.state == "failed" and said.retryable and task.attempt < batch.attempts:
        task.state = "cancelled" if task.asked else "waiting"
        task.ready_ms = None if task.asked else -1
    if not task.excused:
        _halt(batch, said)
    task.asked, task.turn_ms, task.excused = False, None, False


def _lose(task: Task, *, blameless: bool) -> None:
    """It was not the task's doing: no attempt is counted, but the third time is the last."""
    task.attempt -= 1
    task.losses += not blameless
    if task.asked:
        task.state = "cancelled"
    elif task.losses >= LOSSES_MAX:
        task.state, task.reason = "failed", "lost"
    else:
        task.state = "waiting"


def _halt(batch: Batch, said: Said) -> None:
    """Pause what cannot do better, and what has failed alike ten times in a row, if anything is left to be held back."""
    reason = said.message if said.halts else _alike(batch, said)
    if reason is not None and batch.count("waiting") and not batch.paused and not batch.cancelling:
        batch.paused, batch.reason = True, reason


def _alike(batch: Batch, said: Said) -> str | None:
    """Failures are alike if they have the same reason and the same message, but for words that hold digits."""
    if said.state == "done":
        batch.streak.clear()
    if said.state != "failed" or said.halts:
        return None
    words = ["" if any(sign.isdigit() for sign in word) else word for word in said.message.split()]
    likeness = said.reason, " ".join(words)
    if batch.streak and batch.streak[-1] != likeness:
        batch.streak.clear()
    batch.streak.append(likeness)
    count = len(batch.streak)
    return None if count < STREAK_MAX else f"{count} equal failures in a row: {said.message or said.reason}"
