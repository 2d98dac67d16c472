import pytest

from server.accounts.sessions import cookie_name
from server.errors import ForbiddenError
from server.model import Identity, Role, Scope, View
from server.routes.guard import origin_allowed, permit, port_of
from server.settings import Settings
from tests.routes.conftest import API, URL, Front


def scope(origin: str | None, *, host: str = "localhost:8000", scheme: str = "http") -> dict:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    return {"type": "http", "scheme": scheme, "headers": headers, "server": ("127.0.0.1", 8123)}


@pytest.mark.parametrize(
    ("found", "allowed"),
    [
        (scope("http://localhost:8000"), True),
        (scope("http://localhost:8000", scheme="ws"), True),
        (scope("https://desk.example"), True),
        (scope("http://desk.example"), False),
        (scope("https://desk.example:444"), False),
        (scope("http://localhost:9000"), False),
        (scope("https://localhost:8000"), False),
        (scope("http://127.0.0.1:8000"), False),
        (scope("null"), False),
        (scope(""), False),
        (scope(None), False),
        (scope("http://", host=""), True),
    ],
)
def test_our_origin_is_that_of_the_host_or_of_the_public_url(found: dict, allowed: bool) -> None:
    assert origin_allowed(found, Settings(public_url="https://desk.example/")) is allowed


def test_the_port_is_the_one_that_was_asked() -> None:
    settings = Settings(port=8000)
    assert port_of(scope(None), settings) == 8123
    assert port_of({"server": ("/run/socket", None)}, settings) == 8000
    assert port_of({}, settings) == 8000


def identity(role: Role, *scopes: Scope) -> Identity:
    return Identity(account="a", office="o", role=role, view=View.FULL, scopes=frozenset(scopes))


def test_a_scope_is_needed_and_a_viewer_only_looks() -> None:
    permit(identity(Role.VIEWER, Scope.READ), Scope.READ)
    permit(identity(Role.OPERATOR, Scope.SUBMIT), Scope.SUBMIT)
    with pytest.raises(ForbiddenError, match="scope control, got read submit"):
        permit(identity(Role.OWNER, Scope.SUBMIT, Scope.READ), Scope.CONTROL)
    for role in (Role.VIEWER, Role.GUEST):
        with pytest.raises(ForbiddenError, match="change nothing"):
            permit(identity(role, *Scope), Scope.SUBMIT)


async def cookie(front: Front) -> dict[str, str]:
    return {"cookie": f"{cookie_name(8000)}={await front.sessions.begin(front.token)}"}


async def test_a_page_may_read_by_cookie_and_change_from_its_own_origin_only(front: Front) -> None:
    held = await cookie(front)
    batch = await front.submit()
    async with front.nobody() as client:
        assert (await client.get(f"{API}/account", headers=held)).status_code == 200
        path = f"{API}/batches/{batch}/pause"
        for origin in (
            {},
            {"origin": "http://evil.test"},
            {"origin": "null"},
            {"origin": "http://127.0.0.1:9000"},
        ):
            refused = await client.post(path, headers={**held, **origin})
            assert (refused.status_code, refused.json()["code"]) == (403, "origin_refused")
        assert (await front.get(f"/batches/{batch}"))["state"] != "paused"
        assert (await client.post(path, headers={**held, "origin": URL})).status_code == 200
    assert (await front.get(f"/batches/{batch}"))["state"] == "paused"


async def test_a_token_decides_whatever_cookie_comes_along(front: Front) -> None:
    async with front.nobody() as client:
        both = {**await cookie(front), "authorization": "Bearer tds_wrong"}
        assert (await client.get(f"{API}/account", headers=both)).status_code == 401


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic x", "Bearer :key", "Bearer a b", "bearer"])
async def test_what_is_no_token_opens_nothing(front: Front, sent: str) -> None:
    async with front.nobody() as client:
        response = await client.get(f"{API}/account", headers={"authorization": sent})
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


async def test_the_word_bearer_may_be_written_in_any_case(front: Front) -> None:
    async with front.nobody() as client:
        response = await client.get(f"{API}/account", headers={"authorization": f"bearer {front.token}"})
    assert response.status_code == 200


async def test_the_cookie_of_another_port_is_not_ours(front: Front) -> None:
    secret = await front.sessions.begin(front.token)
    async with front.nobody() as client:
        response = await client.get(f"{API}/account", headers={"cookie": f"{cookie_name(8001)}={secret}"})
    assert response.status_code == 401
