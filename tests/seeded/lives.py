"""A server's lives over one store: opened as server/app.py composes it, stopped in order, or gone from one moment to the next."""

import asyncio
import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import structlog

import server.app
import server.house
from server.app import open_house
from server.house import House
from server.kinds.catalogue import catalogue
from server.settings import QuotaMode, Settings
from server.store.ids import Ids
from server.store.migrations import upgrade
from server.store.usage import month_of
from tests.fakes.clock import START_MS, FakeClock
from tests.fakes.inline import Driver, InlineConnection, QuietLoop
from tests.seeded.bodies import ScriptedKind, Witness
from tests.seeded.faults import MARK, Faults
from tests.seeded.truth import GUARDS, Truth

ACCOUNTS = 3
USED_BEFORE = {"free": 45, "starter": 480, "pro": 4_960, "enterprise": 49_990}
ALLOWED = {"a kind failed unexpectedly"}
DEATHS_MAX = 20


def by_birth(task: "asyncio.Task[object]") -> tuple[int, str]:
    """Sort tasks in the order in which they were made: their names are counted."""
    return len(task.get_name()), task.get_name()


class KilledError(Exception):
    """The process is gone."""


def template(folder: Path) -> Path:
    """Make an empty store once, at its newest revision, with the guards in it."""
    path = folder / "template.sqlite3"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{path}"))
    with sqlite3.connect(path) as rows:
        rows.executescript(GUARDS)
    rows.close()
    return path


class Lives:
    """One store and the server's lives over it. `house` is the present one, None while there is none."""

    def __init__(
        self, seed: str, folder: Path, empty: Path, *, in_memory: bool, process: type[InlineConnection]
    ) -> None:
        self.chance = random.Random(seed)
        self.house: House | None = None
        self.wall_ms = START_MS + self.chance.choice((0, 12 * 86_400_000 + 40 * 3_600_000 // 4))
        self.clock = FakeClock(self.wall_ms)
        self.said: list[dict[str, Any]] = []
        self._folder = folder
        self._process = process
        self._opened: AbstractAsyncContextManager[House] | None = None
        url = f"file:/{seed}?vfs=memdb" if in_memory else f"file:{folder / 'store.sqlite3'}"
        if not in_memory:
            shutil.copyfile(empty, folder / "store.sqlite3")
        self.rows = sqlite3.connect(f"{url}&uri=true" if in_memory else url, uri=True, isolation_level=None)
        if in_memory:
            with sqlite3.connect(empty) as source:
                source.backup(self.rows)
            source.close()
        self.settings = Settings(
            data=folder, quota=self.chance.choice((QuotaMode.ENFORCE, QuotaMode.ENFORCE, QuotaMode.SHOW)),
            running_max=self.chance.choice((2, 6, 40)),
            database_url=f"sqlite+aiosqlite:///{url}&uri=true" if in_memory else f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}",
        )  # fmt: skip
        before = self._populate()
        self.truth = Truth(
            self.rows, before, running_max=self.settings.running_max, enforced=self.settings.quota_enforced
        )
        self.witness = Witness(seed, self.truth.admitted)
        self.faults = Faults(random.Random(f"{seed}:faults"), self.truth.look)
        self._process.driver = Driver(self.faults)

    def _populate(self) -> dict[str, int]:
        before = {}
        for number in range(1, ACCOUNTS + 1):
            tier = self.chance.choice(tuple(USED_BEFORE))
            own = self.chance.choice((None, None, 2))
            before[f"a{number}"] = self.chance.choice((0, USED_BEFORE[tier]))
            self.rows.execute(
                "INSERT INTO accounts (id, name, tier, slots, created_ms) VALUES (?, 'Ann', ?, ?, ?)",
                (f"a{number}", tier, own, number),
            )
            self.rows.execute(
                "INSERT INTO offices (id, account, name, created_ms) VALUES (?, ?, 'Office', 0)",
                (f"o{number}", f"a{number}"),
            )
            self.rows.execute(
                "INSERT INTO usage (account, month, used) VALUES (?, ?, ?)",
                (f"a{number}", month_of(self.wall_ms), before[f"a{number}"]),
            )
        return before

    async def begin(self) -> None:
        """Start a process. Raises what the start raises; there is none then."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, QuietLoop)
        self._process.driver = Driver(self.faults)
        self.clock = FakeClock(self.wall_ms, settle=loop.quiet)
        opened = open_house(self.settings, self.clock, port=0)
        self.house = await opened.__aenter__()
        self._opened = opened

    async def die(self) -> None:
        """Drop everything in memory, at this very moment. What is left is the store."""
        said = len(self.said)
        self._process.driver.kill()
        self.witness.died()
        for _ in range(DEATHS_MAX):
            others = asyncio.all_tasks() - {asyncio.current_task()}
            if not others:
                break
            for task in sorted(others, key=by_birth):  # a set has no order that repeats
                task.cancel()
            for _ in range(
                20
            ):  # one that turns its cancellation into an error of the dead store is asked again
                await asyncio.sleep(0)
        if self._opened is not None:
            with suppress(KilledError):
                await self._opened.__aexit__(KilledError, KilledError(), None)
        self.house = self._opened = None
        del self.said[said:]  # a dead process says nothing
        self.wall_ms = self.clock.now_ms()

    async def stop(self, grace_ms: int) -> None:
        """Stop in order, with the clock going on meanwhile."""
        assert self.house is not None
        assert self._opened is not None
        stopping = asyncio.ensure_future(self.house.stop(grace_ms))
        for _ in range(200):
            await self.clock.advance(500)
            if stopping.done():
                break
        try:
            await stopping
        finally:
            opened, self._opened = self._opened, None
            await opened.__aexit__(None, None, None)
            await self.die()

    def errors(self) -> list[str]:
        """What was logged as an error and was not ours."""
        return [
            str(entry)
            for entry in self.said
            if entry["level"] in {"error", "critical"} and not expected(entry)
        ]


def expected(entry: dict[str, Any]) -> bool:
    """Whether an error that was logged is the doing of an injected one."""
    return entry["event"] in ALLOWED or MARK in str(entry) or "the process is dead" in str(entry)


@contextmanager
def composed(lives_of: list[Lives]) -> Iterator[None]:
    """Give server/app.py a kind that does what it is told and ids that repeat; there are no processes to look for."""

    async def nothing(*_given: object) -> None:
        """No body here is a process."""

    async def yes(_url: str) -> bool:
        return True

    def drawn_ids(clock: Any) -> Ids:
        return Ids(clock, start=lives_of[-1].chance.randrange)

    def with_script(settings: Settings, *_given: object) -> dict[str, Any]:
        return {**catalogue(settings), ScriptedKind.name: ScriptedKind(lives_of[-1].witness)}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server.app, "end_leftovers", nothing)
        patch.setattr(server.app, "at_head", yes)
        patch.setattr(server.house, "Ids", drawn_ids)
        patch.setattr(server.house, "catalogue", with_script)
        yield


@contextmanager
def heard(said: list[dict[str, Any]]) -> Iterator[None]:
    """Keep what is logged, with the exception that it was about."""

    def keep(_logger: Any, level: str, entry: Any) -> Any:
        if entry.get("exc_info"):
            entry["exception"] = repr(sys.exc_info()[1])
        said.append({**entry, "level": "error" if level == "exception" else level})
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[keep], cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)
