"""One database: a pool that reads, and a single connection that writes, behind a queue in which cycles go first."""

from asyncio import CancelledError, Event, Future, Semaphore, get_running_loop, sleep
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from sqlite3 import Error as SqliteError
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import ResourceClosedError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, StaticPool

from server.store.statements import SHAPES, ScriptedConnection, sqlite_driver

STORE_ERRORS = (SqliteError, SQLAlchemyError, OSError)
"""What a store raises that does not answer, or has no room."""
READERS = 4
BUSY_MS = 10_000
OVERTAKEN_MAX = 8
"""So many cycles in a row go before another write that waits. A house that never rests would else let nobody in."""
SQLITE = {"factory": ScriptedConnection, "cached_statements": SHAPES}


@dataclass(slots=True)
class Transaction:
    """A write under way. What is given to `then` is called after the commit, before the next write begins.

    So an index in memory that is changed there can never be seen to differ from the rows.
    """

    conn: AsyncConnection
    _after: list[Callable[[], None]] = field(default_factory=list)

    def then(self, callback: Callable[[], None]) -> None:
        """Call `callback` once this is committed; it must not await and must not raise."""
        self._after.append(callback)

    def committed(self) -> None:
        """Tell everyone who asked."""
        for callback in self._after:
            callback()


class WriterQueue:
    """A lock: a scheduler's cycle (rank 0) overtakes every other write, though never more than OVERTAKEN_MAX in a row."""

    def __init__(self) -> None:
        self._busy = False
        self._cycles: deque[Future[None]] = deque()
        self._others: deque[Future[None]] = deque()
        self._overtaken = 0

    async def acquire(self, rank: int) -> None:
        """Wait for the turn."""
        if not self._busy:
            self._busy = True
            return
        turn: Future[None] = get_running_loop().create_future()
        (self._others if rank else self._cycles).append(turn)
        try:
            await turn
        except CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Pass the turn on."""
        while self._cycles or self._others:
            turn = self._next()
            if not turn.done():
                turn.set_result(None)
                return
        self._busy = False

    def _next(self) -> Future[None]:
        if self._cycles and (not self._others or self._overtaken < OVERTAKEN_MAX):
            self._overtaken += bool(self._others)
            return self._cycles.popleft()
        self._overtaken = 0
        return self._others.popleft()


class Database:
    """The store's connections. Every write begins IMMEDIATE, so it never fails half way for a lock."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._writer = _engine(url, writes=True)
        self._reader = _engine(url, writes=False)
        self._queue = WriterQueue()
        self._reading = Semaphore(READERS)
        self._readers: list[AsyncConnection] = []  # free ones
        self._closed = False
        self._cycles = 0  # under way or waiting
        self._calm = Event()
        self._kept: AsyncConnection | None = None  # SQLite's one writing connection, once it was asked for

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._writer.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that cannot write; each statement sees a snapshot of its own. Keep it short.

        Connections are kept open between reads: to take one from SQLAlchemy's pool and give it back costs more than
        most statements do. Raises ResourceClosedError once the store is closed.
        """
        async with self._reading:
            self._check_open()
            conn = self._readers.pop() if self._readers else await self._reader.connect()
            try:
                yield conn
            except STORE_ERRORS:
                await _discard(conn)  # whatever is wrong with it, the next one who reads has another
                raise
            finally:
                await self._give_back(conn)

    async def _give_back(self, conn: AsyncConnection) -> None:
        """Keep a reader for the next one, out of any transaction that SQLAlchemy's own statements began."""
        try:
            if conn.in_transaction():
                await conn.rollback()
        except BaseException:
            await _discard(conn)
            raise
        if not conn.invalidated and not conn.closed:
            self._readers.append(conn)

    @asynccontextmanager
    async def write(self, *, first: bool = False) -> AsyncIterator[Transaction]:
        """The one write transaction of this process; commits at the end, rolls back on an exception.

        `first` is for the scheduler's cycles: they overtake whoever waits. Raises ResourceClosedError once the store is
        closed.
        """
        with self._counted(first):
            await self._queue.acquire(0 if first else 1)
            try:
                self._check_open()
                async with self._begun() as conn:
                    transaction = Transaction(conn)
                    yield transaction
                transaction.committed()
            finally:
                self._queue.release()

    async def give_way(self) -> None:
        """Let others have the loop, and the cycle that is under way or waits, if there is one, end.

        For long work that goes on between two awaits of its own, a millisecond or so at a time. SQLite's thread takes
        Python's lock again and again during a cycle, and a loop that never rests lets go of it only every 5 ms.
        """
        await (self._calm.wait() if self._cycles else sleep(0))

    @contextmanager
    def _counted(self, first: bool) -> Iterator[None]:
        self._cycles += first
        if self._cycles:
            self._calm.clear()
        try:
            yield
        finally:
            self._cycles -= first
            if not self._cycles:
                self._calm.set()

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[AsyncConnection]:
        """One transaction. On SQLite without what SQLAlchemy does around one, which costs more than most of ours do."""
        if self._kept is None and self.dialect == "sqlite":
            self._kept = await self._writer.connect()
        conn = self._kept
        driver = None if conn is None else sqlite_driver(conn)
        if conn is None or driver is None:
            async with self._writer.begin() as conn:
                yield conn
            return
        try:
            await driver.execute_fetchall("BEGIN IMMEDIATE")
            yield conn
            await driver.execute_fetchall("COMMIT")
        except BaseException:
            # A COMMIT that failed for want of space leaves the transaction open; one that was given up while it was
            # under way is over before this, because the driver's thread takes one thing after another.
            with suppress(SqliteError):
                await driver.rollback()
            raise
        finally:
            if conn.in_transaction():  # SQLAlchemy thinks so wherever its own statements were used
                await conn.rollback()

    async def fold(self) -> bool:
        """Fold SQLite's write-ahead log into the file and cut it to nothing; False: somebody reads just now.

        It waits its turn as a write does, and for no reader: whoever asks comes again.
        """
        await self._queue.acquire(1)
        try:
            self._check_open()
            driver = None if self._kept is None else sqlite_driver(self._kept)
            if driver is None:
                return True
            await driver.execute_fetchall("PRAGMA busy_timeout=0")
            ((busy, _, _),) = await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
            await driver.execute_fetchall(f"PRAGMA busy_timeout={BUSY_MS}")
            return not busy
        finally:
            self._queue.release()

    async def close(self) -> None:
        """Close all connections, once what is under way with them has ended; with SQLite this folds the write-ahead log.

        A connection that is still in use when its pool is disposed of would never be closed.
        """
        self._closed = True
        async with AsyncExitStack() as all_of_it:
            await self._queue.acquire(0)
            all_of_it.callback(self._queue.release)
            for _ in range(READERS):
                await all_of_it.enter_async_context(self._reading)
            if self._kept is not None:
                await self._kept.close()
                self._kept = None
            while self._readers:
                await self._readers.pop().close()
            await self._reader.dispose()
            await self._writer.dispose()

    def _check_open(self) -> None:
        """So late nobody may open another connection: nobody would close it."""
        if self._closed:
            raise ResourceClosedError("the store is closed")


