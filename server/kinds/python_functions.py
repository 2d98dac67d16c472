"""The functions that installed packages offer as tasks: found in their metadata, without importing any of them.

A package declares a function in the entry-point group `tendesks.kinds`, and it is carried out in a process of its own;
or in `tendesks.kinds.inline`, and it is carried out in the server's process.
"""

import importlib.metadata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.errors import InvalidInputError

GROUP = "tendesks.kinds"
INLINE_GROUP = "tendesks.kinds.inline"

_LISTED_MAX = 50
_OURS = frozenset({"server", "simulation"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Function:
    """One declaration: `name = "module:attribute"` in a package's metadata."""

    name: str
    module: str
    attribute: str
    inline: bool

    @property
    def value(self) -> str:
        """As it is declared."""
        return f"{self.module}:{self.attribute}"


def declared() -> Mapping[str, Sequence[Function]]:
    """Read the metadata of all that is installed, some milliseconds; return each name's declarations.

    A function that is declared in both groups is meant to be inline.
    """
    entry_points = importlib.metadata.entry_points()
    found: defaultdict[str, dict[str, Function]] = defaultdict(dict)
    for group in (GROUP, INLINE_GROUP):
        for entry_point in entry_points.select(group=group):
            module, _, attribute = entry_point.value.partition("[")[0].partition(":")
            function = Function(
                name=entry_point.name,
                module=module.strip(),
                attribute=attribute.strip(),
                inline=group == INLINE_GROUP,
            )
            found[function.name][function.value] = function
    return {name: tuple(by_value.values()) for name, by_value in found.items()}


def find(name: str, functions: Mapping[str, Sequence[Function]]) -> Function:
    """Return the function of that name.

    Raises:
        InvalidInputError: there is none, there are two, or it is declared in a way that cannot work.
    """
    found = functions.get(name, ())
    if not found:
        raise InvalidInputError(f"python: expected {_choice(functions)}, got {name[:100]!r}")
    if len(found) > 1:
        values = " and ".join(function.value for function in found)
        raise InvalidInputError(f"python: expected one function named {name}, got {values}: uninstall one")
    (function,) = found
    if not function.module or not function.attribute:
        raise InvalidInputError(
            f"python: expected {name} to be declared as module:function, got {function.value!r}"
        )
    if function.inline and function.module.partition(".")[0] in _OURS:
        raise InvalidInputError(
            f"python: expected {name}, which is inline, in a module not named as one of the server's own,"
            f" got {function.value}"
        )
    return function


def _choice(functions: Mapping[str, Sequence[Function]]) -> str:
    if not functions:
        return f"the name of an installed function, of which there are none (entry points of {GROUP})"
    names = sorted(functions)
    more = f" and {len(names) - _LISTED_MAX} more" if len(names) > _LISTED_MAX else ""
    return f"the name of an installed function ({', '.join(names[:_LISTED_MAX])}{more})"
