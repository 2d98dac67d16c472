"""The tables of people who sign in; see `server/store/tables.py` for all others."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text

from server.store.schema import metadata

people = Table(  # whoever can sign in
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),  # in small letters
    Column(
        "subject", Text, unique=True
    ),  # who the provider of OpenID Connect says it is: issuer, space, subject
    Column("created_ms", BigInteger, nullable=False),
)

members = Table(  # who belongs to an account, and so to its office, as what
    "members",
    metadata,
    Column("account", ForeignKey("accounts.id"), primary_key=True),
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Index("ix_members_person", "person"),
)

letters = Table(  # one-time links that were sent by e-mail and not used yet
    "letters",
    metadata,
    Column("id", Text, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),  # SHA-256 of the secret
    Column("email", Text, nullable=False),
    Column("account", ForeignKey("accounts.id")),  # an invitation's; null: to sign in
    Column("role", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False, index=True),
    Column(
        "subject", Text
    ),  # of a person whom a provider of OpenID Connect knows, and who is to become this one
    Column("carried", LargeBinary),  # SHA-256 of what the browser has to carry for that
    Index("ix_letters_account", "account"),
)
