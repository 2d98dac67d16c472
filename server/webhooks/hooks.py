"""An account's webhooks: added, changed, given another secret, tried. A secret is told once, when it is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.attempts import Attempts
from server.clock import Clock
from server.errors import ConflictError, LimitExceededError, TooManyAttemptsError
from server.store.audit import Deed, add_deed
from server.store.database import Database
from server.store.deliveries import (
    DeliveryRow,
    add_delivery,
    deliveries_page,
    delivery_row,
    retry_delivery,
    waiting_counts,
)
from server.store.hooks import (
    HookRow,
    OffReason,
    add_hook,
    count_hooks,
    drop_hook,
    hook_row,
    hooks_of,
    write_hook,
)
from server.store.hooksecrets import count_secrets, retire
from server.store.ids import Ids
from server.vault.vault import Vault
from server.webhooks.address import called
from server.webhooks.herald import HookHerald
from server.webhooks.message import PING, body_of
from server.webhooks.seals import make_secret

webhooks_max = 10
secrets_of_webhook_max = 5
"""Those that were replaced lately included."""
GRACE_MS = 24 * 3_600_000
"""How long messages are signed with the former secret as well."""
pings_per_minute_max = 10
MINUTE_MS = 60_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What is changed of a webhook; None: nothing."""

    url: str | None = None
    label: str | None = None
    enabled: bool | None = None