async def _discard(conn: AsyncConnection) -> None:
    """Let a connection go that nobody is to use again."""
    await conn.invalidate()
    await conn.close()


async def answers(db: Database) -> bool:
    """Whether the store can be read now."""
    try:
        async with db.read() as conn:
            await conn.execute(text("SELECT 1 FROM accounts LIMIT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True


def _engine(url: str, *, writes: bool) -> AsyncEngine:
    sqlite = url.startswith("sqlite")
    if writes:
        pool: dict[str, Any] = {"poolclass": StaticPool} if sqlite else {"pool_size": 1, "max_overflow": 0}
    else:
        pool = {"poolclass": AsyncAdaptedQueuePool, "pool_size": READERS, "max_overflow": 0}
    engine = create_async_engine(url, connect_args=SQLITE if sqlite else {}, **pool)
    if sqlite:
        _prepare_sqlite(engine, writes=writes)
    return engine


def _prepare_sqlite(engine: AsyncEngine, *, writes: bool) -> None:
    """WAL and synchronous=FULL: a committed row survives a power cut. We say BEGIN ourselves."""

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA cache_size=-16384")
        # What is deleted is overwritten: it may be somebody's who has left. Reading needs none of it.
        cursor.execute("PRAGMA secure_delete=ON" if writes else "PRAGMA query_only=ON")
        cursor.close()

    if writes:
        return

    @event.listens_for(engine.sync_engine, "begin")
    def began(conn: Any) -> None:
        conn.exec_driver_sql("BEGIN")
