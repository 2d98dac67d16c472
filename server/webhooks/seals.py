"""What messages are signed with: sealed in the store as own keys are, opened for one attempt."""

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.hooksecrets import PROVIDER, add_secret
from server.store.keys import KeyRow, KeyState
from server.vault.envelope import Record, UnopenedError, seal, unseal
from server.vault.proof import keep_canary
from server.vault.vault import Vault, record_of, sealed_of
from server.webhooks.signing import new_secret


async def make_secret(
    conn: AsyncConnection, vault: Vault, *, account: str, hook: str, version: str, now_ms: int
) -> str:
    """Make a webhook's secret and keep it sealed; returned this once.

    In the transaction, so that a rotation cannot let go of the master key in between.
    """
    secret, ring = new_secret(), vault.ring
    record = Record(account=account, provider=PROVIDER, base=hook, version=version)
    sealed = seal(secret, record, ring.masters, ring.current)
    row = KeyRow(
        account=account, provider=PROVIDER, base=hook, version=version, last="", state=KeyState.OK, master=sealed.master,
        wrapped=sealed.wrapped, body=sealed.body, added_ms=now_ms,
    )  # fmt: skip
    await add_secret(conn, row)
    await keep_canary(conn, ring)
    return secret


def opened(vault: Vault, rows: list[KeyRow]) -> list[str]:
    """The secrets of these rows, newest first; empty where the newest does not open: an older one would hide that.

    A former one that does not open is left out: its receiver has the newest by then, or will hear nothing for a while.
    """
    found = []
    for place, row in enumerate(rows):
        try:
            found.append(unseal(sealed_of(row), record_of(row), vault.ring.masters))
        except UnopenedError:
            if place == 0:
                return []
    return found