class Hooks:
    """Looks after them. `wake` is called when something may be due."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, vault: Vault, herald: HookHerald, wake: Callable[[], None]
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._ids = ids
        self._vault = vault
        self._herald = herald
        self._wake = wake
        self._tests = Attempts(pings_per_minute_max, MINUTE_MS)

    async def add(self, account: str, url: str, label: str | None, *, actor: str) -> tuple[HookRow, str]:
        """Keep an address, and return it with its secret. Raises LimitExceededError."""
        now_ms = self._clock.now_ms()
        row = HookRow(
            id=self._ids.new(), account=account, url=url, label=label, enabled=True, edition=0, off_reason=None, off_ms=None,
            failing_ms=None, resume_ms=None, delivered_ms=None, created_ms=now_ms,
        )  # fmt: skip
        async with self._db.write() as tx:
            if await count_hooks(tx.conn, account) >= webhooks_max:
                raise LimitExceededError(
                    f"expected at most {webhooks_max} webhooks (webhooks_max), got one more",
                    limit="webhooks_max",
                )
            await add_hook(tx.conn, row)
            secret = await self._secret(tx.conn, row)
            await self._note(tx.conn, row, actor, "webhook.made", host=called(url))
            tx.then(lambda: self._herald.accounts.add(account))
        return row, secret

    async def listed(self, account: str) -> tuple[list[HookRow], dict[str, int]]:
        """An account's webhooks, oldest first, and how many deliveries wait at each."""
        async with self._db.read() as conn:
            return await hooks_of(conn, account), await waiting_counts(conn, account)

    async def change(self, account: str, hook: str, change: Change, *, actor: str) -> HookRow:
        """Change one; what waits goes on, at another address or once it is on again. Raises NotFoundError."""
        async with self._db.write() as tx:
            before = await hook_row(tx.conn, account, hook)
            row = changed(before, change, self._clock.now_ms())
            await write_hook(tx.conn, row)
            if row.url != before.url:
                await self._note(tx.conn, row, actor, "webhook.moved", host=called(row.url))
            if row.enabled != before.enabled:
                await self._note(tx.conn, row, actor, "webhook.on" if row.enabled else "webhook.off")
            tx.then(self._wake)
        return row

    async def drop(self, account: str, hook: str, *, actor: str) -> None:
        """Delete one, with what waits there. Raises NotFoundError."""
        async with self._db.write() as tx:
            row = await hook_row(tx.conn, account, hook)
            await drop_hook(tx.conn, hook)
            await self._note(tx.conn, row, actor, "webhook.deleted", host=called(row.url))
            if not await count_hooks(tx.conn, account):
                tx.then(lambda: self._herald.accounts.discard(account))

    async def rotate(self, account: str, hook: str, *, actor: str) -> tuple[HookRow, str, int]:
        """Make another secret; returned with it is until when messages are signed with the former one as well.

        Raises:
            NotFoundError: there is no such webhook in this office.
            LimitExceededError: it was given too many within a day.
        """
        now_ms = self._clock.now_ms()
        until_ms = now_ms + GRACE_MS
        async with self._db.write() as tx:
            row = await hook_row(tx.conn, account, hook)
            await retire(tx.conn, hook, now_ms=now_ms, until_ms=until_ms)
            if await count_secrets(tx.conn, hook) >= secrets_of_webhook_max:
                raise LimitExceededError(
                    f"expected at most {secrets_of_webhook_max} secrets within a day (secrets_of_webhook_max), got one more",
                    limit="secrets_of_webhook_max",
                )
            secret = await self._secret(tx.conn, row)
            await self._note(tx.conn, row, actor, "webhook.rotated")
        return row, secret, until_ms

    async def ping(self, account: str, hook: str) -> DeliveryRow:
        """Send a test message, also to one that is off. Raises NotFoundError, TooManyAttemptsError."""
        now_ms = self._clock.now_ms()
        async with self._db.write() as tx:
            row = await hook_row(tx.conn, account, hook)
            retry = self._tests.take(account, self._clock.monotonic_ms())
            if retry:
                raise TooManyAttemptsError(
                    f"expected at most {pings_per_minute_max} test messages a minute (pings_per_minute_max)",
                    retry=retry,
                )
            id_ = self._ids.new() + hook
            data: dict[str, Any] = {"webhook": hook} | ({"label": row.label} if row.label else {})
            await add_delivery(
                tx.conn, id_=id_, hook=hook, account=account, kind=PING, body=body_of(PING, now_ms, data), at_ms=now_ms
            )  # fmt: skip
            tx.then(self._wake)
            return await delivery_row(tx.conn, hook, id_)

    async def deliveries(
        self, account: str, hook: str, *, limit: int, after: str | None
    ) -> list[DeliveryRow]:
        """What was sent there of late and what waits, newest first. Raises NotFoundError."""
        async with self._db.read() as conn:
            await hook_row(conn, account, hook)  # it is there, and this account's
            return await deliveries_page(conn, hook, limit=limit, after=after)

    async def retry(self, account: str, hook: str, delivery: str) -> DeliveryRow:
        """Send something again, whatever became of it. Raises NotFoundError, ConflictError."""
        async with self._db.write() as tx:
            row = await hook_row(tx.conn, account, hook)
            if not row.enabled:
                raise ConflictError("webhook: expected one that is on, this one is off: switch it on first")
            found = await retry_delivery(tx.conn, hook, delivery, self._clock.now_ms())
            tx.then(self._wake)
        return found

    async def _secret(self, conn: AsyncConnection, row: HookRow) -> str:
        return await make_secret(
            conn, self._vault, account=row.account, hook=row.id, version=self._ids.new(), now_ms=self._clock.now_ms()
        )  # fmt: skip

    async def _note(self, conn: AsyncConnection, row: HookRow, actor: str, what: str, **detail: str) -> None:
        deed = Deed(
            account=row.account, actor=actor, what=what, about=row.id, at_ms=self._clock.now_ms(), detail=detail
        )  # fmt: skip
        await add_deed(conn, self._ids, deed)


def changed(row: HookRow, change: Change, now_ms: int) -> HookRow:
    """The webhook after a change. What is switched on or leads elsewhere begins with a clean record."""
    anew = (change.url not in {None, row.url}) or (change.enabled not in {None, row.enabled})
    if change.label is not None:
        row = replace(row, label=change.label or None)
    if not anew:
        return row
    enabled = row.enabled if change.enabled is None else change.enabled
    row = replace(
        row, url=change.url or row.url, enabled=enabled, edition=row.edition + 1, failing_ms=None, resume_ms=None
    )  # fmt: skip
    if change.enabled is False:
        return replace(row, off_reason=OffReason.OWNER, off_ms=now_ms)
    return replace(row, off_reason=None, off_ms=None) if enabled else row
