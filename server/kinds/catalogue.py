"""The kinds this server has, by name."""

from collections.abc import Mapping

from server.kinds.chat import ChatKind
from server.kinds.command import CommandKind
from server.kinds.contract import Kind
from server.kinds.demo import DemoKind
from server.kinds.external import ExternalKind
from server.kinds.http import HttpKind
from server.kinds.outbound import Closing
from server.kinds.python import PythonKind
from server.settings import Settings


def catalogue(settings: Settings) -> Mapping[str, Kind]:
    """Return every kind under the name by which a batch asks for it."""
    kinds: tuple[Kind, ...] = (
        CommandKind(settings),
        DemoKind(),
        PythonKind(settings),
        ChatKind(settings),
        HttpKind(settings),
        ExternalKind(),
    )
    return {kind.name: kind for kind in kinds}


async def close(kinds: Mapping[str, Kind]) -> None:
    """Let go of what kinds hold open beyond an execution, once none is under way any more."""
    for kind in kinds.values():
        if isinstance(kind, Closing):
            await kind.aclose()
