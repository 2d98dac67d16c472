"""API tokens as their owners see them: made, listed and revoked. None allows more, or for longer, than what made it."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from server.accounts.tokens import Grant, Issued, TokenKind, Tokens
from server.clock import Clock
from server.errors import ForbiddenError, LimitExceededError, NotFoundError
from server.model import Identity, Role, Scope
from server.store.audit import Deed, add_deed
from server.store.database import Database
from server.store.ids import Ids
from server.store.tokens import ListedToken, drop_token_by_id, tokens_of

tokens_per_account_max = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a new token is to be like; `scopes` None: all that whoever makes it has, but for the house's."""

    label: str
    scopes: frozenset[Scope] | None = None
    expires_ms: int | None = None


class Access:
    """The tokens of accounts. Owners see and revoke all of their office's, others their own."""

    def __init__(self, db: Database, clock: Clock, ids: Ids, tokens: Tokens) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._tokens = tokens

    async def make(self, who: Identity, wish: Wish) -> tuple[Issued, Grant]:
        """Make a token for whoever asks.

        Raises:
            ForbiddenError: it would allow more than what asks for it.
            LimitExceededError: the account has as many as there may be.
        """
        credential = who.credential
        grant = Grant(
            account=who.account,
            role=who.role,
            scopes=_within(who, wish.scopes),
            label=wish.label,
            expires_ms=_no_longer(who, wish.expires_ms),
            person=None if credential is None else credential.person,
        )
        return await self.give(grant, actor=who.actor)

    async def give(self, grant: Grant, *, actor: str) -> tuple[Issued, Grant]:
        """Make a token for somebody else, which only the operator of the house does. Raises LimitExceededError."""
        now_ms = self._clock.now_ms()
        async with self._db.write() as tx:
            there = await tokens_of(tx.conn, TokenKind.API, now_ms, account=grant.account)
            if len(there) >= tokens_per_account_max:
                raise LimitExceededError(
                    f"tokens_per_account_max: expected at most {tokens_per_account_max}; revoke one first",
                    limit="tokens_per_account_max",
                )
            issued = await self._tokens.add(tx.conn, TokenKind.API, grant)
            deed = Deed(
                account=grant.account, actor=actor, what="token.made", about=issued.id, at_ms=now_ms,
                detail={"label": grant.label, "scopes": sorted(grant.scopes)},
            )  # fmt: skip
            await add_deed(tx.conn, self._ids, deed)
        return issued, grant

    async def listed(self, who: Identity) -> list[ListedToken]:
        """The tokens that whoever asks may revoke."""
        async with self._db.read() as conn:
            found = await tokens_of(conn, TokenKind.API, self._clock.now_ms(), account=who.account)
        return [token for token in found if _may(who, token)]

    async def revoke(self, who: Identity, token: str) -> None:
        """End a token at once, and the sockets that came by it. Raises NotFoundError."""
        found = [each for each in await self.listed(who) if each.id == token]
        if not found:
            raise NotFoundError(f"token: there is no {token!r} of yours")
        async with self._db.write() as tx:
            await drop_token_by_id(tx.conn, TokenKind.API, token)
            deed = Deed(
                account=who.account, actor=who.actor, what="token.revoked", about=token,
                at_ms=self._clock.now_ms(), detail={"label": found[0].label},
            )  # fmt: skip
            await add_deed(tx.conn, self._ids, deed)
            tx.then(partial(self._tokens.ended, [token]))

    def used_ms(self, token: ListedToken) -> int | None:
        """When a token was used last, to the moment."""
        return self._tokens.uses.of(token.id, token.used_ms)


def _may(who: Identity, token: ListedToken) -> bool:
    person = None if who.credential is None else who.credential.person
    return who.role is Role.OWNER or token.person == person


def _within(who: Identity, wished: Collection[Scope] | None) -> frozenset[Scope]:
    if wished is None:
        return who.scopes - {Scope.HOUSE}
    beyond = sorted(set(wished) - who.scopes)
    if beyond:
        raise ForbiddenError(
            f"scopes: expected some of {' '.join(sorted(who.scopes))}, got {' '.join(beyond)} too"
        )
    return frozenset(wished)


def _no_longer(who: Identity, wished_ms: int | None) -> int | None:
    """A token that a token made must not outlive it; a session stands for a person, who may come back."""
    credential = who.credential
    if credential is None or credential.session or credential.expires_ms is None:
        return wished_ms
    return credential.expires_ms if wished_ms is None else min(wished_ms, credential.expires_ms)
