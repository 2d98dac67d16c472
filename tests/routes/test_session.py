import pytest

from server.accounts.sessions import SESSION_MS, cookie_name
from tests.routes.conftest import API, URL, Front


async def test_the_page_trades_its_token_for_a_cookie_and_gives_it_back(front: Front) -> None:
    async with front.nobody() as client:
        response = await client.post(f"{API}/session", json={"token": front.token}, headers={"origin": URL})
        assert (response.status_code, response.content) == (204, b"")
        made = response.headers["set-cookie"]
        assert made.startswith(f"{cookie_name(8000)}=tdc_")
        assert made.endswith(f"; Path=/; Max-Age={SESSION_MS // 1000}; HttpOnly; SameSite=Strict")
        assert front.token not in made
        assert (await client.get(f"{API}/account")).status_code == 200
        ended = await client.delete(f"{API}/session", headers={"origin": URL})
        assert ended.status_code == 204
        assert "Max-Age=0" in ended.headers["set-cookie"]
        held = {"cookie": made.split(";")[0]}
        assert (await client.get(f"{API}/account", headers=held)).status_code == 401


async def test_over_https_the_cookie_is_for_https_only(front: Front) -> None:
    async with front.nobody("https://localhost:8000") as client:
        response = await client.post(f"{API}/session", json={"token": front.token})
    assert response.headers["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"token": "tds_wrong"}, 401, "not_authenticated"),
        ({"token": ""}, 401, "not_authenticated"),
        ({"token": 5}, 400, "invalid"),
        ({}, 400, "invalid"),
        ({"token": "x", "more": 1}, 400, "invalid"),
        ([], 400, "invalid"),
    ],
)
async def test_nothing_else_opens_a_session(front: Front, body: object, status: int, code: str) -> None:
    async with front.nobody() as client:
        response = await client.post(f"{API}/session", json=body)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert "set-cookie" not in response.headers


async def test_a_foreign_page_opens_none(front: Front) -> None:
    async with front.nobody() as client:
        sent = {"origin": "http://evil.test"}
        response = await client.post(f"{API}/session", json={"token": front.token}, headers=sent)
    assert (response.status_code, response.json()["code"]) == (403, "origin_refused")
