"""One line of the route table: from it come the route, its guard, and its page in the documentation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.model import Scope, Shared
from server.routes.call import Endpoint

API = "/api/v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A parameter of the query."""

    name: str
    schema: Mapping[str, Any]
    text: str
    required: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What comes back on success: a status, and by media type the name of a schema (None: not JSON).

    `leads` says where in it (a JSON pointer) the id is that other operations, by name, go on with.
    """

    status: int = 200
    content: Mapping[str, str | None]
    leads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A method on a path. `scope` None: public.

    `body` is by media type the name of a schema. `once`: a POST without a body of its own, done once for each
    Idempotency-Key; the endpoint that reads a body sees to that itself. `keyed` False: no key is heeded, because the
    answer holds a secret, which is kept nowhere.

    `spared`: open to a suspended account although it changes something: it ends things, or tells of their end.

    `guests`: who came by a link that shares one of these may use it, and it is on the local network's listener too.
    Where there are none, a guest finds nothing. With `{id}` in the path it must be that of what the link shares.
    """

    method: str
    path: str
    scope: Scope | None
    endpoint: Endpoint
    tag: str
    summary: str
    answer: Answer
    query: tuple[Query, ...] = ()
    body: Mapping[str, str | None] | None = None
    once: bool = False
    keyed: bool = True
    spared: bool = False
    guests: frozenset[Shared] = frozenset()

    @property
    def name(self) -> str:
        """A name for the operation, unique over the table."""
        words = [word.strip("{}") for word in self.path.removeprefix(API).split("/") if word]
        return "_".join([self.method.lower(), *words]).replace(".", "_")


def json(schema: str, status: int = 200, leads: Mapping[str, str] | None = None) -> Answer:
    """An answer that is JSON of this schema."""
    return Answer(status=status, content={"application/json": schema}, leads=leads or {})


EVERY_GUEST = frozenset(Shared)
"""Of a public path: on the local network's listener too."""
NOTHING = Answer(status=204, content={})
