"""Sign-in by e-mail: a one-time link is sent to an address, and whoever opens it is whose address it is.

The link's secret lies in the URL's fragment, which no server and no proxy is sent. It is good for 15 minutes and once.
"""

import hmac
import re

from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.attempts import Attempts
from server.accounts.founding import Founding
from server.accounts.mail import Mail
from server.accounts.postroom import PostRoom
from server.accounts.sessions import Sessions
from server.accounts.tokens import hashed, new_letter_secret
from server.clock import Clock
from server.errors import ForbiddenError, LetterEndedError, TooManyAttemptsError
from server.model import Role
from server.settings import Settings, SignUp
from server.store.audit import Deed, add_deed
from server.store.database import Database
from server.store.ids import Ids
from server.store.letters import LetterRow, add_letter, drop_expired_letters, use_letter
from server.store.people import PersonRow, join, person_by_email, person_by_subject, places, tie

letter_ms = 15 * 60_000
HOUR_MS = 3_600_000
_SECRET = re.compile(r"tdl_[A-Za-z0-9_-]{43}", re.ASCII)
TEXT = """Open this link to sign in to Ten Desks:

{url}

It works once, within 15 minutes. If you did not ask for it, nothing happens unless you open it.
"""
JOINING = """Somebody has just signed in to Ten Desks with {name}, by your address.

If that was you, open this link in the same browser, and from then on both ways lead to the same office:

{url}

It works once, within 15 minutes. If it was not you, leave it closed: nothing changes.
"""


class SignIn:
    """Letters out, sessions in. `newcomers`: the tier of an account that somebody gets by signing up."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, settings: Settings, sessions: Sessions, post: PostRoom,
        newcomers: str,
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._sessions = sessions
        self._founding = Founding(clock, ids)
        self._newcomers = newcomers
        self.post = post
        self._by_address = Attempts(settings.signins_per_address_max, HOUR_MS)
        self._by_email = Attempts(settings.signins_per_email_max, HOUR_MS)

    @property
    def by_mail(self) -> bool:
        """Whether people can sign in by e-mail here."""
        return self.post.open

    def ask(self, email: str, address: str | None) -> None:
        """Have a link sent to an e-mail address, asked for from a network address (None: not counted).

        Whether anybody has an account by it is neither told nor to be seen from how long this takes: all that depends on it
        is done when the letter's turn comes.

        Raises:
            TooManyAttemptsError: asked for too often, from there or for it.
            UnavailableError: no mail can be sent from here, or too much waits.
        """
        self._count("signins_per_address_max", self._by_address, address)
        self._count("signins_per_email_max", self._by_email, email)

        async def write() -> Mail | None:
            return await self._letter(email)

        self.post.put(write)

    def ask_to_join(self, email: str, subject: str, carried: str, name: str) -> None:
        """Have a letter sent by which a provider's `subject` becomes whoever has this address.

        It does so only in a browser that carries `carried`, else it signs in as any other: whoever reads the mail need not
        be who has just been at the provider's. Raises as `ask`.
        """
        self._count("signins_per_email_max", self._by_email, email)

        async def write() -> Mail | None:
            return await self._letter(
                email, subject=subject, carried=hashed(carried), text=JOINING, name=name
            )

        self.post.put(write)

    async def begin(self, secret: str, label: str | None, carried: str | None = None) -> str:
        """Trade the secret of a letter for a session, and return the session's secret.

        An invitation makes its person a member of the office that it is for. Who belongs to no office at all gets one.
        `carried`: what the browser brought from a provider of OpenID Connect.

        Raises:
            LetterEndedError: there is no such letter, it was used, or it is too old.
            ForbiddenError: it is a stranger's, and strangers are not let in here.
        """
        if not _SECRET.fullmatch(secret):
            raise LetterEndedError
        async with self._db.write() as tx:
            letter = await use_letter(tx.conn, hashed(secret))
            if letter is None or letter.expires_ms <= self._clock.now_ms():
                raise LetterEndedError
            person = await self._founding.person(tx.conn, letter.email)
            if letter.account is not None:
                await self._join(tx.conn, person, letter.account, Role(letter.role or Role.VIEWER))
            tied = await self._tie(tx.conn, person, letter, carried)
            how = "e-mail, joined to OpenID Connect" if tied else "e-mail"
            return await self.enter(tx.conn, person, label, account=letter.account, how=how)

    async def enter(
        self, conn: AsyncConnection, person: PersonRow, label: str | None, *, account: str | None = None,
        how: str = "e-mail",
    ) -> str:  # fmt: skip
        """Begin a session of a person in an account's office, or in their first one. Raises ForbiddenError."""
        if account is None:
            found = await places(conn, person.id)
            account = found[0].account if found else await self._found(conn, person)
        deed = Deed(
            account=account, actor=person.email, what="session.begun", about=person.email,
            at_ms=self._clock.now_ms(), detail={"how": how},
        )  # fmt: skip
        await add_deed(conn, self._ids, deed)
        return await self._sessions.open(conn, account=account, person=person.id, label=label)

    async def _found(self, conn: AsyncConnection, person: PersonRow) -> str:
        if self._settings.signup is not SignUp.OPEN:
            raise ForbiddenError("sign-up is closed here: ask the operator of this server for an account")
        return await self._founding.account(conn, person, tier=self._newcomers, actor=person.email)

    async def _join(self, conn: AsyncConnection, person: PersonRow, account: str, role: Role) -> None:
        now_ms = self._clock.now_ms()
        if await join(conn, account=account, person=person.id, role=role, now_ms=now_ms):
            deed = Deed(
                account=account, actor=person.email, what="member.joined", about=person.email, at_ms=now_ms,
                detail={"role": role},
            )  # fmt: skip
            await add_deed(conn, self._ids, deed)

    async def _tie(
        self, conn: AsyncConnection, person: PersonRow, letter: LetterRow, carried: str | None
    ) -> bool:
        """Let a provider's subject be this person, if the letter says so and this is the browser that asked for it."""
        if letter.subject is None or letter.carried is None or carried is None or person.subject is not None:
            return False
        if not hmac.compare_digest(letter.carried, hashed(carried)):
            return False
        if await person_by_subject(conn, letter.subject) is not None:
            return False
        await tie(conn, person.id, letter.subject)
        return True

    async def _letter(
        self, email: str, *, subject: str | None = None, carried: bytes | None = None, text: str = TEXT, name: str = ""
    ) -> Mail | None:  # fmt: skip
        """Write the letter, unless nobody would be let in by it."""
        secret, now_ms = new_letter_secret(), self._clock.now_ms()
        async with self._db.write() as tx:
            await drop_expired_letters(tx.conn, now_ms)
            person = await person_by_email(tx.conn, email)
            welcome = person is not None and bool(await places(tx.conn, person.id))
            if not welcome and self._settings.signup is not SignUp.OPEN:
                return None
            letter = LetterRow(
                id=self._ids.new(), email=email, account=None, role=None, created_ms=now_ms,
                expires_ms=now_ms + letter_ms, subject=subject, carried=carried,
            )  # fmt: skip
            await add_letter(tx.conn, letter, hashed(secret))
        url = f"{self._settings.page_url}/#signin={secret}"
        return Mail(to=email, subject="Sign in to Ten Desks", text=text.format(url=url, name=name))

    def _count(self, name: str, attempts: Attempts, who: str | None) -> None:
        wait_s = 0 if who is None else attempts.take(who, self._clock.monotonic_ms())
        if wait_s:
            raise TooManyAttemptsError(
                f"{name}: expected at most {attempts.limit} links an hour; come back in {wait_s} s",
                retry=wait_s,
            )
