"""Who wants to hear of ended batches: kept in memory, in step with rows, so that all others cost nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from server.model import Tier
from server.settings import Mode, Settings
from server.store.batches import BatchRow
from server.store.database import Database
from server.store.deliveries import announce
from server.store.hooks import accounts_with_hooks
from server.store.ids import Ids
from server.store.statements import Statement
from server.webhooks.message import ENDS, body_of

FEATURE = "webhooks"
Describe = Callable[[BatchRow], Mapping[str, Any]]
"""A batch as HTTP shows it."""


class HookHerald:
    """Satisfies Herald. `accounts` have webhooks, `tiers` are the names of those plans that have them."""

    def __init__(self, ids: Ids, describe: Describe, tiers: Sequence[str], accounts: set[str]) -> None:
        self.tiers = tiers
        self.accounts = accounts
        self.woken: Callable[[], None] = lambda: None
        self._ids = ids
        self._describe = describe

    def hears(self, account: str, tier: Tier) -> bool:
        """See Herald."""
        return account in self.accounts and tier.name in self.tiers

    def announce(self, ends: Sequence[tuple[str, BatchRow]]) -> Statement:
        """See Herald."""
        rows = []
        for account, row in ends:
            kind, at_ms = ENDS[row.state], row.ended_ms or 0
            body = body_of(kind, at_ms, self._describe(row))
            rows.append((self._ids.new(), account, row.id, kind, body, at_ms))
        return announce(rows)

    def wake(self) -> None:
        """See Herald."""
        self.woken()


async def open_herald(
    settings: Settings, tiers: Mapping[str, Tier], db: Database, ids: Ids, describe: Describe
) -> HookHerald:
    """Read who has webhooks, before the first batch can end. On one's own machine every plan has them."""
    local = settings.mode is Mode.LOCAL
    with_hooks = [name for name, tier in tiers.items() if local or FEATURE in tier.features]
    async with db.read() as conn:
        accounts = await accounts_with_hooks(conn)
    return HookHerald(ids, describe, with_hooks, accounts)
