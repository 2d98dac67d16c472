"""The table of rights: by route and socket, what each of those who may come gets. It is written here by hand, on purpose.

`python -m tests.routes.rights` prints it as `docs/rights.md`. A route without a row fails the test, and so does a row
that does not say what the server does.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from server.routes.create import ENTRIES
from server.routes.entry import API

PAGE = Path(__file__).parents[2] / "docs" / "rights.md"
WHO = (
    "nobody", "guest of an office", "guest of a recording", "guest of a batch", "viewer", "operator", "owner",
    "suspended owner", "house",
)  # fmt: skip

OK, NO, HIDDEN, UNKNOWN, ENDED = "yes", "403", "404", "401", "403 suspended"


def row(
    *, nobody: str = UNKNOWN, office: str = HIDDEN, recording: str = HIDDEN, batch: str = HIDDEN, viewer: str = OK,
    operator: str = OK, owner: str = OK, suspended: str = OK, house: str = OK,
) -> tuple[str, ...]:  # fmt: skip
    return nobody, office, recording, batch, viewer, operator, owner, suspended, house


LOOK = row()
"""What members see, and nobody else."""
DO = row(viewer=NO, suspended=ENDED)
"""What operators and owners do."""
FINISH = row(viewer=NO)
"""The same, also while the account is suspended: what runs may end, and what lets somebody in may be taken away."""
OWN = row(viewer=NO, operator=NO, suspended=ENDED)
"""What owners alone do."""
LET_GO = row(viewer=NO, operator=NO)
"""The same, also while the account is suspended."""
HOUSE = row(viewer=NO, operator=NO, owner=NO, suspended=NO)
"""What the operator of the server does, from the machine that it runs on."""
OPEN = row(nobody=OK, office=OK, recording=OK, batch=OK)
"""For everybody. A guest's grant takes nothing away."""
DOOR = row(nobody=OK, office=HIDDEN, recording=HIDDEN, batch=HIDDEN)
"""For everybody who does not come as a guest: a grant is of no use to come in."""

ROWS: Mapping[str, tuple[str, ...]] = {
    "POST /session": DOOR,
    "GET /session": LOOK,
    "PATCH /session": LOOK,
    "DELETE /session": LOOK,
    "GET /sessions": LOOK,
    "DELETE /sessions": LOOK,
    "DELETE /sessions/{id}": LOOK,
    "GET /signin": OPEN,
    "POST /signin": DOOR,
    "GET /signin/openid": OPEN,
    "GET /signin/openid/return": OPEN,
    "GET /tokens": LOOK,
    "POST /tokens": DO,
    "DELETE /tokens/{id}": FINISH,
    "GET /members": LOOK,
    "POST /members": OWN,
    "PATCH /members/{id}": OWN,
    "DELETE /members/{id}": LET_GO,
    "GET /audit": LET_GO,
    "GET /accounts": HOUSE,
    "POST /accounts": HOUSE,
    "PATCH /accounts/{id}": HOUSE,
    "DELETE /accounts/{id}": HOUSE,
    "POST /accounts/{id}/keep": HOUSE,
    "POST /accounts/{id}/tokens": HOUSE,
    "POST /batches": DO,
    "GET /batches": LOOK,
    "GET /batches/{id}": row(batch=OK),
    "PATCH /batches/{id}": DO,
    "POST /batches/{id}/pause": DO,
    "POST /batches/{id}/resume": DO,
    "POST /batches/{id}/cancel": DO,
    "POST /batches/{id}/retry": DO,
    "GET /batches/{id}/results": row(batch=OK),
    "GET /batches/{id}/figures": LOOK,
    "GET /batches/{id}/tasks": LOOK,
    "GET /tasks": LOOK,
    "GET /tasks/{id}": LOOK,
    "POST /tasks/{id}/cancel": DO,
    "POST /tasks/{id}/retry": DO,
    "GET /executions/{id}/log": LOOK,
    "POST /leases": DO,
    "POST /executions/{id}/progress": FINISH,
    "POST /executions/{id}/complete": FINISH,
    "POST /executions/{id}/fail": FINISH,
    "GET /office": row(office=OK),
    "GET /recordings": LOOK,
    "GET /recordings/{id}": row(recording=OK),
    "DELETE /recordings/{id}": DO,
    "GET /recordings/{id}/segments/open": row(recording=OK),
    "GET /recordings/{id}/segments/{n}": row(recording=OK),
    "GET /recordings/{id}/file": row(recording=OK),
    "POST /links": DO,
    "GET /links": LOOK,
    "DELETE /links/{id}": DO,
    "POST /links/{id}/rotate": DO,
    "POST /links/exchange": OPEN,
    "GET /links/here": row(
        recording=OK, batch=OK, viewer=HIDDEN, operator=HIDDEN, owner=HIDDEN, suspended=HIDDEN, house=HIDDEN
    ),
    "POST /recordings": DO,
    "POST /recordings/{id}/exports": DO,
    "GET /exports/{id}": LOOK,
    "GET /exports/{id}/file": LOOK,
    "DELETE /exports/{id}": DO,
    "GET /keys": LET_GO,
    "PUT /keys/{provider}": OWN,
    "DELETE /keys/{provider}": LET_GO,
    "GET /keys/rotation": HOUSE,
    "POST /keys/rotation": HOUSE,
    "GET /s/{id}/card.png": OPEN,
    "GET /estimate": LOOK,
    "GET /account": LOOK,
    "PATCH /account": OWN,
    "GET /account/export": LET_GO,
    "DELETE /account": LET_GO,
    "POST /account/keep": LET_GO,
    "GET /usage": LOOK,
    "GET /tiers": OPEN,
    "POST /billing/checkout": OWN,
    "POST /billing/portal": LET_GO,
    "GET /billing/reconcile": HOUSE,
    "POST /billing/reconcile": HOUSE,
    "POST /webhooks/stripe": DOOR,
    "GET /webhooks": LET_GO,
    "POST /webhooks": OWN,
    "PATCH /webhooks/{id}": OWN,
    "DELETE /webhooks/{id}": LET_GO,
    "POST /webhooks/{id}/rotate": OWN,
    "POST /webhooks/{id}/ping": OWN,
    "GET /webhooks/{id}/deliveries": LET_GO,
    "POST /webhooks/{id}/deliveries/{delivery}/retry": OWN,
    "GET /kinds": LOOK,
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /openapi.json": OPEN,
    "GET /docs": OPEN,
    "SOCKET /live": row(nobody="4401", office=OK, recording="4403", batch="4403"),
}

