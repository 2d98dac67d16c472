"""The vault: own keys go in, and come out for one request of their owner's own tasks, and in no other way."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from structlog import get_logger

from server.clock import Clock
from server.errors import LimitExceededError, NotFoundError
from server.kinds.own_keys import OwnKey, OwnKeyError
from server.store import keys
from server.store.audit import Deed, add_deed
from server.store.database import Database
from server.store.ids import Ids
from server.store.keys import KeyRow, KeyState
from server.vault.checking import Checking
from server.vault.envelope import Record, Sealed, UnopenedError, seal, unseal
from server.vault.keyring import Keyring
from server.vault.proof import keep_canary
from server.vault.providers import shown

keys_per_account_max = 20
USED_EVERY_MS = 60_000
"""That a key is used is written down at most so often."""
REMEMBERED_MAX = 10_000
SERVER = "server"
log = get_logger(__name__)


async def _nobody(_account: str) -> None:
    """Nobody wants to know."""


class Vault:
    """Satisfies server.kinds.own_keys.OwnKeys.

    `entitled` says of a tier's name whether it has own keys; `changed` is told the account whose valid keys may be
    others now, after that is committed.
    """

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, ring: Keyring, checking: Checking,
        entitled: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self.ring = ring
        self.changed: Callable[[str], Awaitable[None]] = _nobody
        self._db = db
        self._clock = clock
        self._ids = ids
        self._checking = checking
        self._entitled = entitled
        self._some = False
        self._proved: OrderedDict[tuple[str, str, str], int] = OrderedDict()

    @property
    def some(self) -> bool:
        """See OwnKeys."""
        return self._some

    async def begin(self) -> None:
        """Look whether there are any keys."""
        async with self._db.read() as conn:
            self._some = await keys.any_key(conn)

    async def aclose(self) -> None:
        """Close all connections to providers."""
        await self._checking.aclose()

    async def put(self, account: str, provider: str, base: str, secret: str, *, actor: str) -> KeyRow:
        """Check a key and keep it, in place of the one that this account had of this provider.

        Raises:
            KeyRefusedError: the provider does not accept it; nothing has changed.
            InvalidInputError: the host is none that may be asked.
            LimitExceededError: the account has as many keys as it may.
            TooManyError: too many were checked of late.
        """
        accepted = await self._checking.accepted(account, base, secret)
        async with self._db.write() as tx:
            if await keys.others_count(tx.conn, account, provider) >= keys_per_account_max:
                raise LimitExceededError(
                    f"expected at most {keys_per_account_max} own keys (keys_per_account_max), got one more",
                    limit="keys_per_account_max",
                )
            # Sealed within the transaction: a rotation may not let go of a master key in between.
            row = self._sealed(account, provider, base, secret, accepted=accepted)
            await keys.put_key(tx.conn, row)
            await keep_canary(tx.conn, self.ring)
            detail = {"base": base, "last": row.last, "checked": accepted}
            await self._note(tx.conn, account, actor, "key.put", provider, detail)
        self._some = True
        await self.changed(account)
        return row

    async def list(self, account: str) -> list[KeyRow]:
        """The account's keys, oldest first; nothing of them is opened."""
        async with self._db.read() as conn:
            return await keys.keys_of(conn, account)

    async def delete(self, account: str, provider: str, *, actor: str) -> None:
        """Delete a key: no request goes out with it from now on. Raises NotFoundError."""
        async with self._db.write() as tx:
            if not await keys.drop_key(tx.conn, account, provider):
                raise NotFoundError(f"provider: there is no own key of {provider!r}")
            await self._note(tx.conn, account, actor, "key.deleted", provider)
        await self.changed(account)

    async def find(self, account: str, provider: str | None) -> OwnKey | None:
        """See OwnKeys."""
        if not self._some and provider is None:
            return None
        async with self._db.read() as conn:
            rows, tier = await keys.keys_of(conn, account), await keys.tier_of(conn, account)
        if tier is None or not self._entitled(tier):
            if provider is not None:
                raise OwnKeyError(
                    f"provider: expected none, because the plan has no own keys, got {provider}"
                )
            return None
        row = _chosen(rows, provider)
        return None if row is None else await self._opened(row)

    async def accepted(self, key: OwnKey) -> None:
        """See OwnKeys."""
        now_ms = self._clock.monotonic_ms()
        name = (key.account, key.provider, key.version)
        known_ms = self._proved.get(name)
        if known_ms is not None and now_ms - known_ms < USED_EVERY_MS:
            return
        self._proved[name] = now_ms
        self._proved.move_to_end(name)
        if len(self._proved) > REMEMBERED_MAX:
            self._proved.popitem(last=False)
        async with self._db.write() as tx:
            await keys.prove_key(
                tx.conn, account=key.account, provider=key.provider, version=key.version, now_ms=self._clock.now_ms()
            )  # fmt: skip
        if known_ms is None:
            await self.changed(key.account)

    async def rejected(self, key: OwnKey) -> None:
        """See OwnKeys."""
        for row in await self.list(key.account):
            if row.provider == key.provider and row.version == key.version:
                await self._judge(row, KeyState.REJECTED, "key.rejected")

    async def _opened(self, row: KeyRow) -> OwnKey:
        if row.state is KeyState.REJECTED:
            raise OwnKeyError(
                f"{row.provider} does not accept your own key any more: replace it, or delete it"
            )
        secret = None if row.state is KeyState.UNDECRYPTABLE else await self._secret(row)
        if secret is None:
            raise OwnKeyError(
                f"your own key of {row.provider} cannot be opened on this server: put it in again, or delete it"
            )
        return OwnKey(
            account=row.account, provider=row.provider, base=row.base, version=row.version, secret=secret
        )

    async def _secret(self, row: KeyRow) -> str | None:
        """Open a row. One that does not open is marked and told of, and stands in nobody else's way."""
        try:
            return unseal(sealed_of(row), record_of(row), self.ring.masters)
        except UnopenedError as error:
            reason = error.detail
        log.error("key.undecryptable", account=row.account, provider=row.provider, reason=reason)
        await self._judge(row, KeyState.UNDECRYPTABLE, "key.undecryptable")
        return None

    async def _judge(self, row: KeyRow, state: KeyState, what: str) -> None:
        async with self._db.write() as tx:
            if not await keys.judge_key(tx.conn, row, state):
                return
            await self._note(tx.conn, row.account, SERVER, what, row.provider)
        await self.changed(row.account)

    def _sealed(self, account: str, provider: str, base: str, secret: str, *, accepted: bool) -> KeyRow:
        record = Record(account=account, provider=provider, base=base, version=self._ids.new())
        sealed = seal(secret, record, self.ring.masters, self.ring.current)
        now_ms = self._clock.now_ms()
        return KeyRow(
            account=account, provider=provider, base=base, version=record.version, last=shown(secret), state=KeyState.OK,
            master=sealed.master, wrapped=sealed.wrapped, body=sealed.body, added_ms=now_ms,
            checked_ms=now_ms if accepted else None,
        )  # fmt: skip

    async def _note(
        self,
        conn: AsyncConnection,
        account: str,
        actor: str,
        what: str,
        about: str,
        detail: dict[str, Any] | None = None,
    ) -> None:
        deed = Deed(
            account=account,
            actor=actor,
            what=what,
            about=about,
            at_ms=self._clock.now_ms(),
            detail=detail or {},
        )
        await add_deed(conn, self._ids, deed)


def record_of(row: KeyRow) -> Record:
    """What a row's secret is bound to."""
    return Record(account=row.account, provider=row.provider, base=row.base, version=row.version)


def sealed_of(row: KeyRow) -> Sealed:
    """What a row keeps of its secret."""
    return Sealed(master=row.master, wrapped=row.wrapped, body=row.body)


def _chosen(rows: list[KeyRow], provider: str | None) -> KeyRow | None:
    """The key of the provider that is named; where none is, the only one. Which of several is not for us to guess."""
    if provider is not None:
        found = [row for row in rows if row.provider == provider]
        if not found:
            raise OwnKeyError(f"there is no own key of {provider}: add it, or leave out `provider`")
        return found[0]
    if len(rows) > 1:
        names = ", ".join(row.provider for row in rows)
        raise OwnKeyError(f"provider: expected one of {names}, because there is an own key of each, got none")
    return rows[0] if rows else None
