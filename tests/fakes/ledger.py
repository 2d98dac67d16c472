"""The rules of the queue once more, in plain Python and from product.md alone: what a scheduler must make of each event.

Nothing here is shared with the scheduler. It thinks of one office, batch and task after another, as slowly as that may
be; what it says after each event is compared with the rows.
"""

from tests.fakes import ledger_ends
from tests.fakes.ledger_things import Ask, Batch, Office, Plan, Said, Task, month_of, turn_of_month_ms

LEASE_MS = 60_000
HOLD_MS = 10_000  # so long a slot is held for a turn at a provider's key
REFUSAL_MS_MAX = 120_000
SPOKEN = {1_200_000: "20 min", 90_000: "1 min 30 s"}
End = tuple[Batch, Task, Said]


class Ledger:
    """What must be true. Each event changes it and is followed by `admit`, as each is by a cycle."""

    def __init__(
        self, plans: dict[str, Plan], offices: list[Office], *, running_max: int, enforced: bool, now_ms: int
    ) -> None:
        self.plans = plans
        self.offices = {office.id: office for office in offices}
        self.running_max = running_max
        self.enforced = enforced
        self.now_ms = now_ms
        self._lap = 0

    def office_of(self, batch: Batch) -> Office:
        return next(office for office in self.offices.values() if batch in office.batches)

    def batches(self) -> list[Batch]:
        return [batch for office in self.offices.values() for batch in office.batches]

    def tasks(self) -> list[tuple[Batch, Task]]:
        return [(batch, task) for batch in self.batches() for task in batch.tasks]

    def running(self, *, pulled: bool) -> list[tuple[Batch, Task]]:
        """What is carried out by a runner of the server's, or by one of the user's own."""
        return [
            (batch, task)
            for batch, task in self.tasks()
            if task.state == "running" and batch.pulled == pulled
        ]

    def slots(self, office: Office) -> int:
        return self.plans[office.plan].slots if office.own_slots is None else office.own_slots

    def quota_out(self, office: Office) -> bool:
        plan = self.plans[office.plan]
        return self.enforced and not plan.soft and office.used.get(month_of(self.now_ms), 0) >= plan.quota

    # What people do.

    def submit(self, office: Office, batch: Batch, tasks: list[str]) -> None:
        office.turn += 1
        batch.turn = office.turn
        batch.tasks = [Task(id=task, position=position) for position, task in enumerate(tasks)]
        office.batches.append(batch)
        self.admit()

    def pause(self, batch: Batch) -> None:
        batch.paused = True
        self.admit()

    def resume(self, batch: Batch) -> None:
        batch.paused = False
        batch.streak.clear()
        for task in batch.tasks:
            task.excused = task.state == "running"
        self.admit()

    def cancel(self, batch: Batch) -> None:
        batch.cancelling = True
        for task in batch.tasks:
            self._cancel(task)
        self.admit()

    def cancel_task(self, task: Task) -> None:
        self._cancel(task)
        self.admit()

    def retry(self, batch: Batch, tasks: list[Task]) -> None:
        batch.cancelling = False
        for task in tasks:
            task.state, task.attempt, task.losses, task.reason = "waiting", 0, 0, None
        self.admit()

    def patch(self, batch: Batch, priority: int | None, cap: int | None) -> None:
        batch.priority = batch.priority if priority is None else priority
        batch.cap = batch.cap if cap is None else cap or None
        self.admit()

    def change_plan(self, office: Office, plan: str) -> None:
        office.plan = plan
        self.admit()

    # What the user's own runners do.

    def ask(self, office: Office, batch: str | None, most: int, wait_ms: int) -> Ask:
        """Ask for work: whoever does not wait is answered by what is there now."""
        ask = Ask(batch=batch, left=most, until_ms=self.now_ms + wait_ms)
        office.asks.append(ask)
        self.admit()
        return ask

    def leave(self, office: Office, ask: Ask) -> None:
        """Whoever asked waits no longer."""
        office.asks.remove(ask)

    def heartbeat(self, task: Task) -> None:
        task.lease_ms = self.now_ms + LEASE_MS

    # What providers' limits do.

    def reserve(self, batch: Batch, task: Task, key: str) -> int | None:
        """A body asks for its turn: how long it waits for it; None: for too long, it is to be put back."""
        office = self.office_of(batch)
        moment_ms = max(self.now_ms, office.refused.get(key, 0))
        if task.turn_ms is not None:
            moment_ms = max(moment_ms, task.turn_ms)
        batch.key, task.turn_ms = key, None
        wait_ms = moment_ms - self.now_ms
        return wait_ms if wait_ms <= HOLD_MS else None

    def refuse(self, batch: Batch, key: str, retry_ms: int | None) -> None:
        """A provider has answered, and perhaps wants to hear nothing for so long: then nothing of this key starts."""
        office = self.office_of(batch)
        batch.key = key
        if retry_ms is not None:
            until_ms = self.now_ms + min(retry_ms, REFUSAL_MS_MAX)
            office.refused[key] = max(until_ms, office.refused.get(key, 0))
        if office.refused.get(key, 0) - self.now_ms > HOLD_MS:
            office.shut[key] = office.refused[key]
        self.admit()

    # What happens.

    def end(self, ends: list[End], *, blameless: bool = False, admit: bool = True) -> None:
        """Several executions end in one moment."""
        for batch, task, said in ends:
            ledger_ends.end(batch, task, said, self.now_ms, blameless=blameless)
        if admit:
            self.admit()

    def stopped(self) -> None:
        """It stopped in order: what it put back stands in line in the rows."""
        self._follow()

    def next_moment_ms(self, until_ms: int) -> int:
        """When something changes by itself, at the latest at `until_ms`."""
        moments = [turn_of_month_ms(self.now_ms), until_ms]
        moments += [task.ready_ms for _, task in self.tasks() if task.ready_ms is not None]
        for batch, task in self.running(pulled=True):
            moments += [task.lease_ms, task.began_ms + batch.timeout_ms]
        for office in self.offices.values():
            moments += [*office.shut.values(), *(ask.until_ms for ask in office.asks)]
        return min(moment_ms for moment_ms in moments if moment_ms > self.now_ms)

    def moment_came(self) -> None:
        """Leases are over, keys open, backoffs end, a month turns, whoever asked gives up: whatever is due now."""
        self.end([end for found in self.running(pulled=True) if (end := self._over(*found)) is not None])
        for office in self.offices.values():
            for key in [key for key, moment_ms in office.shut.items() if moment_ms <= self.now_ms]:
                del office.shut[key]
                self.admit()
            office.asks = [ask for ask in office.asks if ask.until_ms > self.now_ms]

    def restarted(self) -> None:
        """What is known in memory alone is gone; whoever carries out pulled work has a whole lease again."""
        self._lap = 0
        for office in self.offices.values():
            office.lap = 0
            for known in (office.asks, office.refused, office.shut):
                known.clear()
        for batch, task in self.tasks():
            batch.key = None
            batch.streak.clear()
            task.lease_ms, task.excused = self.now_ms + LEASE_MS, False

    def admit(self) -> None:
        """Give out what can be given out, and set what follows."""
        self._admit()
        self._follow()

    # What follows.

    def _over(self, batch: Batch, task: Task) -> End | None:
        """The end of pulled work that takes too long, or that nobody has been heard of."""
        if self.now_ms >= task.began_ms + batch.timeout_ms:
            said = f"took longer than {SPOKEN[batch.timeout_ms]}"
            return batch, task, Said(state="failed", reason="timeout", message=said)
        return (batch, task, Said(state="lost")) if self.now_ms >= task.lease_ms else None

    def _follow(self) -> None:
        for batch in self.batches():
            if batch.over:
                batch.ended_ms = self.now_ms if batch.ended_ms is None else batch.ended_ms
                batch.paused = False
            else:
                batch.ended_ms = None
            if batch.cancelling:
                batch.paused = False
            if not batch.paused:
                batch.reason = None

    def _admit(self) -> None:
        while self._total() < self.running_max and (office := self._next_office()) is not None:
            batch = min(self._startable(office), key=lambda it: (it.running / it.priority, it.turn, it.id))
            self._start(office, batch)
        for office in self.offices.values():  # each request is answered once, as soon as there is anything
            office.asks = [ask for ask in office.asks if not ask.got and ask.until_ms > self.now_ms]

    def state(self, batch: Batch) -> str:
        if batch.over:
            cancelled = batch.count("cancelled") and (
                batch.cancelling or not batch.count("done") + batch.count("failed")
            )
            return "cancelled" if cancelled else "done"
        if batch.paused:
            return "paused"
        if batch.running:
            return "running"
        return "queued" if self.blocked(batch) is None else "waiting"

    def blocked(self, batch: Batch) -> tuple[str, int] | None:
        """What holds its waiting tasks back, and until when."""
        office = self.office_of(batch)
        if batch.paused or not batch.count("waiting"):
            return None
        if self.quota_out(office):
            return "quota", turn_of_month_ms(self.now_ms)
        return ("ratelimit", office.shut[batch.key]) if batch.key in office.shut else None

    def queue_blocked(self, office: Office) -> tuple[str, int | None] | None:
        """Why nothing starts although work waits; that others take the machine's room is left out."""
        waiting = [batch for batch in office.batches if batch.count("waiting")]
        held = [batch for batch in waiting if not batch.paused]
        if not held:
            return ("paused", None) if waiting else None
        if self.quota_out(office):
            return "quota", turn_of_month_ms(self.now_ms)
        limits = [self.blocked(batch) for batch in held]
        if None not in limits:
            return "ratelimit", min(until_ms for limit in limits if limit for until_ms in limit[1:])
        unasked = not office.running and all(batch.pulled for batch in held)
        return ("capacity", None) if unasked else None

    def _total(self) -> int:
        return sum(office.running for office in self.offices.values())

    def _next_office(self) -> Office | None:
        able = [it for it in self.offices.values() if it.running < self.slots(it) and self._startable(it)]
        return min(
            able, key=lambda it: (it.running / self.plans[it.plan].weight, it.lap, it.id), default=None
        )

    def _startable(self, office: Office) -> list[Batch]:
        return [batch for batch in office.batches if self._next_task(office, batch) is not None]

    def _next_task(self, office: Office, batch: Batch) -> Task | None:
        if batch.paused or batch.cancelling or (batch.cap is not None and batch.running >= batch.cap):
            return None
        if batch.key in office.shut or (batch.pulled and not self._asking(office, batch)):
            return None
        ready = [
            task
            for task in batch.tasks
            if task.state == "waiting" and (task.ready_ms is None or 0 <= task.ready_ms <= self.now_ms)
        ]
        if self.quota_out(office):
            ready = [task for task in ready if task.counted]  # it costs nothing to try again
        return min(ready, key=lambda task: task.position, default=None)

    def _asking(self, office: Office, batch: Batch) -> list[Ask]:
        return [ask for ask in office.asks if ask.wants(batch)]

    def _start(self, office: Office, batch: Batch) -> None:
        task = self._next_task(office, batch)
        assert task is not None
        self._lap += 1
        office.lap = self._lap
        office.turn += 1
        batch.turn = office.turn
        if not task.counted:
            task.counted = True
            month = month_of(self.now_ms)
            office.used[month] = office.used.get(month, 0) + 1
        task.state, task.ready_ms, task.began_ms, task.asked = "running", None, self.now_ms, False
        task.attempt += 1
        task.fence += 1
        task.ran.append((task.fence, task.attempt, "running"))
        if batch.started_ms is None:
            batch.started_ms = self.now_ms
        if batch.key is not None:
            task.turn_ms = max(self.now_ms, office.refused.get(batch.key, 0))
        if batch.pulled:
            ask = self._asking(office, batch)[0]
            ask.left -= 1
            ask.got.append((task, task.fence))
            task.lease_ms = self.now_ms + LEASE_MS

    def _cancel(self, task: Task) -> None:
        if task.state == "waiting":
            task.state, task.ready_ms = "cancelled", None
        elif task.state == "running":
            task.asked = True