HEAD = """# Who may do what

By route and for the live socket: what each of those who may come gets. The table is `tests/routes/rights.py`, and
`python -m tests.routes.rights > docs/rights.md` writes it anew; `tests/routes/test_rights.py` asks a server for every answer in it, and
fails for a route that has no row.

- *yes*: let in; what is asked for may still be refused for what it is. *401*: nobody that is known. *403*: known, and not
  allowed. *404*: not there, for all that can be told. *4401*, *4403*: the codes with which the socket is closed.
- A **guest** has come by a link, and sees the one thing that it shares, in the link's view. A **viewer**, an **operator** and an **owner** are members of an
  office, each of their own alone: things of another office are *404* for everybody. A **suspended owner** is one whose account the operator of the server has
  suspended. The **house** is the operator of a hosted server, whose token lies in a file of the data folder; a local server's owner has the same rights, and no accounts to
  look after.
- A token does what its scopes say, and never more than its person may; the column *scope* names the one that is needed. Changes that come by
  cookie need the page's own Origin as well; for the socket a foreign Origin with a cookie is *4403*.
- Whoever may look sees and ends their own sessions, and the tokens that they may revoke: an owner all of the office's, others their own.

"""


def told(method: str, path: str) -> str:
    """How the table calls a route."""
    return f"{method} {path.removeprefix(API)}"


def scopes() -> dict[str, str]:
    """By route the scope that a token needs."""
    found = {told(entry.method, entry.path): str(entry.scope or "none") for entry in ENTRIES}
    return {**found, "SOCKET /live": "read"}


def lines() -> Iterator[str]:
    """The table as Markdown."""
    needed = scopes()
    yield HEAD.rstrip("\n") + "\n"
    yield f"| route | scope | {' | '.join(WHO)} |"
    yield "|---" * (len(WHO) + 2) + "|"
    for name, answers in ROWS.items():
        yield f"| `{name}` | {needed.get(name, '?')} | {' | '.join(answers)} |"


def page() -> str:
    """The whole of `docs/rights.md`."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - this is what it is for
