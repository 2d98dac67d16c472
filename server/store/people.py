"""People as rows: whoever can sign in, and the accounts they belong to."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.statements import fetch

ADD = "INSERT INTO people (id, email, created_ms) VALUES (:id, :email, :created_ms)"
BY_EMAIL = "SELECT id, email, subject FROM people WHERE email = :email"
BY_SUBJECT = "SELECT id, email, subject FROM people WHERE subject = :subject"
BY_ID = "SELECT id, email, subject FROM people WHERE id = :id"
TIE = "UPDATE people SET subject = :subject WHERE id = :id"
PLACES = """
SELECT m.account, o.id, o.name, m.role, a.tier FROM members AS m
JOIN offices AS o ON o.account = m.account JOIN accounts AS a ON a.id = m.account
WHERE m.person = :person ORDER BY m.role <> 'owner', m.created_ms, m.account
"""
MEMBERS = """
SELECT p.id, p.email, m.role, m.created_ms FROM members AS m JOIN people AS p ON p.id = m.person
WHERE m.account = :account ORDER BY m.created_ms, p.id
"""
JOIN = """
INSERT INTO members (account, person, role, created_ms) VALUES (:account, :person, :role, :created_ms)
ON CONFLICT (account, person) DO NOTHING RETURNING person
"""
ASSIGN = "UPDATE members SET role = :role WHERE account = :account AND person = :person"
LEAVE = "DELETE FROM members WHERE account = :account AND person = :person"


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """Somebody who can sign in; `subject` is who a provider of OpenID Connect says it is."""

    id: str
    email: str
    subject: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What a person is in one office."""

    account: str
    office: str
    name: str
    role: str
    tier: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRow:
    """One of those who belong to an account."""

    person: str
    email: str
    role: str
    since_ms: int


async def add_person(conn: AsyncConnection, *, person: str, email: str, now_ms: int) -> None:
    """Insert a person; no two have the same address."""
    await fetch(conn, ADD, id=person, email=email, created_ms=now_ms)


async def person_by_email(conn: AsyncConnection, email: str) -> PersonRow | None:
    """Who has this address (in small letters)."""
    return _person(await fetch(conn, BY_EMAIL, email=email))


async def person_by_subject(conn: AsyncConnection, subject: str) -> PersonRow | None:
    """Whom a provider of OpenID Connect calls so."""
    return _person(await fetch(conn, BY_SUBJECT, subject=subject))


async def person_row(conn: AsyncConnection, person: str) -> PersonRow | None:
    """The person of this id."""
    return _person(await fetch(conn, BY_ID, id=person))


async def tie(conn: AsyncConnection, person: str, subject: str) -> None:
    """From now on a provider's subject is this person."""
    await fetch(conn, TIE, id=person, subject=subject)


async def places(conn: AsyncConnection, person: str) -> list[Place]:
    """All offices that a person belongs to, those of their own first, then the ones longest theirs."""
    return [
        Place(account=account, office=office, name=name, role=role, tier=tier)
        for account, office, name, role, tier in await fetch(conn, PLACES, person=person)
    ]


async def members(conn: AsyncConnection, account: str) -> list[MemberRow]:
    """Who belongs to an account, whoever came first before."""
    return [
        MemberRow(person=person, email=email, role=role, since_ms=since_ms)
        for person, email, role, since_ms in await fetch(conn, MEMBERS, account=account)
    ]


async def join(conn: AsyncConnection, *, account: str, person: str, role: str, now_ms: int) -> bool:
    """Let a person belong to an account; False: they did already, and nothing was changed."""
    found = await fetch(conn, JOIN, account=account, person=person, role=role, created_ms=now_ms)
    return bool(found)


async def assign(conn: AsyncConnection, account: str, person: str, role: str) -> None:
    """Give a member another role."""
    await fetch(conn, ASSIGN, account=account, person=person, role=role)


async def leave(conn: AsyncConnection, account: str, person: str) -> None:
    """Let a person belong to an account no longer."""
    await fetch(conn, LEAVE, account=account, person=person)


def _person(rows: list[tuple[str, str, str | None]]) -> PersonRow | None:
    return PersonRow(id=rows[0][0], email=rows[0][1], subject=rows[0][2]) if rows else None
