"""All that an account has as one file: what somebody takes home, or asks for before they leave.

It is read page by page while it is sent, so it takes no more memory for a large account than for a small one, and holds
no transaction open. What changes meanwhile is told as it is when its page is read. No secret is in it: of tokens, links, own keys and webhooks it says
that they are there.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import orjson

from server.clock import Clock
from server.errors import NotFoundError, TooManyError
from server.executions.logs import Logs
from server.model import View
from server.privacy.archive import Archive
from server.recording.contents import Header
from server.recording.copying import bodies_of, copied, noted
from server.store.database import Database
from server.store.holdings import LISTS, WHOLE, Record, account_record, listed, tasks_of, whole_list
from server.store.recordings import recording_row, segment_rows

takeouts_at_once_max = 2
"""In the whole house; one of an account."""
JSON_COLUMNS = frozenset({"params", "origins", "detail", "input", "result"})
ABOUT = """Everything that this Ten Desks server keeps of one account, as it was at {moment}.

account.json        the account, its office, and what it wishes to be kept for how long
people.ndjson       who belongs to it; invitations.ndjson: who is invited
tokens.ndjson       API tokens and sessions; keys.ndjson: own keys. What is secret of them is in no file
links.ndjson        links, also those that have ended
webhooks.ndjson     addresses that ended batches are told to; webhook_deliveries.ndjson: what was sent there of late
batches.ndjson      batches; tasks.ndjson: their tasks with input, result and every attempt
logs.ndjson         what the attempts wrote
usage.ndjson        tasks by month; spending.ndjson: tokens of the server's own key by month
audit.ndjson        who changed what of who may do what
recordings.ndjson   sessions; recordings/ID.tendesks: each as a file that the page plays at /play

NDJSON is one JSON object a line. Moments are UTC.
"""


class Takeouts:
    """Makes them, a few at a time."""

    def __init__(self, db: Database, clock: Clock, logs: Logs) -> None:
        self._db = db
        self._clock = clock
        self._logs = logs
        self._now: set[str] = set()

    def begin(self, account: str, office: str) -> AsyncIterator[bytes]:
        """Begin one, and return the pieces of its file; they have to be read, or closed.

        Raises:
            TooManyError: one of this account, or too many of all together, are under way.
        """
        if account in self._now or len(self._now) >= takeouts_at_once_max:
            raise TooManyError(
                f"takeouts_at_once_max: expected one of an account and {takeouts_at_once_max} in all, got one more"
            )
        return self._pieces(account, office)

    async def _pieces(self, account: str, office: str) -> AsyncIterator[bytes]:
        self._now.add(account)
        archive = Archive(self._clock.now_ms())
        try:
            async for _ in self._written(archive, account, office):
                if piece := archive.taken():
                    yield piece
            await asyncio.to_thread(archive.finish)
            yield archive.taken()
        finally:
            self._now.discard(account)
            archive.give_up()

    async def _written(self, archive: Archive, account: str, office: str) -> AsyncIterator[None]:
        """Write everything, and stop after each piece."""
        about = ABOUT.format(moment=moment_of(self._clock.now_ms()))
        await _add(archive, "README.txt", about.encode())
        record = await account_record(self._db, account)
        await _add(archive, "account.json", orjson.dumps(told(record), option=orjson.OPT_INDENT_2))
        yield
        for name in WHOLE:
            await _add(archive, f"{name}.ndjson", lines(await whole_list(self._db, account, name)))
            yield
        for name in LISTS:
            archive.begin(f"{name}.ndjson")
            async for page in listed(self._db, name, account=account, office=office):
                await asyncio.to_thread(archive.add, lines(page))
                yield
        async for _ in self._tasks(archive, account, office):
            yield
        async for _ in self._logged(archive, account, office):
            yield
        async for _ in self._recordings(archive, account, office):
            yield

    async def _tasks(self, archive: Archive, account: str, office: str) -> AsyncIterator[None]:
        archive.begin("tasks.ndjson")
        async for page in self._all_tasks(account, office):
            await asyncio.to_thread(lambda page=page: archive.add(lines(page)))  # type: ignore[misc]
            yield

    async def _logged(self, archive: Archive, account: str, office: str) -> AsyncIterator[None]:
        archive.begin("logs.ndjson")
        async for page in self._all_tasks(account, office):
            for execution in [each["id"] for task in page for each in task["executions"]]:
                async for text in self._log(execution):
                    await asyncio.to_thread(archive.add, text)
                    yield

    async def _all_tasks(self, account: str, office: str) -> AsyncIterator[list[Record]]:
        async for batches in listed(self._db, "batches", account=account, office=office):
            for batch in batches:
                async for page in tasks_of(self._db, batch["id"]):
                    yield page

    async def _log(self, execution: str) -> AsyncIterator[bytes]:
        after, ended = 0, False
        while not ended:
            page = await self._logs.tail(execution, after)
            ended = page.ended or page.next == after  # one that still grows is taken as far as it goes
            after = page.next
            if page.lines:
                yield lines(
                    [{"execution": execution, "at_ms": at_ms, "text": text} for at_ms, text in page.lines]
                )

    async def _recordings(self, archive: Archive, account: str, office: str) -> AsyncIterator[None]:
        name = (await account_record(self._db, account))["office_name"]
        async for page in listed(self._db, "recordings", account=account, office=office):
            for recording in [record["id"] for record in page]:
                archive.begin(f"recordings/{recording}.tendesks", packed=True)
                async for piece in self._recording(office, recording, name):
                    await asyncio.to_thread(archive.add, piece)
                    yield

    async def _recording(self, office: str, recording: str, name: str) -> AsyncIterator[bytes]:
        try:
            async with self._db.read() as conn:
                row = await recording_row(conn, office, recording)
                rows = await segment_rows(conn, recording)
        except NotFoundError:
            return  # deleted since it was listed
        header = Header(office=row.name or name, view=View.FULL, hz=row.hz, start_ms=row.started_ms)
        markers, idle = noted(rows, View.FULL)
        async for piece in copied(header, rows, bodies_of(self._db, office, recording), markers, idle):
            yield piece


def lines(records: list[Record]) -> bytes:
    """Records as NDJSON."""
    return b"".join(orjson.dumps(told(record)) + b"\n" for record in records)


def told(record: Record) -> dict[str, Any]:
    """A record as people read it: moments as RFC 3339, JSON as JSON, and nothing where there is none."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if value is None:
            continue
        if name == "executions":
            found[name] = [told(each) for each in value]
        elif name in JSON_COLUMNS:
            found[name] = orjson.Fragment(value)
        elif name.endswith("_ms") and name != "timeout_ms":
            found[name.removesuffix("_ms")] = moment_of(value)
        else:
            found[name] = value
    return found


def moment_of(moment_ms: int) -> str:
    """A moment as RFC 3339."""
    return (
        datetime.fromtimestamp(moment_ms / 1000, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


async def _add(archive: Archive, name: str, data: bytes) -> None:
    archive.begin(name)
    await asyncio.to_thread(archive.add, data)
