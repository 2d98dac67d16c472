"""Links: made, listed, ended and given another secret by members; exchanged for grants by whoever has the URL."""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from functools import partial

from server.clock import Clock
from server.errors import ConflictError, LimitExceededError, LinkEndedError
from server.model import Identity, Tier, View
from server.spectators.audience import Audience
from server.spectators.contract import Exchanged, Made, Wish
from server.spectators.grant import Grant, grant_ms, read, sign
from server.spectators.room import check_room
from server.spectators.standing import (
    LinkShown,
    LinkState,
    good_until,
    guest_of,
    name_of,
    shared_of,
    shown_of,
    state_of,
    stretch_of,
)
from server.spectators.watching import Watching
from server.store.accounts import standing_of
from server.store.audit import Deed, add_deed
from server.store.batches import batch_row
from server.store.database import Database, Transaction
from server.store.ids import Ids
from server.store.links import (
    ID_CHARS,
    LinkRow,
    NewLink,
    add_link,
    delete_old_links,
    lan_wanted,
    link_row,
    links_page,
    live_link_ids,
    live_links,
    new_link_id,
    office_link,
    revoke_link,
    rotate_link,
)
from server.store.recordings import recording_row

SECRET_BYTES = 32
links_max = 1_000
"""How many live links an account has at most, whatever its plan."""
listed_ms = 24 * 3_600_000
"""A link that has ended is listed for so long, and then forgotten."""

