"""HTTP of a hosted server, with a real SMTP server beside it, and people who come in by their mail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.fakes.smtp import Mailbox, mailbox, secret_in
from tests.routes.conftest import API, Front, fronted

URL = "https://desk.example"


class Person:
    """Somebody's browser: it keeps its cookie, and says where its page is from."""

    def __init__(self, front: Front) -> None:
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(front.app),
            base_url=URL,
            headers={"origin": URL, "user-agent": "Firefox"},
        )

    async def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        return await self.client.request(method, API + path, **options)

    async def get(self, path: str) -> Any:
        response = await self.ask("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    async def enter(self, secret: str) -> httpx2.Response:
        return await self.ask("POST", "/session", json={"letter": secret})


@dataclass
class Hosted:
    """`front.client` carries the operator's token."""

    front: Front
    box: Mailbox

    async def mail(self) -> str:
        """The secret in the next mail."""
        await self.front.reception.post.settled()
        return secret_in(self.box.next())

    async def person(self, email: str = "ada@example.org") -> Person:
        """Somebody who has signed in."""
        person = Person(self.front)
        assert (await person.ask("POST", "/signin", json={"email": email})).status_code == 204
        entered = await person.enter(await self.mail())
        assert entered.status_code == 204, entered.text
        return person

    async def member(self, owner: Person, email: str, role: str) -> Person:
        """Somebody who was invited and came."""
        invited = await owner.ask("POST", "/members", json={"email": email, "role": role})
        assert invited.status_code == 201, invited.text
        person = Person(self.front)
        assert (await person.enter(await self.mail())).status_code == 204
        return person

    async def account_of(self, email: str) -> dict[str, Any]:
        found = await self.front.get("/accounts", email=email)
        return dict(found["items"][0])

    async def change(self, email: str, **members: Any) -> dict[str, Any]:
        """What the operator changes of somebody's account."""
        account = await self.account_of(email)
        response = await self.front.ask("PATCH", f"/accounts/{account['id']}", json=members)
        assert response.status_code == 200, response.text
        return dict(response.json())


@asynccontextmanager
async def hosted(folder: Path, **settings: Any) -> AsyncIterator[Hosted]:
    with mailbox() as box:
        given = {"mode": "hosted", "public_url": URL, "smtp_url": box.url, **settings}
        async with fronted(folder, **given) as front:
            yield Hosted(front=front, box=box)
