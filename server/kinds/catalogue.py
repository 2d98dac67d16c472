"""The kinds this server has, by name."""

from collections.abc import Mapping

from server.kinds.command import CommandKind
from server.kinds.contract import Kind
from server.kinds.demo import DemoKind
from server.kinds.python import PythonKind
from server.settings import Settings


def catalogue(settings: Settings) -> Mapping[str, Kind]:
    """Return every kind under the name by which a batch asks for it."""
    kinds: tuple[Kind, ...] = (CommandKind(settings), DemoKind(), PythonKind(settings))
    return {kind.name: kind for kind in kinds}
