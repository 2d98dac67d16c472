"""The whole table: every endpoint is in it, every route refuses whoever may not use it, and nothing else."""

import inspect
from typing import Any

import pytest

import server.routes.account
import server.routes.accounts
import server.routes.arrivals
import server.routes.audit
import server.routes.batches
import server.routes.estimate
import server.routes.executions
import server.routes.exports
import server.routes.health
import server.routes.keys
import server.routes.kinds
import server.routes.links
import server.routes.members
import server.routes.office
import server.routes.openid
import server.routes.privacy
import server.routes.results
import server.routes.session
import server.routes.sessions
import server.routes.signin
import server.routes.submit
import server.routes.tasks
import server.routes.tiers
import server.routes.tokens
import server.routes.webhooks
from server.accounts.founding import Founding
from server.model import Role, Scope
from server.routes.create import ENTRIES
from server.routes.entry import API, Entry
from server.routes.table import TABLE
from server.store.ids import Ids
from server.store.people import join
from tests.routes.conftest import Front

NOUNS = (
    server.routes.account,
    server.routes.accounts,
    server.routes.arrivals,
    server.routes.audit,
    server.routes.batches,
    server.routes.estimate,
    server.routes.exports,
    server.routes.executions,
    server.routes.health,
    server.routes.keys,
    server.routes.kinds,
    server.routes.links,
    server.routes.members,
    server.routes.office,
    server.routes.openid,
    server.routes.privacy,
    server.routes.results,
    server.routes.session,
    server.routes.sessions,
    server.routes.signin,
    server.routes.submit,
    server.routes.tasks,
    server.routes.tiers,
    server.routes.tokens,
    server.routes.webhooks,
)
PUBLIC = {
    ("POST", f"{API}/session"),
    ("GET", f"{API}/signin"),
    ("POST", f"{API}/signin"),
    ("GET", f"{API}/signin/openid"),
    ("GET", f"{API}/signin/openid/return"),
    ("POST", f"{API}/links/exchange"),
    ("GET", "/healthz"),
    ("GET", "/s/{id}/card.png"),
    ("GET", "/readyz"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", f"{API}/tiers"),
    ("POST", f"{API}/webhooks/stripe"),  # whose caller is known by the signature
}
ABSENT = {"get_signin_openid", "get_signin_openid_return"}
"""Public, and not there: this server has no provider of OpenID Connect."""
FEW = {
    f"{API}/audit": Scope.ADMIN, f"{API}/accounts": Scope.HOUSE, f"{API}/account/export": Scope.ADMIN,
    f"{API}/billing/reconcile": Scope.HOUSE, f"{API}/webhooks": Scope.ADMIN, f"{API}/webhooks/{{id}}/deliveries": Scope.ADMIN,
}  # fmt: skip
"""What few may even look at."""
GUARDED = [entry for entry in ENTRIES if entry.scope is not None]


def concrete(entry: Entry) -> str:
    return (
        entry.path.replace("{delivery}", "nothing1")
        .replace("{id}", "nothing1")
        .replace("{provider}", "nothing1")
    )


def is_endpoint(found: Any, module: Any) -> bool:
    if not inspect.iscoroutinefunction(found) or found.__module__ != module.__name__:
        return False
    return not found.__name__.startswith("_") and list(inspect.signature(found).parameters) == ["call"]


@pytest.mark.parametrize("module", NOUNS, ids=lambda module: str(module.__name__.rpartition(".")[2]))
def test_no_endpoint_is_forgotten(module: Any) -> None:
    endpoints = {found for found in vars(module).values() if is_endpoint(found, module)}
    assert endpoints
    assert endpoints <= {entry.endpoint for entry in TABLE}


def test_the_table_is_consistent() -> None:
    assert len({(entry.method, entry.path) for entry in ENTRIES}) == len(ENTRIES)
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)
    assert {(entry.method, entry.path) for entry in ENTRIES if entry.scope is None} == PUBLIC
    for entry in GUARDED:
        assert entry.path.startswith(API)
        looks = entry.method == "GET" or entry.path.startswith(f"{API}/session")  # one's own are anybody's
        if (
            entry.path in FEW or entry.tag == "keys"
        ):  # own keys and master keys are their owners' alone, to look at too
            assert entry.scope is FEW.get(entry.path, entry.scope), entry.name
            assert entry.scope is not Scope.READ, entry.name
        else:
            assert (entry.scope is Scope.READ) == looks, entry.name
        assert not (entry.once and entry.body), "an endpoint that reads a body sees to the key itself"


async def statuses(front: Front, headers: dict[str, str]) -> dict[str, tuple[int, str]]:
    found = {}
    async with front.nobody() as client:
        for entry in ENTRIES:
            response = await client.request(entry.method, concrete(entry), headers=headers)
            code = response.json()["code"] if response.status_code >= 400 else ""
            found[entry.name] = (response.status_code, code)
    return found


