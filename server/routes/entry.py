"""One line of the route table: from it come the route, its guard, and its page in the documentation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.model import Scope
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
    Idempotency-Key; the endpoint that reads a body sees to that itself.
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

    @property
    def name(self) -> str:
        """A name for the operation, unique over the table."""
        words = [word.strip("{}") for word in self.path.removeprefix(API).split("/") if word]
        return "_".join([self.method.lower(), *words]).replace(".", "_")


def json(schema: str, status: int = 200, leads: Mapping[str, str] | None = None) -> Answer:
    """An answer that is JSON of this schema."""
    return Answer(status=status, content={"application/json": schema}, leads=leads or {})


NOTHING = Answer(status=204, content={})
