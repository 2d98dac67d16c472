import pytest
from starlette.requests import Request

from server.errors import NotAuthenticatedError
from server.model import Identity, Role, View
from server.routes.call import Call


def call(identity: Identity | None) -> Call:
    scope = {"type": "http", "path_params": {"id": "b1"}, "headers": []}
    return Call(request=Request(scope), parts=None, identity=identity)  # type: ignore[arg-type]


def test_a_call_knows_who_asks_about_what() -> None:
    identity = Identity(account="a", office="o", role=Role.OWNER, view=View.FULL, scopes=frozenset())
    found = call(identity)
    assert (found.who, found.office, found.path("id")) == (identity, "o", "b1")


def test_nobody_has_no_office() -> None:
    with pytest.raises(NotAuthenticatedError):
        _ = call(None).office