async def test_without_credentials_only_what_is_public_answers(front: Front) -> None:
    for headers in ({}, {"authorization": "Bearer tds_wrong"}, {"cookie": "tendesks_8000=tdc_wrong"}):
        found = await statuses(front, headers)
        for entry in ENTRIES:
            if entry.name == "post_webhooks_stripe":
                assert found[entry.name] == (409, "billing_not_set_up")
            elif entry.scope is None:
                assert found[entry.name][0] in ({404} if entry.name in ABSENT else {200, 400}), entry.name
            else:
                assert found[entry.name] == (401, "not_authenticated"), entry.name


async def test_each_scope_opens_its_own_routes_and_no_other(front: Front) -> None:
    for scope in Scope:
        token = await front.issue(Role.OPERATOR, scope)
        found = await statuses(front, {"authorization": f"Bearer {token}"})
        for entry in GUARDED:
            refused = found[entry.name] == (403, "forbidden")
            assert refused == (entry.scope is not scope), (scope, entry.name, found[entry.name])


async def test_a_viewer_changes_nothing_whatever_its_scopes(front: Front) -> None:
    token = await front.issue(Role.VIEWER, *Scope)
    found = await statuses(front, {"authorization": f"Bearer {token}"})
    for entry in GUARDED:
        assert (found[entry.name] == (403, "forbidden")) == (entry.scope is not Scope.READ), entry.name


async def test_a_foreign_page_with_our_cookie_changes_nothing(front: Front) -> None:
    secret = await front.sessions.begin(front.token)
    cookie = {"cookie": f"tendesks_8000={secret}"}
    for origin in ({"origin": "http://evil.test"}, {}):
        found = await statuses(front, {**cookie, **origin})
        for entry in GUARDED:
            refused = found[entry.name] == (403, "origin_refused")
            assert refused == (entry.method != "GET"), entry.name


async def session_of(front: Front) -> str:
    await front.sessions.begin(front.token)
    return str((await front.get("/sessions"))["items"][0]["id"])


async def member_of(front: Front) -> str:
    async with front.db.write() as tx:
        person = await Founding(front.clock, Ids(front.clock)).person(tx.conn, "ada@example.org")
        await join(tx.conn, account=front.owner.account, person=person.id, role=Role.OWNER, now_ms=1)
    return person.id


async def test_another_office_sees_nothing_of_ours(front: Front) -> None:
    front.record()
    batch = await front.submit(1)
    await front.clock.advance(40_000)
    (task,) = (await front.get(f"/batches/{batch}/tasks"))["items"]
    (recording,) = (await front.get("/recordings"))["items"]
    ordered = await front.ask("POST", f"/recordings/{recording['id']}/exports", json={"format": "gif"})
    ids = {
        "batches": batch,
        "exports": ordered.json()["id"],
        "recordings": recording["id"],
        "tasks": task["id"],
        "executions": task["executions"][0]["id"],
        "tokens": (await front.get("/tokens"))["items"][0]["id"],
        "sessions": await session_of(front),
        "members": await member_of(front),
        "links": (await front.ask("POST", "/links", json={})).json()["id"],
        "webhooks": (await front.ask("POST", "/webhooks", json={"url": "http://127.0.0.1:9/"})).json()["id"],
    }
    async with front.db.write() as tx:
        from server.store.accounts import add_account
        from server.store.offices import add_office

        await add_account(tx.conn, account="another", name="B", tier="pro", now_ms=1)
        await add_office(tx.conn, office="another1", account="another", name="B", now_ms=1)
    from server.accounts.tokens import Grant, TokenKind

    grant = Grant(account="another", role=Role.OWNER, scopes=frozenset(Scope))
    headers = {"authorization": f"Bearer {await front.tokens.issue(TokenKind.API, grant)}"}
    async with front.nobody() as client:
        for entry in GUARDED:
            if "{id}" not in entry.path or entry.scope is Scope.HOUSE:
                continue
            path = entry.path.replace("{id}", ids[entry.path.split("/")[3]]).replace("{n}", "0")
            path = path.replace("{delivery}", "nothing1")
            bodies = {
                "PATCH": {"role": "viewer"}
                if "members" in path
                else {"label": "mine"}
                if "webhooks" in path
                else {"name": "mine"},
                "POST": {"token": f"{ids['executions']}.1"},
            }
            body = bodies.get(entry.method) if entry.body and "links" not in path else None
            if entry.path.endswith("/exports"):
                body = {"format": "gif"}
            response = await client.request(entry.method, path, headers=headers, json=body)
            assert (response.status_code, response.json()["code"]) == (404, "not_found"), entry.name
        for path in ("/batches", "/tasks", "/recordings", "/links"):
            assert (await client.get(API + path, headers=headers)).json() == {"items": []}
    assert (await front.get(f"/batches/{batch}"))["state"] == "running"
