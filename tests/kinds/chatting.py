"""What the tests of the kind `chat` share: one that asks a provider of the test's own, and tasks for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from server.kinds.chat import ChatKind
from server.model import ExecutionState, Outcome, Work
from server.settings import Settings
from tests.fakes.provider import KEY, MODEL, Play, Provider, providing
from tests.kinds.bodies import Listener, performed, work

FAILED = ExecutionState.FAILED
PROMPT = {"prompt": "Say hello to {name}.", "model": MODEL}
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
    "required": ["city", "people"],
    "additionalProperties": False,
}


@asynccontextmanager
async def chatting(
    folder: Path, base_url: str, key: str | None = KEY, **settings: Any
) -> AsyncIterator[ChatKind]:
    kind = ChatKind(Settings(data=folder, chat_base_url=base_url, chat_api_key=key, **settings))
    try:
        yield kind
    finally:
        await kind.aclose()


def asking(kind: ChatKind, params: dict[str, Any] | None = None, **changes: Any) -> Work:
    checked = kind.check({**PROMPT, **(params or {})}, ["name"])
    return replace(work(fields={"name": "Ada"}, kind="chat", **changes), params=checked)


async def asked_once(
    folder: Path, play: Play, params: dict[str, Any] | None = None, **settings: Any
) -> tuple[Outcome, Provider, Listener]:
    """What becomes of one task when the provider plays so."""
    listener = Listener()
    async with providing(play) as provider, chatting(folder, provider.base_url, **settings) as kind:
        return await performed(kind, asking(kind, params), listener), provider, listener