_ID = re.compile(rf"[a-z0-9]{{{ID_CHARS}}}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_NOBODYS = hashlib.sha256(b"").digest()


class Links:
    """All links of the store. `key` signs grants; `tiers` None: nothing is gated, as in local mode."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        ids: Ids,
        audience: Audience,
        key: bytes,
        tiers: Mapping[str, Tier] | None,
    ) -> None:
        self.audience = audience
        self.watching = Watching(audience, clock)
        self._db = db
        self._clock = clock
        self._ids = ids
        self._key = key
        self._tiers = tiers
        self._reading: dict[str, asyncio.Future[LinkRow | None]] = {}

    async def create(self, identity: Identity, wish: Wish) -> Made:
        """Make a link.

        Raises:
            NotFoundError: the recording or batch is none of this office's.
            TierRequiredError, LimitExceededError: there are as many as there may be.
        """
        now_ms, secret = self._clock.now_ms(), secrets.token_urlsafe(SECRET_BYTES)
        link = _new(identity, wish, _digest(secret), now_ms)
        async with self._db.write() as tx:
            await delete_old_links(tx.conn, identity.office, now_ms - listed_ms)
            if wish.recording is not None:
                await recording_row(tx.conn, identity.office, wish.recording)
            if wish.batch is not None:
                await batch_row(tx.conn, identity.office, wish.batch)
            count = await live_links(tx.conn, identity.account, now_ms)
            if count >= links_max:
                raise LimitExceededError(
                    f"links_max: expected at most {links_max} live links, got one more", limit="links_max"
                )
            await add_link(tx.conn, link)
            row = await office_link(tx.conn, identity.office, link.id)
            if self._tiers is not None:
                check_room(self._tiers, row.tier, count, own=row.own_links)
            await self._note(tx, identity, "link.made", link.id, view=row.view, shares=shared_of(row)[0])
        return Made(row=row, secret=secret)

    async def listed(self, office: str, *, limit: int, after: tuple[int, str] | None = None) -> list[LinkRow]:
        """Up to `limit` links of an office, newest first; those that ended more than a day ago are not among them."""
        since_ms = self._clock.now_ms() - listed_ms
        async with self._db.read() as conn:
            return await links_page(conn, office, limit=limit, since_ms=since_ms, after=after)

    async def one(self, office: str, link: str) -> LinkRow:
        """One link of an office.

        Raises:
            NotFoundError: there is none, or it is another office's.
        """
        async with self._db.read() as conn:
            return await office_link(conn, office, link)

    async def revoke(self, identity: Identity, link: str) -> None:
        """End a link, and the sockets of those who came by it; harmless when it has ended.

        Raises:
            NotFoundError: there is none, or it is another office's.
        """
        now_ms = self._clock.now_ms()
        async with self._db.write() as tx:
            row = await office_link(tx.conn, identity.office, link)
            await revoke_link(tx.conn, identity.office, link, now_ms)
            if row.revoked_ms is None:
                await self._note(tx, identity, "link.revoked", link)
            tx.then(partial(self._end, link, below=row.edition + 1, until_ms=now_ms))

    async def rotate(self, identity: Identity, link: str, grace_ms: int = 0) -> Made:
        """Give a link another secret. Whoever came by the former one may stay for the grace, and come again.

        Raises:
            NotFoundError: there is none, or it is another office's.
            ConflictError: it has ended.
        """
        now_ms, secret = self._clock.now_ms(), secrets.token_urlsafe(SECRET_BYTES)
        async with self._db.write() as tx:
            before = await office_link(tx.conn, identity.office, link)
            state = state_of(before, now_ms)
            if state is not LinkState.LIVE:
                raise ConflictError(f"link: expected a live one, got one that is {state}")
            until_ms = min(now_ms + grace_ms, before.expires_ms)
            former, former_until_ms = (before.hash, until_ms) if grace_ms else (None, None)
            await rotate_link(
                tx.conn, link, digest=_digest(secret), former=former, former_until_ms=former_until_ms
            )
            tx.then(partial(self._end, link, below=before.edition, until_ms=now_ms))
            tx.then(partial(self._end, link, below=before.edition + 1, until_ms=until_ms))
            await self._note(tx, identity, "link.rotated", link, grace_ms=grace_ms)
            row = await office_link(tx.conn, identity.office, link)
        return Made(row=row, secret=secret)

    async def exchange(self, link: str, secret: str) -> Exchanged:
        """Give a grant to whoever knows a link's secret.

        One way through for all who do not: one statement, two comparisons, the same error.

        Raises:
            LinkEndedError: the link is unknown, or the secret wrong, or it has ended.
        """
        now_ms, digest = self._clock.now_ms(), _digest(secret)
        async with self._db.read() as conn:
            row = await link_row(conn, link if _ID.fullmatch(link) else "")
        whole = bool(_SECRET.fullmatch(secret))
        current = hmac.compare_digest(row.hash if row else _NOBODYS, digest) and whole
        former = hmac.compare_digest((row.former if row else None) or _NOBODYS, digest) and whole
        if row is None or not (current or former):
            raise LinkEndedError
        edition = row.edition if current else row.edition - 1
        until_ms = good_until(row, edition, now_ms)
        if until_ms is None:
            raise LinkEndedError
        return self._exchanged(row, edition, min(until_ms, now_ms + grant_ms))

    async def by_grant(self, text: str) -> Identity | None:
        """Which guest a grant stands for; None: nobody, or no longer.

        Raises:
            LinkEndedError: it is one of ours, and its link has ended.
        """
        grant = read(text, self._key, self._clock.now_ms())
        if grant is None:
            return None
        row = await self._looked_up(grant.link)
        until_ms = None if row is None else good_until(row, grant.edition, self._clock.now_ms())
        if row is None or until_ms is None:
            raise LinkEndedError
        return guest_of(row, grant.edition, until_ms, self.viewers_max(row))

    async def shown(self, link: str) -> LinkShown | None:
        """What may be told of a link to anybody; None: there is none of this id."""
        if not _ID.fullmatch(link):
            return None
        row = await self._looked_up(link)
        return None if row is None else shown_of(row, self._clock.now_ms())

    async def lan_wanted(self) -> bool:
        """Whether there is a live link for the local network."""
        async with self._db.read() as conn:
            return await lan_wanted(conn, self._clock.now_ms())

    async def heed(self, account: str) -> None:
        """Look how an account stands: while it is suspended or about to be deleted, nobody watches by its links."""
        async with self._db.read() as conn:
            standing = await standing_of(conn, account)
            links = await live_link_ids(conn, account, self._clock.now_ms())
        for link in links:
            self._reading.pop(link, None)
        (self.audience.shut if standing is None or standing.still else self.audience.open)(links)

    def viewers_max(self, row: LinkRow) -> int | None:
        """How many may watch by a link at once; None: as many as want to."""
        if self._tiers is None:
            return None
        return self._tiers[row.tier].viewers if row.own_viewers is None else row.own_viewers

    def state(self, row: LinkRow) -> LinkState:
        """How a link stands now."""
        return state_of(row, self._clock.now_ms())

    async def _note(self, tx: Transaction, who: Identity, what: str, link: str, **detail: str | int) -> None:
        """Write down who did it: a link is a right given to somebody."""
        deed = Deed(
            account=who.account,
            actor=who.actor,
            what=what,
            about=link,
            at_ms=self._clock.now_ms(),
            detail=detail,
        )
        await add_deed(tx.conn, self._ids, deed)

    def _exchanged(self, row: LinkRow, edition: int, expires_ms: int) -> Exchanged:
        shared, resource = shared_of(row)
        return Exchanged(
            grant=sign(Grant(link=row.id, edition=edition, expires_ms=expires_ms), self._key),
            expires_ms=expires_ms,
            view=View(row.view),
            shared=shared,
            resource=resource,
            name=name_of(row),
            stretch=stretch_of(row),
        )

    async def _looked_up(self, link: str) -> LinkRow | None:
        """Read a link; those who ask for the same one while it is read get the same answer, as with tokens."""
        found = self._reading.get(link)
        if found is None:
            found = self._reading[link] = asyncio.ensure_future(self._read(link))
            found.add_done_callback(partial(self._forget, link))
        return await asyncio.shield(found)

    def _forget(self, link: str, read: asyncio.Future[LinkRow | None]) -> None:
        if self._reading.get(link) is read:
            del self._reading[link]

    def _end(self, link: str, *, below: int, until_ms: int) -> None:
        """An edition of a link has ended: whoever asks from now on asks anew."""
        self._reading.pop(link, None)
        self.audience.end(link, below=below, until_ms=until_ms)

    async def _read(self, link: str) -> LinkRow | None:
        async with self._db.read() as conn:
            return await link_row(conn, link)


def _new(identity: Identity, wish: Wish, digest: bytes, now_ms: int) -> NewLink:
    return NewLink(
        id=new_link_id(),
        account=identity.account,
        office=identity.office,
        hash=digest,
        label=wish.label,
        view=wish.view,
        recording=wish.recording,
        from_ms=wish.stretch.from_ms,
        to_ms=wish.stretch.to_ms,
        batch=wish.batch,
        origins=wish.origins,
        card=wish.card,
        lan=wish.lan,
        created_ms=now_ms,
        expires_ms=wish.expires_ms,
    )


def _digest(secret: str) -> bytes:
    """SHA-256: with 256 random bits there is nothing that a slow hash could add."""
    return hashlib.sha256(secret.encode()).digest()
