"""The kinds this server has, by name."""

from collections.abc import Mapping

from server.kinds.ceilings import Ceilings
from server.kinds.chat import ChatKind
from server.kinds.command import CommandKind
from server.kinds.contract import Kind
from server.kinds.demo import DemoKind
from server.kinds.external import ExternalKind
from server.kinds.http import HttpKind
from server.kinds.outbound import Closing
from server.kinds.own_keys import OwnKeys
from server.kinds.python import PythonKind
from server.settings import Settings


def catalogue(
    settings: Settings, own_keys: OwnKeys | None = None, ceilings: Ceilings | None = None
) -> Mapping[str, Kind]:
    """Return every kind under the name by which a batch asks for it.

    `own_keys` are those of users, `ceilings` what they may take of the platform's key; None: there is no such thing.
    """
    kinds: tuple[Kind, ...] = (
        CommandKind(settings),
        DemoKind(),
        PythonKind(settings),
        ChatKind(settings, own_keys, ceilings),
        HttpKind(settings),
        ExternalKind(),
    )
    return {kind.name: kind for kind in kinds}


async def close(kinds: Mapping[str, Kind]) -> None:
    """Let go of what kinds hold open beyond an execution, once none is under way any more."""
    for kind in kinds.values():
        if isinstance(kind, Closing):
            await kind.aclose()
