"""Which batch somebody means by a name or the beginning of an id."""

from typing import Any

from server.cli import words
from server.cli.api import Api
from server.cli.exits import RefusedError

NAMED_MAX = 5


async def find_batch(api: Api, wanted: str) -> dict[str, Any]:
    """The one batch with this id, this beginning of an id, or this name; an exact id or name wins.

    Raises:
        RefusedError: there is none, or more than one: the message names them.
    """
    begins: list[dict[str, Any]] = []
    named: list[dict[str, Any]] = []
    async for batch in api.pages("/batches"):
        if batch["id"] == wanted:
            return batch
        if batch["name"] == wanted:
            named.append(batch)
        elif batch["id"].startswith(wanted):
            begins.append(batch)
    found = named or begins
    if len(found) == 1:
        return found[0]
    raise _unclear(wanted, found)


def _unclear(wanted: str, found: list[dict[str, Any]]) -> RefusedError:
    if not found:
        return RefusedError(
            f"no batch is called {wanted!r} and no id begins so; `tendesks status` lists them",
            problem={"code": "not_found"},
            status=404,
        )
    some = ", ".join(
        f"{batch['id']} ({words.plain(batch['name'], 40)}, {batch['state']})" for batch in found[:NAMED_MAX]
    )
    more = f" and {len(found) - NAMED_MAX} more" if len(found) > NAMED_MAX else ""
    return RefusedError(
        f"{wanted!r} could be {some}{more}; give more of the id", problem={"code": "ambiguous"}, status=409
    )
