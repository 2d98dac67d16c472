"""For how long something of an account is kept, and whether the account itself is: a part of what its page says."""

from collections.abc import Mapping
from typing import Any

from server.errors import InvalidInputError
from server.routes.answers import present
from server.routes.bodies import number_of
from server.routes.call import Call
from server.routes.schemas import DAYS_MAX
from server.routes.times import rfc3339
from server.settings import Mode
from server.store.accounts import Keeping, keeping_of, write_keeping
from server.store.register import account_row


async def shown(call: Call) -> dict[str, Any]:
    """What the account's page says of it: how long what is kept, and whether it is deleted."""
    most = await _recordings_max(call)
    async with call.parts.db.read() as conn:
        wish = await keeping_of(conn, call.who.account)
    recordings = wish.recordings if most is None or wish.recordings is None else min(wish.recordings, most)
    deletes_ms = await call.parts.privacy.deletion.deletes_ms(call.who.account)
    return present(
        retention=present(recordings=recordings, results=wish.results, recordings_max=most),
        deletes=None if deletes_ms is None else rfc3339(deletes_ms),
    )


async def change(call: Call, members: object) -> None:
    """Write for how long what is to be kept; null: as long as may be.

    Raises:
        InvalidInputError: it is no number of days, or recordings would be kept for longer than they may.
    """
    if not isinstance(members, dict) or not members or {*members} - {"recordings", "results"}:
        raise InvalidInputError("retention: expected an object with recordings, results or both")
    most = await _recordings_max(call)
    async with call.parts.db.write() as tx:
        before = await keeping_of(tx.conn, call.who.account)
        wish = Keeping(
            recordings=_days(members, "recordings", before.recordings, most or DAYS_MAX),
            results=_days(members, "results", before.results, DAYS_MAX),
        )
        await write_keeping(tx.conn, call.who.account, wish)
    call.parts.retention.hurry()
    call.parts.privacy.sweeps.hurry()


def _days(members: Mapping[str, Any], name: str, before: int | None, most: int) -> int | None:
    if name not in members:
        return before
    days = number_of(members, name, low=1, high=most, whole=True)
    return None if days is None else round(days)


async def _recordings_max(call: Call) -> int | None:
    """How many days recordings are kept at most; None: until they are deleted."""
    if call.parts.settings.mode is Mode.LOCAL:
        return None
    async with call.parts.db.read() as conn:
        row = await account_row(conn, call.who.account)
    if row is None:
        return None
    return call.parts.tiers[row.tier].recording_days if row.recording_days is None else row.recording_days
