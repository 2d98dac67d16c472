"""The table of rights is what the server does: each of its answers is asked for, of a hosted server with real people."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from server.model import Role
from server.routes.create import ENTRIES
from server.routes.entry import API, Entry
from tests.routes.conftest import Front
from tests.routes.hosted import Hosted, Person, hosted
from tests.routes.rights import ENDED, HIDDEN, NO, OK, PAGE, ROWS, UNKNOWN, WHO, page, told

SOCKETS = {"SOCKET /live"}
NOWHERE = {"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": "desks", "oidc_client_secret": "secret"}
"""A provider of OpenID Connect that is set up, and down."""
WAITING = {"get_links_here"}
"""They answer after a while, and here at once."""
ENDING = {"delete_session", "delete_sessions"}
"""They end what asks, or all of its person's: asked last, by a session made for it."""


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {told(entry.method, entry.path) for entry in ENTRIES} | SOCKETS == set(ROWS)
    assert all(len(answers) == len(WHO) for answers in ROWS.values())


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text() == page(), "python -m tests.routes.rights > docs/rights.md"


@dataclass
class House:
    """Everybody who may come, by their column, with the things of the office that they come to."""

    front: Front
    clients: dict[str, httpx2.AsyncClient]
    spare: dict[str, list[httpx2.AsyncClient]]
    ids: dict[str, str] = field(default_factory=dict)


async def guest(front: Front, owner: Person, **members: Any) -> httpx2.AsyncClient:
    made = (await owner.ask("POST", "/links", json=members)).json()
    sent = {"id": made["id"], "secret": made["url"].partition("#")[2]}
    async with front.nobody() as client:
        grant = (await client.post(f"{API}/links/exchange", json=sent)).json()["grant"]
    return front.guest(grant)


async def things(it: Hosted, owner: Person) -> dict[str, str]:
    """One of each, in the owner's office."""
    body = {"kind": "demo", "params": {"seconds": 600}, "tasks": [{"input": {}}] * 3}
    batch = (await owner.ask("POST", "/batches", json=body)).json()["id"]
    await it.front.clock.advance(60_000)
    task = next(each for each in (await owner.get("/tasks"))["items"] if each["executions"])
    return {
        "batches": batch,
        "tasks": task["id"],
        "executions": task["executions"][0]["id"],
        "recordings": (await owner.get("/recordings"))["items"][0]["id"],
    }


@asynccontextmanager
async def peopled(folder: Path) -> AsyncIterator[House]:
    async with hosted(folder, **NOWHERE) as it:
        it.front.record()
        owner = await it.person("ada@example.org")
        await it.change("ada@example.org", tier="pro")
        ids = await things(it, owner)
        suspended = await it.person("eve@example.org")
        await it.change("eve@example.org", suspended=True)
        people = {
            "viewer": await it.member(owner, "bob@example.org", "viewer"),
            "operator": await it.member(owner, "cy@example.org", "operator"),
            "owner": owner,
            "suspended owner": suspended,
        }
        emails = {"viewer": "bob", "operator": "cy", "owner": "ada", "suspended owner": "eve"}
        spare = {
            who: [(await it.person(f"{name}@example.org")).client for _ in ENDING]
            for who, name in emails.items()
        }
        clients = {
            "nobody": it.front.nobody("https://desk.example"),
            "guest of an office": await guest(it.front, owner),
            "guest of a recording": await guest(it.front, owner, recording=ids["recordings"]),
            "guest of a batch": await guest(it.front, owner, batch=ids["batches"]),
            **{name: person.client for name, person in people.items()},
            "house": it.front.client,
        }
        yield House(front=it.front, clients=clients, spare=spare, ids=ids)


def path_of(entry: Entry, ids: Mapping[str, str]) -> str:
    """With the id of a thing that is there, where the office has one that may be asked for without harm."""
    noun = entry.path.removeprefix(API).split("/")[1]
    harmless = entry.method == "GET"
    path = entry.path.replace("{id}", ids[noun] if harmless and noun in ids else "nothing1")
    path = path.replace("{delivery}", "nothing1")
    return path.replace("{n}", "0") + ("?wait=0" if entry.name in WAITING else "")


def said(entry: Entry, response: httpx2.Response) -> str:
    """In the table's words. A 404 is *not there* for guests alone; for others it is about the thing and not about the path."""
    code = (
        response.json()["code"]
        if response.headers.get("content-type", "").startswith("application/problem")
        else ""
    )
    if code == "suspended":
        return ENDED
    if response.status_code in {401, 403} and code in {"not_authenticated", "forbidden"}:
        return {401: UNKNOWN, 403: NO}[response.status_code]
    hidden = code == "not_found" and response.json()["detail"].startswith("there is nothing at ")
    return HIDDEN if hidden else OK


async def test_each_of_them_gets_what_the_table_says(tmp_path: Path) -> None:
    async with peopled(tmp_path) as house:
        asked = sorted(ENTRIES, key=lambda entry: (entry.name in ENDING, entry.name))
        for column, who in enumerate(WHO):
            wrong = {}
            for entry in asked:
                client = house.clients[who]
                if entry.name in ENDING and who in house.spare:
                    client = house.spare[who].pop()
                response = await client.request(entry.method, path_of(entry, house.ids))
                assert response.status_code < 500, entry.name
                name = told(entry.method, entry.path)
                if said(entry, response) != ROWS[name][column]:
                    wrong[name] = (ROWS[name][column], response.status_code, response.text[:200])
            assert wrong == {}, who


async def test_what_is_let_in_is_there(tmp_path: Path) -> None:
    """A *yes* of a GET with a thing that exists is an answer, and no refusal in other words."""
    async with peopled(tmp_path) as house:
        for column, who in enumerate(WHO):
            if who in {"house", "suspended owner"}:  # they have offices of their own, without these things
                continue
            for entry in ENTRIES:
                noun = entry.path.removeprefix(API).split("/")[1]
                if entry.method != "GET" or ("{id}" in entry.path and noun not in house.ids):
                    continue
                if ROWS[told("GET", entry.path)][column] != OK:
                    continue
                query = {"tasks": "1"} if entry.name == "get_estimate" else None
                nothing = entry.name in WAITING
                response = await house.clients[who].get(path_of(entry, house.ids), params=query)
                away = entry.name.startswith("get_signin_openid")  # a browser is sent on
                assert response.status_code == (303 if away else 204 if nothing else 200), (
                    who,
                    entry.name,
                    response.text,
                )


@pytest.mark.parametrize("who", ["viewer", "operator", "owner"])
async def test_a_token_never_does_what_its_person_may_not(tmp_path: Path, who: str) -> None:
    async with peopled(tmp_path) as house:
        client = house.clients[who]
        mine = (await client.get(f"{API}/session")).json()
        made = await client.post(f"{API}/tokens", json={"label": "all of mine"})
        if who == Role.VIEWER:
            assert made.json()["code"] == "forbidden"
            return
        assert made.json()["scopes"] == mine["scopes"]
        headers = {"authorization": f"Bearer {made.json()['token']}"}
        async with house.front.nobody() as bare:
            for entry in ENTRIES:
                if entry.name in ENDING:
                    continue
                response = await bare.request(entry.method, path_of(entry, house.ids), headers=headers)
                expected = ROWS[told(entry.method, entry.path)][WHO.index(who)]
                assert said(entry, response) == expected, entry.name
