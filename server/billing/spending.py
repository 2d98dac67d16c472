"""The ceilings of the platform's key: what is reserved while answers come is in memory, what was taken is a row.

Counts that come while the writer is busy are one write: a thousand answers at once are not a thousand transactions.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping

from structlog import get_logger

from server.clock import Clock
from server.kinds.ceilings import UNLIMITED, Ceiling
from server.model import Tier
from server.store.database import STORE_ERRORS, Database
from server.store.spending import add_spending, spending_of
from server.store.usage import month_of, resets_ms

log = get_logger(__name__)


class Spending:
    """Satisfies server.kinds.ceilings.Ceilings for the accounts of this process."""

    def __init__(self, db: Database, clock: Clock, tiers: Mapping[str, Tier]) -> None:
        self._db = db
        self._clock = clock
        self._tiers = tiers
        self._reserved: Counter[str] = Counter()
        self._owed: Counter[tuple[str, str]] = Counter()
        self._writing: asyncio.Task[None] | None = None

    async def reserve(self, account: str, tokens: int) -> Ceiling:
        """See Ceilings. What is reserved now is held against whoever asks next."""
        month = month_of(self._clock.now_ms())
        async with self._db.read() as conn:
            found = await spending_of(conn, account, month)
        if found is None:
            return UNLIMITED
        tier, taken = self._tiers[found[0]], found[1] + self._owed[account, month] + self._reserved[account]
        most = tier.chat_tokens_month
        ceiling = Ceiling(
            tier=tier.title, task=tier.chat_tokens_task, month=most, resets_ms=resets_ms(month),
            left=None if most is None else max(0, most - taken),
        )  # fmt: skip
        if ceiling.refusal(tokens) is None:
            self._reserved[account] += tokens
        return ceiling

    async def spent(self, account: str, reserved: int, tokens: int) -> None:
        """See Ceilings."""
        self._reserved[account] -= reserved
        if self._reserved[account] <= 0:
            del self._reserved[account]
        if tokens <= 0:
            return
        self._owed[account, month_of(self._clock.now_ms())] += tokens
        if self._writing is not None:
            await asyncio.shield(self._writing)  # it may have begun too early to know of these
        if self._owed:
            await asyncio.shield(self._begun())

    def _begun(self) -> "asyncio.Task[None]":
        """The write under way, or one that begins now."""
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="spending")
            self._writing.add_done_callback(self._written)
        return self._writing

    def _written(self, _task: "asyncio.Task[None]") -> None:
        self._writing = None

    async def _write(self) -> None:
        """What the store does not take now stays owed, and counts from memory until it does."""
        try:
            async with self._db.write() as tx:
                taken = Counter(self._owed)
                await add_spending(
                    tx.conn, [(account, month, tokens) for (account, month), tokens in taken.items()]
                )
                tx.then(lambda: self._owed.subtract(taken))
        except STORE_ERRORS as error:
            log.exception("spending.failed", reason=type(error).__name__)
        self._owed = +self._owed
