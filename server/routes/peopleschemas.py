"""The shapes of people, sessions, tokens, members, accounts and the audit log as JSON Schema, by name."""

from server.accounts.email import EMAIL_CHARS_MAX
from server.accounts.roles import MEMBERS
from server.model import Role, Scope
from server.routes.schemas import (
    ANY_OBJECT,
    COUNT,
    FLAG,
    ID,
    MOMENT,
    OFFICE_CHARS_MAX,
    TEXT,
    Schema,
    all_of,
    pages_of,
    patch,
    ref,
    sent,
    shape,
    text,
    words,
)
from server.settings import Mode

LABEL_CHARS_MAX = 80
NUMBERS_MAX = {
    "slots": 10_000,
    "quota": 1_000_000_000,
    "links": 1_000,
    "viewers": 100_000,
    "recording_days": 36_500,
}
"""The largest number that an operator may set for one account."""
SECRET_CHARS_MAX = 200
SCOPES = [scope for scope in Scope if scope is not Scope.HOUSE]

EMAIL: Schema = {"type": "string", "format": "email", "maxLength": EMAIL_CHARS_MAX}
_SCOPES: Schema = {"type": "array", "items": words(Scope)}
_ASKED: Schema = {
    "type": "array",
    "items": words(SCOPES),
    "minItems": 1,
    "description": "all of one's own unless said, and never more than these",
}
_EXPIRES = {**MOMENT, "description": "never unless said, and never later than what makes it"}
_PLACE = shape({"id": ID, "name": TEXT, "role": words(MEMBERS), "tier": TEXT})
_TOKEN = {"id": ID, "role": words(Role), "scopes": _SCOPES, "created": MOMENT}
_ACCOUNT = {"id": ID, "office": ID, "email": TEXT, "name": TEXT, "tier": TEXT, "created": MOMENT}

PEOPLE_SCHEMAS: dict[str, Schema] = {
    "SessionStart": {
        "oneOf": [
            sent({"token": {**TEXT, "description": "an API token"}}),
            sent({"letter": {**TEXT, "description": "the secret of a one-time link"}}),
        ]
    },
    "Session": shape(
        {
            "mode": words(Mode),
            "office": ID,
            "role": words(Role),
            "scopes": _SCOPES,
            "signed": {"type": "boolean", "description": "in by a session, and not by a token"},
            "offices": {"type": "array", "items": _PLACE},
        },
        email=TEXT,
        suspended=FLAG,
    ),
    "SessionPatch": sent({"office": {**ID, "description": "one of those that you belong to"}}),
    "ListedSession": shape(
        {"id": ID, "created": MOMENT, "expires": MOMENT, "current": FLAG}, label=TEXT, used=MOMENT
    ),
    "SignInWays": shape(
        {"mode": words(Mode), "email": FLAG},
        openid=shape({"name": {**TEXT, "description": "what the provider of OpenID Connect is called"}}),
    ),
    "SignInAsked": sent({"email": EMAIL}),
    "NewToken": sent({"label": text(LABEL_CHARS_MAX)}, scopes=_ASKED, expires=_EXPIRES),
    "MadeToken": shape(
        {**_TOKEN, "token": {**TEXT, "description": "shown this once"}}, label=TEXT, expires=MOMENT
    ),
    "ListedToken": shape({**_TOKEN, "current": FLAG}, label=TEXT, expires=MOMENT, used=MOMENT, email=TEXT),
    "Member": shape({"id": ID, "email": TEXT, "role": words(MEMBERS), "since": MOMENT, "you": FLAG}),
    "Invitation": shape(
        {"id": ID, "email": TEXT, "role": words(MEMBERS), "invited": MOMENT, "expires": MOMENT}
    ),
    "Members": shape(
        {
            "items": {"type": "array", "items": ref("Member")},
            "invited": {"type": "array", "items": ref("Invitation")},
        }
    ),
    "NewMember": sent({"email": EMAIL, "role": words(MEMBERS)}),
    "MemberPatch": sent({"role": words(MEMBERS)}),
    "Deed": shape({"id": ID, "at": MOMENT, "actor": TEXT, "what": TEXT, "about": TEXT, "detail": ANY_OBJECT}),
    "AccountDeleted": sent({"confirm": {**TEXT, "description": "the account's name"}}),
    "Deletes": shape(
        {"deletes": {**MOMENT, "description": "when it is done; until then it can be taken back"}}
    ),
    "NewAccount": sent({"email": EMAIL}, tier=TEXT, name=text(OFFICE_CHARS_MAX)),
    "ListedAccount": shape(
        _ACCOUNT,
        **{name: {**COUNT, "description": "over the tier's"} for name in NUMBERS_MAX},
        suspended=MOMENT,
        deletes={**MOMENT, "description": "when it is deleted, unless that is taken back before"},
    ),
    "ListedAccountPatch": patch(
        tier=TEXT,
        **{
            name: {
                "type": "integer",
                "minimum": 0,
                "maximum": most,
                "description": "over the tier's; 0 takes it away",
            }
            for name, most in NUMBERS_MAX.items()
        },
        suspended=FLAG,
    ),
    "Sessions": all_of("ListedSession"),
    "Tokens": all_of("ListedToken"),
    "Deeds": pages_of("Deed"),
    "Accounts": pages_of("ListedAccount"),
}
