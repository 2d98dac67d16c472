"""Where mail waits: whoever asks for a letter is answered at once, and alike, whatever becomes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from sqlite3 import Error as SqliteError
from typing import TypeAlias

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.accounts.mail import Mail, Relay, deliver, message_of
from server.clock import Clock
from server.errors import UnavailableError

log = structlog.get_logger(__name__)

letters_waiting_max = 1_000
tries_ms = (0, 2_000, 20_000)
"""How long each try waits after the one before. A relay that is away for longer is told in the log; people ask again."""

Write: TypeAlias = Callable[[], Awaitable[Mail | None]]
"""Writes a letter when its turn comes; None: there is none to be sent."""


class PostRoom:
    """One letter after another, in a task of its own."""

    def __init__(self, clock: Clock, relay: Relay | None, sender: str) -> None:
        self._clock = clock
        self._relay = relay
        self._sender = sender
        self._waiting: asyncio.Queue[Write] = asyncio.Queue(letters_waiting_max)
        self._task: asyncio.Task[None] | None = None

    @property
    def open(self) -> bool:
        """Whether mail can be sent from here at all."""
        return self._relay is not None

    def begin(self) -> None:
        """Send what waits, and what comes, from now on."""
        self._task = asyncio.create_task(self._work(), name="postroom")

    async def stop(self) -> None:
        """Send no more; what waits is lost, and people ask again."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def settled(self) -> None:
        """Return when nothing waits and nothing is being sent."""
        await self._waiting.join()

    def put(self, write: Write) -> None:
        """Let a letter wait for its turn.

        Raises:
            UnavailableError: there is no relay, or too many letters wait.
        """
        if self._relay is None:
            raise UnavailableError(
                "mail: expected TENDESKS_SMTP_URL, without which nothing is sent from here"
            )
        try:
            self._waiting.put_nowait(write)
        except asyncio.QueueFull:
            raise UnavailableError(
                f"letters_waiting_max: expected at most {letters_waiting_max} letters to wait; try again in a minute"
            ) from None

    async def _work(self) -> None:
        while True:
            write = await self._waiting.get()
            try:
                mail = await write()
                if mail is not None:
                    await self._send(mail)
            except (SqliteError, SQLAlchemyError, OSError) as error:
                log.warning("letter.not_written", reason=str(error))
            except Exception:
                log.exception("letter.not_written")
            finally:
                self._waiting.task_done()

    async def _send(self, mail: Mail) -> None:
        """Try a few times. The log has neither the text, which holds a secret, nor whose address it is."""
        if self._relay is None:
            return
        message = message_of(mail, self._sender, self._clock.now_ms())
        for number, wait_ms in enumerate(tries_ms, 1):
            if wait_ms:
                await self._clock.sleep(wait_ms)
            try:
                await asyncio.to_thread(deliver, self._relay, message)
            except OSError as error:
                log.warning("letter.not_sent", attempt=number, reason=type(error).__name__)
            else:
                return
