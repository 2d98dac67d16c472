"""The part of the route table that is about people: sessions, sign-in, tokens, members, the audit log, accounts."""

from server.model import Scope
from server.routes import accounts, audit, members, openid, privacy, session, sessions, signin, tokens
from server.routes.entry import API, NOTHING, Answer, Entry, Query, json
from server.routes.paging import LIMIT, LIMIT_MAX
from server.routes.peopleschemas import EMAIL
from server.routes.schemas import TEXT

PAGED = (
    Query(
        name="limit",
        schema={"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT},
        text="How many at most.",
    ),
    Query(name="cursor", schema=TEXT, text="The `next` of the page before."),
)
AWAY = Answer(status=303, content={})
RETURNED = (
    ("state", "As it was sent there."),
    ("code", "What the provider gives once, if it lets somebody in."),
    ("error", "Why it does not."),
    ("iss", "What the provider calls itself (RFC 9207)."),
)
SECRET = "No Idempotency-Key is heeded, because the answer is kept nowhere."  # noqa: S105 - a sentence

PEOPLE: tuple[Entry, ...] = (
    Entry(
        method="POST", path=f"{API}/session", scope=None, endpoint=session.begin, tag="session",
        summary="Trade an API token or the secret of a one-time link for the page's session cookie.",
        body={"application/json": "SessionStart"}, answer=NOTHING,
    ),
    Entry(
        method="GET", path=f"{API}/session", scope=Scope.READ, endpoint=session.shown, tag="session",
        summary="Who asks, as what, and in which offices they may be.", answer=json("Session"),
    ),
    Entry(
        method="PATCH", path=f"{API}/session", scope=Scope.READ, endpoint=session.patch, tag="session",
        summary="Go over to another office that one belongs to.",
        body={"application/json": "SessionPatch"}, answer=NOTHING,
    ),
    Entry(
        method="DELETE", path=f"{API}/session", scope=Scope.READ, endpoint=session.end, tag="session",
        summary="End the session whose cookie came.", answer=NOTHING,
    ),
    Entry(
        method="GET", path=f"{API}/sessions", scope=Scope.READ, endpoint=sessions.listed, tag="session",
        summary="Where one is signed in.", answer=json("Sessions"),
    ),
    Entry(
        method="DELETE", path=f"{API}/sessions", scope=Scope.READ, endpoint=sessions.end_all, tag="session",
        summary="Sign out everywhere, here too.", answer=NOTHING,
    ),
    Entry(
        method="DELETE", path=f"{API}/sessions/{{id}}", scope=Scope.READ, endpoint=sessions.end_one, tag="session",
        summary="Sign out there.", answer=NOTHING,
    ),
    Entry(
        method="GET", path=f"{API}/signin", scope=None, endpoint=signin.ways, tag="session",
        summary="Which ways to sign in there are.", answer=json("SignInWays"),
    ),
    Entry(
        method="POST", path=f"{API}/signin", scope=None, endpoint=signin.ask, tag="session",
        summary="Have a one-time link sent by e-mail; the answer is the same whoever it is.",
        body={"application/json": "SignInAsked"}, answer=NOTHING,
    ),
    Entry(
        method="GET", path=f"{API}/signin/openid", scope=None, endpoint=openid.begin, tag="session",
        summary="For a browser: go to the provider of OpenID Connect, if there is one, and sign in there.", answer=AWAY,
    ),
    Entry(
        method="GET", path=f"{API}/signin/openid/return", scope=None, endpoint=openid.finish, tag="session",
        summary="For a browser: come back from there, to the page with a session, or to its sign-in with a reason.",
        answer=AWAY, query=tuple(Query(name=name, schema=TEXT, text=text) for name, text in RETURNED),
    ),
    Entry(
        method="GET", path=f"{API}/tokens", scope=Scope.READ, endpoint=tokens.listed, tag="tokens",
        summary="API tokens: an owner sees all of the office's, others their own.", answer=json("Tokens"),
    ),
    Entry(
        method="POST", path=f"{API}/tokens", scope=Scope.CONTROL, endpoint=tokens.create, tag="tokens",
        summary=f"Make a token that allows no more, and for no longer, than what asks for it. {SECRET}",
        body={"application/json": "NewToken"}, answer=json("MadeToken", 201, leads={"delete_tokens_id": "/id"}),
        keyed=False,
    ),
    Entry(
        method="DELETE", path=f"{API}/tokens/{{id}}", scope=Scope.CONTROL, endpoint=tokens.revoke, tag="tokens",
        summary="End a token at once.", answer=NOTHING, spared=True,
    ),
    Entry(
        method="GET", path=f"{API}/members", scope=Scope.READ, endpoint=members.listed, tag="members",
        summary="Who belongs to the office, and who is invited.", answer=json("Members"),
    ),
    Entry(
        method="POST", path=f"{API}/members", scope=Scope.ADMIN, endpoint=members.invite, tag="members",
        summary="Invite somebody by e-mail; the newest invitation to an address alone is good.",
        body={"application/json": "NewMember"}, answer=json("Invitation", 201), keyed=False,
    ),
    Entry(
        method="PATCH", path=f"{API}/members/{{id}}", scope=Scope.ADMIN, endpoint=members.patch, tag="members",
        summary="Give a member another role; it holds from their next request on.",
        body={"application/json": "MemberPatch"}, answer=json("Member"),
    ),
    Entry(
        method="DELETE", path=f"{API}/members/{{id}}", scope=Scope.ADMIN, endpoint=members.remove, tag="members",
        summary="Let a member go with all their tokens and sessions here, or take an invitation back.",
        answer=NOTHING, spared=True,
    ),
    Entry(
        method="GET", path=f"{API}/audit", scope=Scope.ADMIN, endpoint=audit.listed, tag="account",
        summary="Who changed what of who may do what, newest first.", answer=json("Deeds"), query=PAGED,
    ),
    Entry(
        method="GET", path=f"{API}/accounts", scope=Scope.HOUSE, endpoint=accounts.listed, tag="accounts",
        summary="All accounts of a hosted server, newest first; for its operator.", answer=json("Accounts"),
        query=(Query(name="email", schema=EMAIL, text="Only those that somebody with this address owns."), *PAGED),
    ),
    Entry(
        method="POST", path=f"{API}/accounts", scope=Scope.HOUSE, endpoint=accounts.create, tag="accounts",
        summary="Make an account for an address; for the operator.",
        body={"application/json": "NewAccount"}, answer=json("ListedAccount", 201),
    ),
    Entry(
        method="PATCH", path=f"{API}/accounts/{{id}}", scope=Scope.HOUSE, endpoint=accounts.patch, tag="accounts",
        summary="Change an account's tier or slots, or suspend it, at once; for the operator.",
        body={"application/json": "ListedAccountPatch"}, answer=json("ListedAccount"),
    ),
    Entry(
        method="DELETE", path=f"{API}/accounts/{{id}}", scope=Scope.HOUSE, endpoint=privacy.delete_other, tag="accounts",
        summary="Have an account deleted, after the same while in which it can be taken back; for the operator.",
        answer=json("Deletes", 202),
    ),
    Entry(
        method="POST", path=f"{API}/accounts/{{id}}/keep", scope=Scope.HOUSE, endpoint=privacy.keep_other, tag="accounts",
        summary="Take an account's deletion back; for the operator.", answer=NOTHING, once=True,
    ),
    Entry(
        method="POST", path=f"{API}/accounts/{{id}}/tokens", scope=Scope.HOUSE, endpoint=accounts.give_token,
        tag="accounts", summary=f"Make a token for an account's owner; for the operator. {SECRET}",
        body={"application/json": "NewToken"}, answer=json("MadeToken", 201), keyed=False,
    ),
)  # fmt: skip
