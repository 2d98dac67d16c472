"""Sign-in by OpenID Connect: the authorization code flow with PKCE, for one provider that the operator has chosen.

Who somebody is, is the provider's name and its name for the person, and never an address: addresses change hands. An
address counts once, when a person is met for the first time, and only where the provider has confirmed it:

- nobody here has it: a new person, who gets an account if sign-up is open;
- somebody has it who comes in by mail: a letter goes to the address, and only in the browser that has just been at the
  provider's does opening it let both ways lead to the same person. So whoever once had an address, and still has it at the
  provider, does not get in as whoever has it now; nor does that person let them in by opening a letter;
- somebody has it, and no mail can be sent from here: the operator made that person, and chose this provider to say who
  people are, so its word is taken;
- somebody has it whom the same provider calls by another name: nothing is done.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.attempts import Attempts
from server.accounts.email import email_of
from server.accounts.founding import Founding
from server.accounts.idtoken import Claims, Expected, KeyMissingError, verified
from server.accounts.issuer import Issuer
from server.accounts.openid_errors import OpenIdError, Why
from server.accounts.passage import Passage, new_passage, read_passage, write_passage
from server.accounts.signin import SignIn
from server.clock import Clock
from server.errors import ForbiddenError, InvalidInputError, TenDesksError
from server.store.database import Database
from server.store.ids import Ids
from server.store.people import PersonRow, person_by_email, person_by_subject, tie
from server.store.sharedkeys import shared_key

log = structlog.get_logger(__name__)

HOUR_MS = 3_600_000
CODE_CHARS_MAX = 4_096
SCOPE = "openid email"


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """Where to send a browser, and what it has to carry there and back."""

    url: str = field(repr=False)
    cookie: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """How a return ended: with a session, or with a reason and perhaps something to carry on."""

    session: str | None = field(default=None, repr=False)
    why: Why | None = None
    cookie: str | None = field(default=None, repr=False)


class OpenId:
    """People who come from one provider. `name`: what the sign-in page calls it."""

    def __init__(
        self, *, name: str, issuer: Issuer, db: Database, clock: Clock, ids: Ids, signin: SignIn, per_address_max: int
    ) -> None:  # fmt: skip
        self.name = name
        self._issuer = issuer
        self._db = db
        self._clock = clock
        self._ids = ids
        self._signin = signin
        self._founding = Founding(clock, ids)
        self._begun = Attempts(per_address_max, HOUR_MS)
        self._returned = Attempts(per_address_max, HOUR_MS)
        self._key: bytes | None = None

    async def aclose(self) -> None:
        """Close all connections to the provider."""
        await self._issuer.aclose()

    async def begin(self, address: str | None) -> Begun:
        """Begin a try from a network address (None: not counted). Raises OpenIdError."""
        try:
            return await self._begin(address)
        except OpenIdError as error:
            log.warning("openid.not_begun", why=error.why, reason=error.reason)
            raise

    async def _begin(self, address: str | None) -> Begun:
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415 - at the first sign-in
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415

        self._count(self._begun, address)
        client, facts = self._issuer.client, await self._issuer.facts()
        passage = new_passage(self._clock.now_ms())
        url = prepare_grant_uri(
            facts.authorize,
            client_id=client.id,
            response_type="code",
            redirect_uri=client.redirect,
            scope=SCOPE,
            state=passage.state,
            nonce=passage.nonce,
            code_challenge=create_s256_code_challenge(passage.verifier),  # type: ignore[no-untyped-call]
            code_challenge_method="S256",
        )
        return Begun(url=url, cookie=write_passage(passage, await self._shared_key()))

    async def finish(
        self, said: Mapping[str, str], cookie: str | None, label: str | None, address: str | None
    ) -> Entered:
        """End a try with what came back (`said`) and what the browser carried; never raises for a visitor's fault."""
        try:
            self._count(self._returned, address)
            passage = await self._passage(said, cookie)
            claims = await self._claims(said, passage)
            return await self._enter(claims, label)
        except OpenIdError as error:
            log.warning("openid.refused", why=error.why, reason=error.reason)
            return Entered(why=error.why)

    async def carried(self, cookie: str | None) -> str | None:
        """What a letter that joins two ways in was written for, if this browser carries it."""
        passage = read_passage(cookie, await self._shared_key(), self._clock.now_ms())
        return None if passage is None else passage.state

    def _count(self, attempts: Attempts, address: str | None) -> None:
        if address is not None and attempts.take(address, self._clock.monotonic_ms()):
            raise OpenIdError(Why.OFTEN, f"openid_per_address_max: expected at most {attempts.limit} an hour")

    async def _shared_key(self) -> bytes:
        if self._key is None:
            self._key = await shared_key(self._db, "passage_key")
        return self._key

    async def _passage(self, said: Mapping[str, str], cookie: str | None) -> Passage:
        """The try that this browser began, if what came back belongs to it."""
        passage = read_passage(cookie, await self._shared_key(), self._clock.now_ms())
        if passage is None:
            raise OpenIdError(Why.EXPIRED, "cookie: expected that of a try that goes on, got none")
        if not hmac.compare_digest(passage.state.encode(), said.get("state", "").encode()):
            raise OpenIdError(Why.EXPIRED, "state: expected that of this browser's try, got another")
        return passage

    async def _claims(self, said: Mapping[str, str], passage: Passage) -> Claims:
        """Who the provider says it is."""
        client, facts = self._issuer.client, await self._issuer.facts()
        named = said.get("iss", None if facts.names_itself else client.issuer)
        if named != client.issuer:  # RFC 9207: an answer that another provider was asked for
            raise OpenIdError(Why.INVALID, f"iss: expected {client.issuer}, got {named!r:.200}")
        if "error" in said or not 0 < len(said.get("code", "")) <= CODE_CHARS_MAX:
            raise OpenIdError(Why.REFUSED, f"expected a code, got the error {said.get('error')!r:.60}")
        answer = await self._issuer.redeem(said["code"], passage.verifier)
        expected = Expected(
            issuer=client.issuer, audience=client.id, nonce=passage.nonce, now_ms=self._clock.now_ms(), access=answer.access
        )  # fmt: skip
        try:
            claims = verified(answer.id_token, await self._issuer.keys(), expected)
        except KeyMissingError:
            claims = verified(answer.id_token, await self._issuer.keys(anew=True), expected)
        if claims.email is None and answer.access is not None:
            claims = claims.with_more(await self._issuer.person(answer.access))
        return claims

    async def _enter(self, claims: Claims, label: str | None) -> Entered:
        try:
            async with self._db.write() as tx:
                person = await person_by_subject(tx.conn, claims.subject)
                if person is None:
                    person = await self._met(tx.conn, claims)
                if person is not None:
                    session = await self._signin.enter(
                        tx.conn, person, label, how=f"OpenID Connect ({self.name})"
                    )
                    return Entered(session=session)
        except ForbiddenError as error:
            raise OpenIdError(Why.CLOSED, error.detail) from error
        return await self._ask(claims)

    async def _met(self, conn: AsyncConnection, claims: Claims) -> PersonRow | None:
        """Whom somebody is who comes for the first time; None: whoever has the address has to be asked first."""
        email = _confirmed(claims)
        known = await person_by_email(conn, email)
        if known is not None and known.subject is not None:
            raise OpenIdError(Why.TAKEN, "email: expected one that no other person of this provider has")
        if known is not None and self._signin.by_mail:
            return None
        person = known or await self._founding.person(conn, email)
        await tie(conn, person.id, claims.subject)
        return PersonRow(id=person.id, email=person.email, subject=claims.subject)

    async def _ask(self, claims: Claims) -> Entered:
        """Send a letter to whoever has the address; it joins both ways in if it is opened in this browser."""
        passage = new_passage(self._clock.now_ms())
        try:
            self._signin.ask_to_join(_confirmed(claims), claims.subject, passage.state, self.name)
        except TenDesksError as error:
            raise OpenIdError(Why.OFTEN, error.detail) from error
        return Entered(why=Why.LETTER, cookie=write_passage(passage, await self._shared_key()))


def _confirmed(claims: Claims) -> str:
    """The address of somebody, which the provider has confirmed."""
    if claims.email is None or not claims.confirmed:
        raise OpenIdError(Why.MAIL, "email: expected one that the provider has confirmed, got none")
    try:
        return email_of(claims.email)
    except InvalidInputError as error:
        raise OpenIdError(Why.MAIL, error.detail) from error
