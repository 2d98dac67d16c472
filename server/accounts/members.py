"""Who belongs to an office, and as what; and the invitations by which somebody comes to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.attempts import Attempts
from server.accounts.mail import Mail
from server.accounts.postroom import PostRoom
from server.accounts.tokens import Tokens, hashed, new_letter_secret
from server.clock import Clock
from server.errors import (
    ConflictError,
    LastOwnerError,
    LimitExceededError,
    NotFoundError,
    TooManyAttemptsError,
)
from server.model import Identity, Role
from server.settings import Settings
from server.store.audit import Deed, add_deed
from server.store.database import Database, Transaction
from server.store.ids import Ids
from server.store.letters import LetterRow, add_letter, drop_invitations_to, drop_letter, invitations
from server.store.people import MemberRow, assign, leave, members
from server.store.tokens import drop_tokens_of, token_ids_of

DAY_MS = 86_400_000
invitation_ms = 7 * DAY_MS
members_max = 200
"""Members and open invitations of one office."""
invitations_per_day_max = 50
TEXT = """{inviter} invites you to the office {office} on Ten Desks, as {role}.

Open this link to join and sign in:

{url}

It works once, within seven days. If you do not know {inviter}, leave it closed.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """Who belongs to an office, and who is invited."""

    members: list[MemberRow]
    invited: list[LetterRow]


class Members:
    """The members of offices. `office_name` names the office of an account in an invitation."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, settings: Settings, tokens: Tokens, post: PostRoom,
        office_name: Callable[[str], Awaitable[str]],
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._tokens = tokens
        self._post = post
        self._office_name = office_name
        self._attempts = Attempts(invitations_per_day_max, DAY_MS)

    async def staff(self, account: str) -> Staff:
        """Everybody of an account's office."""
        async with self._db.read() as conn:
            return await self._staff(conn, account)

    async def invite(self, who: Identity, email: str, role: Role) -> LetterRow:
        """Send an invitation; a former one to the same address ends.

        Raises:
            ConflictError: whoever it is belongs to the office already.
            LimitExceededError: as many belong to it or are invited as may be.
            TooManyAttemptsError: too many invitations in a day.
            UnavailableError: no mail can be sent from here, or too much waits.
        """
        wait_s = self._attempts.take(who.account, self._clock.monotonic_ms())
        if wait_s:
            raise TooManyAttemptsError(
                f"invitations_per_day_max: expected at most {invitations_per_day_max}; come back in {wait_s} s",
                retry=wait_s,
            )
        name, now_ms, secret = await self._office_name(who.office), self._clock.now_ms(), new_letter_secret()
        url = f"{self._settings.page_url}/#signin={secret}"
        text = TEXT.format(inviter=who.actor, office=name, role=role, url=url)
        letter = LetterRow(
            id=self._ids.new(), email=email, account=who.account, role=role, created_ms=now_ms,
            expires_ms=now_ms + invitation_ms,
        )  # fmt: skip
        async with self._db.write() as tx:
            self._check(await self._staff(tx.conn, who.account), email)
            await drop_invitations_to(tx.conn, who.account, email)
            await add_letter(tx.conn, letter, hashed(secret))
            await self._note(tx, who, "member.invited", email, role=role)
            self._post.put(partial(_written, Mail(to=email, subject="An invitation to Ten Desks", text=text)))
        return letter

    async def assign(self, who: Identity, member: str, role: Role) -> MemberRow:
        """Give a member another role; it holds from their next request on.

        Raises:
            NotFoundError: nobody of that id belongs to the office.
            LastOwnerError: it would have no owner any more.
        """
        async with self._db.write() as tx:
            found = await self._member(tx, who.account, member, leaves=role is not Role.OWNER)
            await assign(tx.conn, who.account, member, role)
            await self._note(tx, who, "member.assigned", found.email, role=role, before=found.role)
            tx.then(partial(self._tokens.changed, await token_ids_of(tx.conn, who.account, member)))
        return MemberRow(person=member, email=found.email, role=role, since_ms=found.since_ms)

    async def remove(self, who: Identity, member: str) -> None:
        """Let somebody go, with all their tokens and sessions here; or take an invitation of that id back.

        Raises:
            NotFoundError: there is neither.
            LastOwnerError: the office would have no owner any more.
        """
        async with self._db.write() as tx:
            letter = await drop_letter(tx.conn, who.account, member)
            if letter is not None:
                await self._note(tx, who, "member.uninvited", letter.email)
                return
            found = await self._member(tx, who.account, member, leaves=True)
            await leave(tx.conn, who.account, member)
            await self._note(tx, who, "member.removed", found.email, before=found.role)
            tx.then(partial(self._tokens.ended, await drop_tokens_of(tx.conn, who.account, member)))

    async def _staff(self, conn: AsyncConnection, account: str) -> Staff:
        invited = await invitations(conn, account, self._clock.now_ms())
        return Staff(members=await members(conn, account), invited=invited)

    def _check(self, staff: Staff, email: str) -> None:
        if any(member.email == email for member in staff.members):
            raise ConflictError(f"email: expected somebody new, {email} belongs to this office already")
        others = [letter for letter in staff.invited if letter.email != email]
        if len(staff.members) + len(others) >= members_max:
            raise LimitExceededError(
                f"members_max: expected at most {members_max} members and invitations", limit="members_max"
            )

    async def _member(self, tx: Transaction, account: str, member: str, *, leaves: bool) -> MemberRow:
        """Return a member, who may leave off being an owner if there is another one."""
        staff = await members(tx.conn, account)
        found = next((each for each in staff if each.person == member), None)
        if found is None:
            raise NotFoundError(f"member: there is no {member!r} in this office")
        owners = [each.person for each in staff if each.role == Role.OWNER]
        if leaves and owners == [member]:
            raise LastOwnerError("role: expected another owner beside this one; make somebody else one first")
        return found

    async def _note(self, tx: Transaction, who: Identity, what: str, about: str, **detail: str) -> None:
        deed = Deed(
            account=who.account, actor=who.actor, what=what, about=about, at_ms=self._clock.now_ms(),
            detail=detail,
        )  # fmt: skip
        await add_deed(tx.conn, self._ids, deed)


async def _written(mail: Mail) -> Mail:
    return mail
