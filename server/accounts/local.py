"""Local mode: one owner, whose account and office are made at the first start, and one token that stays the same."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from server.accounts.presence import Presence, read_presence, write_presence
from server.accounts.tokens import Grant, TokenKind, Tokens
from server.clock import Clock
from server.model import Role, Scope
from server.store.accounts import add_account, change_tier
from server.store.database import Database
from server.store.ids import Ids
from server.store.offices import add_office
from server.store.tables import accounts, offices

NAME = "Your office"


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """The account and office of the one who sits at this machine."""

    account: str
    office: str


async def ensure_owner(db: Database, *, clock: Clock, ids: Ids, tier: str, tier_given: bool = False) -> Owner:
    """Return the owner, made with this tier if there is none yet.

    A tier that somebody asked for at this start (`tier_given`) replaces the stored one; a default does not.
    """
    query = select(accounts.c.id, offices.c.id).join(offices, offices.c.account == accounts.c.id)
    async with db.write() as tx:
        row = (await tx.conn.execute(query.order_by(accounts.c.created_ms).limit(1))).one_or_none()
        if row is not None:
            owner = Owner(account=row[0], office=row[1])
            if tier_given:
                await change_tier(tx.conn, owner.account, tier)
            return owner
        owner = Owner(account=ids.new(), office=ids.new())
        now_ms = clock.now_ms()
        await add_account(tx.conn, account=owner.account, name=NAME, tier=tier, now_ms=now_ms)
        await add_office(tx.conn, office=owner.office, account=owner.account, name=NAME, now_ms=now_ms)
        return owner


async def ensure_token(tokens: Tokens, folder: Path, owner: Owner) -> str:
    """Return the token in the folder's file if it still opens all of this house, else a new one, written there."""
    found = read_presence(folder)
    if found is not None:
        identity = await tokens.by_token(found.token)
        if identity is not None and identity.office == owner.office and identity.scopes == frozenset(Scope):
            return found.token
    grant = Grant(account=owner.account, role=Role.OWNER, scopes=frozenset(Scope), label="local owner")
    token = await tokens.issue(TokenKind.API, grant)
    write_presence(folder, Presence(token=token))
    return token
