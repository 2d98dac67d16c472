"""One history: what people do, what fails and what the clock does, all drawn from a seed, and what must hold all along."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from server.errors import TenDesksError
from server.house import House
from server.model import NewBatch, NewTask, View
from tests.fakes.inline import Gate, inline, quiet_loop
from tests.seeded.faults import MARK, Mood
from tests.seeded.inside import in_step
from tests.seeded.lives import ACCOUNTS, Lives, composed, heard
from tests.seeded.outside import Outside
from tests.seeded.rest import check_office
from tests.seeded.spectator import Spectator
from tests.seeded.truth import require

STEPS = (15, 60)
Action = tuple[str, Callable[[], Awaitable[Any]]]
TIERS = ("free", "starter", "pro", "enterprise")
HOUR_MS = 3_600_000
MONTH_MS = 31 * 24 * HOUR_MS
ENDING_ROUNDS = 400


def play(seed: int, folder: Path, empty: Path) -> list[str]:
    """Play a history and return its diary. Raises AssertionError with the diary where something does not hold."""
    folder.mkdir()
    in_memory = seed % 4 != 0
    with quiet_loop() as loop, inline(Gate()) as process:
        lives = Lives(f"seed{seed}", folder, empty, in_memory=in_memory, process=process)
        history = History(lives)
        try:
            with heard(lives.said), composed([lives]):
                loop.run_until_complete(history.unfold())
        except Exception as error:
            history.diary.append(f"{type(error).__name__}: {error}")
            raise AssertionError(
                "\n".join(
                    [f"seed {seed}", *[line for line in history.diary if " 30000 ms pass" not in line][-60:]]
                )
            ) from error
        finally:
            loop.run_until_complete(lives.die())
            lives.rows.close()
    return history.diary


class History:
    """Draws and does one thing after another."""

    def __init__(self, lives: Lives) -> None:
        self.lives = lives
        self.chance = random.Random(lives.chance.random())
        self.diary: list[str] = []
        self.accepted: dict[str, int] = {}
        self.spectators: list[Spectator] = []
        self.outside = Outside(random.Random(lives.chance.random()), lives.rows, self.note)
        self.jumped_ms = 0

    async def unfold(self) -> None:
        """All of it: a beginning, some steps, and an end in which nothing fails any more."""
        await self._begin()
        for _ in range(self.chance.randint(*STEPS)):
            await self._step()
            for _ in range(self.chance.choice((0, 0, 1, 2))):
                self.outside.act(self.house.scheduler, ACCOUNTS)
            await self._settle()
        await self._end()

    @property
    def house(self) -> House:
        assert self.lives.house is not None
        return self.lives.house

    def note(self, text: str) -> None:
        self.diary.append(f"{self.lives.clock.now_ms()} {text}")

    # Steps.

    async def _step(self) -> None:
        draw = self.chance.random()
        if draw < 0.45:
            await self._people_do_things()
        elif draw < 0.75:
            await self._time_passes(self.chance.choice((50, 400, 1_100, 3_000, 20_000)))
        elif draw < 0.80:
            await self._time_passes(self.chance.choice((61_000, 180_000)))
        elif draw < 0.84:
            self._clock_jumps()
        elif draw < 0.91:
            self.lives.faults.mood = self.chance.choice(
                (Mood.CALM, Mood.FLAKY, Mood.LOST, Mood.LOST, Mood.FULL)
            )
            self.note(f"mood {self.lives.faults.mood}")
        elif draw < 0.94:
            await self._crash(asyncio.ensure_future(self._people_do_things()))
        elif draw < 0.96:
            await self._crash(asyncio.ensure_future(self.lives.clock.advance(3_000)))
        elif draw < 0.97:
            await self._stop()
        else:
            await self._spectate()

    async def _people_do_things(self) -> None:
        """One to three at once; now and then somebody goes away before the answer."""
        doing = [
            asyncio.ensure_future(self._try(*self._draw_action()))
            for _ in range(self.chance.choice((1, 1, 2, 3)))
        ]
        if self.chance.random() < 0.15:
            for _ in range(self.chance.randint(0, 25)):
                await asyncio.sleep(0)
            self.note("somebody goes away")
            doing[0].cancel()
        await asyncio.wait(doing)
        for task in doing:
            if not task.cancelled():
                task.result()

    async def _try(self, name: str, call: Callable[[], Awaitable[Any]]) -> None:
        try:
            await call()
        except TenDesksError as error:
            self.note(f"{name}: {error.code}")
            require(error.code not in {"not_found", "internal"}, name, repr(error))
        except asyncio.CancelledError:
            self.note(f"{name}: given up")
            raise
        except Exception as error:  # noqa: BLE001 - whatever was injected comes through somehow
            gone = "process is dead" in str(error) or "no active connection" in str(error)
            require(gone or MARK in str(error), name, repr(error))
            self.note(f"{name}: {type(error).__name__}")
        else:
            self.note(f"{name}: ok")

    def _draw_action(self) -> Action:  # noqa: PLR0911 - a table of what people do
        scheduler = self.house.scheduler
        batches = self._select("SELECT id, office FROM batches WHERE state <> 'arriving' ORDER BY id")
        draw = self.chance.random()
        if not batches or draw < 0.25:
            return self._draw_submit()
        batch, office = self.chance.choice(batches)
        if draw < 0.45:
            tasks = self._select("SELECT id FROM tasks WHERE batch = ? ORDER BY position", batch)
            (task,) = self.chance.choice(tasks)
            if draw < 0.36:
                return f"cancel task {task}", partial(scheduler.cancel_task, office, task)
            return f"retry task {task}", partial(scheduler.retry_task, office, task)
        if draw < 0.55:
            number, tier = self.chance.randint(1, ACCOUNTS), self.chance.choice(TIERS)
            return f"tier a{number} {tier}", partial(scheduler.change_tier, f"a{number}", tier)
        if draw < 0.70:
            priority, cap = self.chance.choice((None, 1, 2, 4)), self.chance.choice((None, 0, 1, 4))
            return f"patch {batch} {priority} {cap}", partial(
                scheduler.patch, office, batch, priority=priority, slots=cap
            )
        if draw < 0.75:
            return f"rename {office}", partial(
                scheduler.rename_office, office, self.chance.choice(("Acme", "Nadir"))
            )
        name = self.chance.choice(("pause", "resume", "resume", "cancel", "cancel", "retry"))
        return f"{name} {batch}", partial(getattr(scheduler, name), office, batch)

    def _draw_submit(self) -> Action:
        office, count = f"o{self.chance.randint(1, ACCOUNTS)}", self.chance.choice((1, 2, 5, 12, 30))
        new = NewBatch(
            name="List", kind=self.chance.choice(("scripted", "scripted", "scripted", "demo", "external")),
            params={"seconds": [0.1, 9], "fail": 0.1, "way": self.chance.choice(("any", "any", "asks", "alike"))},
            attempts=self.chance.choice((1, 2, 3)),
            timeout_ms=self.chance.choice((1_000, 20_000, 1_200_000)), slots=self.chance.choice((None, None, 1, 3)),
            priority=self.chance.choice((1, 1, 2, 4)),
        )  # fmt: skip
        return f"submit {count} to {office}", partial(
            self._submit, office, new, count, self.chance.choice((3, 100))
        )

    async def _submit(self, office: str, new: NewBatch, count: int, size: int) -> None:
        row = await self.house.scheduler.submit(office, new, chunks(count, size))
        self.accepted[row.id] = count

    async def _time_passes(self, passed_ms: int) -> None:
        self.note(f"{passed_ms} ms pass")
        await self.lives.clock.advance(passed_ms)

    def _clock_jumps(self) -> None:
        by_ms = self.chance.choice((-2 * HOUR_MS, -5_000, 1_500, 2 * HOUR_MS, MONTH_MS, -MONTH_MS))
        self.lives.clock.set_wall(self.lives.clock.now_ms() + by_ms)
        self.jumped_ms = self.lives.clock.monotonic_ms()
        self.note(f"the clock jumps by {by_ms}")

    async def _crash(self, meanwhile: asyncio.Future[None]) -> None:
        """Let something begin, and end the process somewhere within it, or within the start after it."""
        for _ in range(self.chance.choice((0, 3, 10, 25, 60, 150))):
            await asyncio.sleep(0)
        self.note("crash")
        meanwhile.cancel()
        await self.lives.die()
        self.spectators.clear()
        self.outside.died()
        self.lives.wall_ms += self.chance.choice((1, 1_000, 700_000))
        if self.chance.random() < 0.3:
            starting = asyncio.ensure_future(self.lives.begin())
            for _ in range(self.chance.choice((1, 10, 30, 80))):
                await asyncio.sleep(0)
            self.note("crash within the start")
            starting.cancel()
            await self.lives.die()
        await self._begin()

    async def _stop(self) -> None:
        self.note("stop")
        if self.lives.faults.mood is Mood.FULL:
            self.lives.faults.mood = Mood.FLAKY
        try:
            await self.lives.stop(self.chance.choice((0, 1_000)))
        except Exception as error:  # noqa: BLE001 - the store failed; what is left is for the next start
            require(MARK in str(error), "stop:", repr(error))
            self.note("the stop fails")
        self.spectators.clear()
        self.outside.died()
        self.lives.wall_ms += 5_000
        await self._begin()

    async def _begin(self) -> None:
        """Start; whoever watches over a server starts it again when that fails."""
        self.jumped_ms = 0
        for _ in range(20):
            try:
                await self.lives.begin()
            except Exception as error:  # noqa: BLE001 - the same
                require(MARK in str(error), "start:", repr(error))
                self.note("the start fails")
                await self.lives.die()
                self.lives.faults.mood = self.chance.choice((self.lives.faults.mood, Mood.CALM))
            else:
                self.note("begin")
                await loop_of().quiet()
                return
        raise AssertionError("the server does not start")

    async def _spectate(self) -> None:
        if self.spectators and self.chance.random() < 0.5:
            spectator = self.chance.choice(self.spectators)
            if self.chance.random() < 0.5:
                spectator.reading = not spectator.reading
                return
            spectator.leave()
            self.spectators.remove(spectator)
            return
        spectator = Spectator(self.house, f"o{self.chance.randint(1, ACCOUNTS)}", self.chance.choice([*View]))
        self.note(f"somebody looks at {spectator.office} as {spectator.view}")
        try:
            await spectator.enter()
        except Exception as error:  # noqa: BLE001 - the office could not be woken, for the store fails
            require(MARK in str(error), "waking:", repr(error))
            return
        self.spectators.append(spectator)

    # What must hold.

    async def _settle(self) -> None:
        await loop_of().quiet()
        self._nothing_is_amiss()
        for spectator in list(self.spectators):
            if spectator.reading:
                spectator.read()
            if spectator.ended:
                require(not spectator.reading, "a viewer that reads was sent away")
                spectator.leave()
                self.spectators.remove(spectator)
            elif spectator.reading:
                spectator.check()
        for number in range(1, ACCOUNTS + 1):
            if in_step(self.house.scheduler, f"o{number}"):
                check_office(self.lives, self.house, self.spectators, f"o{number}", self.jumped_ms)

    def _nothing_is_amiss(self) -> None:
        lives = self.lives
        require(not lives.faults.surprises, "the store:", lives.faults.surprises)
        require(not lives.witness.amiss, "bodies:", lives.witness.amiss)
        require(not (errors := lives.errors()), "logged:", errors)
        self.outside.heard()
        lives.truth.look_at_tasks()

    async def _end(self) -> None:
        """Nothing fails any more, nobody holds anything back: all comes to an end by itself."""
        self.note("calm from here on")
        lives = self.lives
        lives.faults.mood, lives.witness.tame = Mood.CALM, True
        for spectator in self.spectators:
            spectator.leave()
        self.spectators.clear()
        await self._time_passes(5_000)
        for number in range(1, ACCOUNTS + 1):
            await self.house.scheduler.change_tier(f"a{number}", "enterprise")
        (latest_ms,) = self._select("SELECT max(ready_ms) FROM tasks WHERE state = 'waiting'")[0]
        lives.clock.set_wall(max(lives.clock.now_ms(), latest_ms or 0))
        for _ in range(ENDING_ROUNDS):
            for batch, office in self._select("SELECT id, office FROM batches WHERE state = 'paused'"):
                await self.house.scheduler.resume(office, batch)
            self.outside.serve(self.house.scheduler, ACCOUNTS)
            await self._time_passes(30_000)
            await loop_of().quiet()
            self._nothing_is_amiss()
            if not self._select("SELECT 1 FROM batches WHERE state NOT IN ('done', 'cancelled', 'arriving')"):
                break
        left = self._select(
            "SELECT id, state, waiting, running, blocked FROM batches WHERE ended_ms IS NULL AND state <> 'arriving'"
        )
        require(not left, "not at an end:", left)
        await self._restart_and_compare()

    async def _restart_and_compare(self) -> None:
        await self.lives.stop(0)
        await self._begin()
        self._nothing_is_amiss()
        require(
            not self._select("SELECT id FROM batches WHERE state = 'arriving'"), "an arrival was left over"
        )
        require(not self._select("SELECT id FROM executions WHERE state = 'running'"), "something runs")
        found = dict(self._select("SELECT id, total FROM batches"))
        for batch, count in self.accepted.items():
            require(
                found.get(batch) == count,
                "batch",
                batch,
                "of",
                count,
                "was accepted, rows have",
                found.get(batch),
            )
        self._results_are_of_their_execution()
        require(self._select("PRAGMA integrity_check") == [("ok",)], "the file is damaged")

    def _results_are_of_their_execution(self) -> None:
        for id_, fence, body, kind in self._select(
            "SELECT e.id, e.fence, r.body, b.kind FROM results AS r JOIN executions AS e ON e.id = r.execution "
            "JOIN batches AS b ON b.id = e.batch"
        ):
            require(kind == "demo" or f"{id_}.{fence}" in body.decode(), "result", body, "of", id_, fence)

    def _select(self, statement: str, *values: object) -> list[Any]:
        return self.lives.rows.execute(statement, values).fetchall()


async def chunks(count: int, size: int) -> AsyncIterator[Sequence[NewTask]]:
    tasks = [NewTask(title=f"Task {number}", input=b"{}") for number in range(count)]
    for start in range(0, count, size):
        yield tasks[start : start + size]


def loop_of() -> Any:
    return asyncio.get_running_loop()
