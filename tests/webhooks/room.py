"""The whole of HTTP with a courier that goes, over a real store and real sockets; only time and bodies of tasks are fake."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from server.store.statements import fetch
from server.webhooks.signing import headers_of
from tests.fakes.receiver import Message, Receiver
from tests.routes.conftest import Front, fronted

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


def going(front: Front) -> None:
    """Let the courier go from now on, and let time wait for it."""

    async def settle() -> None:
        await front.scheduler.settled()
        await front.webhooks.settled()

    front.clock.settle = settle
    front.webhooks.begin()


@asynccontextmanager
async def delivering(folder: Path, **settings: Any) -> AsyncIterator[Front]:
    async with fronted(folder, **settings) as front:
        going(front)
        yield front


async def add(front: Front, receiver: Receiver, **members: Any) -> dict[str, Any]:
    response = await front.ask("POST", "/webhooks", json={"url": receiver.url, **members})
    assert response.status_code == 201, response.text
    return dict(response.json())


async def hook(front: Front, id_: str) -> dict[str, Any]:
    (found,) = [each for each in (await front.get("/webhooks"))["items"] if each["id"] == id_]
    return dict(found)


async def deliveries(front: Front, id_: str) -> list[dict[str, Any]]:
    return list((await front.get(f"/webhooks/{id_}/deliveries"))["items"])


async def ended(front: Front, count: int = 1, **members: Any) -> str:
    """A batch that is done, and told if somebody wants to hear it."""
    batch = await front.submit(count, **members)
    while (await front.get(f"/batches/{batch}"))["state"] != "done":
        await front.clock.advance(60_000)
    return batch


async def select(front: Front, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    async with front.db.read() as conn:
        return await fetch(conn, statement, **values)


def is_signed(message: Message, secrets: Sequence[str]) -> bool:
    """Whether it is signed with exactly these, newest first."""
    at_s = int(message.headers["webhook-timestamp"])
    expected = headers_of(message.id, at_s, message.body, secrets)
    return message.headers["webhook-signature"] == expected["webhook-signature"]
