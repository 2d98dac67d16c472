"""Leases over real sockets: clients that leave, floods of those that wait, and what is no report at all."""

import asyncio
from typing import Any

import httpx2
import pytest
import structlog

from server.accounts.tokens import Grant, TokenKind
from server.model import Role, Scope
from server.routes.envelope import CLIENT_LEFT
from server.scheduler.pulls import PULLS_MAX
from server.store.accounts import add_account
from server.store.offices import add_office
from tests.fakes.house import reached
from tests.fakes.listening import listening
from tests.routes.conftest import API, Front
from tests.routes.test_leases import asking, external, leased, said

pytestmark = pytest.mark.flow


def order(front: Front, port: int, body: bytes, *headers: str) -> bytes:
    lines = [
        f"POST {API}/leases HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {front.token}",
        "Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + body


def waiting(front: Front) -> int:
    office = front.scheduler._index.offices.get(front.owner.office)
    return 0 if office is None else len(office.pulls)


async def test_who_leaves_while_waiting_is_given_nothing_and_costs_nothing(front: Front) -> None:
    await external(front, 1, slots=1)
    (held,) = await leased(front)  # so that who asks has to wait
    with structlog.testing.capture_logs() as logs:
        async with listening(front.app) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(order(front, port, b'{"max": 1, "wait": 60}'))
            await reached(lambda: waiting(front) == 1)
            writer.close()
            await reached(lambda: waiting(front) == 0)
            await reached(lambda: any(line.get("status") == CLIENT_LEFT for line in logs))
    assert not [line for line in logs if line["log_level"] == "error"]
    await said(front, "fail", held, put_back=True)
    (again,) = await leased(front)
    assert (again["attempt"], again["token"].rpartition(".")[2]) == (1, "2")


async def test_who_leaves_frees_the_key_of_the_order(front: Front) -> None:
    async with listening(front.app) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(order(front, port, b'{"max": 1, "wait": 60}', "Idempotency-Key: order-1"))
        await reached(lambda: waiting(front) == 1)
        writer.close()
        await reached(lambda: waiting(front) == 0)
        await external(front, 1)
        headers = {"authorization": f"Bearer {front.token}", "idempotency-key": "order-1"}
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}{API}", headers=headers) as client:
            status = 409
            async with asyncio.timeout(60):
                while status == 409:  # until the server has noticed that the first one has gone
                    response = await client.post("/leases", json={"max": 1, "wait": 60})
                    status = response.status_code
    assert (status, len(response.json())) == (200, 1)


async def test_a_flood_of_waiting_requests_is_cut_off_by_name(front: Front) -> None:
    async with listening(front.app) as port:
        writers = []
        for _ in range(PULLS_MAX):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(order(front, port, b'{"max": 1, "wait": 60}'))
            writers.append(writer)
        await reached(lambda: waiting(front) == PULLS_MAX)
        response = await front.ask("POST", "/leases", json={"max": 1, "wait": 60})
        assert (response.status_code, response.json()["code"]) == (429, "too_many")
        assert "waiting_leases_max: expected at most 100" in response.json()["detail"]
        assert response.headers["retry-after"] == "2"
        writers.pop().close()
        await reached(lambda: waiting(front) == PULLS_MAX - 1)
        one_more = await asking(front)
        for writer in writers:
            writer.close()
        await reached(lambda: waiting(front) == 1)
    await external(front, 1)
    await front.clock.advance(0)
    assert len(await one_more) == 1


async def test_bodies_beyond_their_limits_are_refused_and_the_lease_goes_on(front: Front) -> None:
    await external(front, 1)
    (lease,) = await leased(front)
    for verb, members, words in (
        ("progress", {"note": "x" * (1 << 20)}, "body_bytes_max"),
        ("complete", {"result": "x" * (1 << 20)}, "body_bytes_max"),
        ("complete", {"result": "x" * 70_000}, "result_bytes_max"),
        ("fail", {"message": "x" * (1 << 20)}, "body_bytes_max"),
    ):
        status, problem = await said(front, verb, lease, **members)
        assert (status, problem["code"]) == (413, "limit_exceeded"), verb
        assert words in problem["detail"]
    assert (await said(front, "progress", lease, note="x" * 500_000))[0] == 200


@pytest.mark.parametrize(
    ("depth", "status"), [(250, 200), (251, 413), (400, 413), (1_000, 413), (5_000, 400)]
)
async def test_a_result_that_is_too_deep_breaks_no_export(front: Front, depth: int, status: int) -> None:
    batch = await external(front, 1)
    (lease,) = await leased(front)
    body = f'{{"token": "{lease["token"]}", "result": {"[" * depth}{"]" * depth}}}'
    path = f"/executions/{lease['execution']}/complete"
    response = await front.ask("POST", path, content=body, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert status != 413 or "result_depth_max" in response.json()["detail"]
    for format_ in ("json", "ndjson", "csv"):
        export = await front.ask("GET", f"/batches/{batch}/results", params={"format": format_})
        assert export.status_code == 200
        assert ("[" * depth in export.text) == (status == 200)
    assert (await front.ask("GET", f"/tasks/{lease['task']}")).status_code == 200


async def stranger(front: Front) -> dict[str, str]:
    """The headers of somebody who has an account and an office of their own."""
    async with front.db.write() as tx:
        now_ms = front.clock.now_ms()
        await add_account(tx.conn, account="acct99", name="Eve", tier="pro", now_ms=now_ms)
        await add_office(tx.conn, office="office99", account="acct99", name="Eve", now_ms=now_ms)
    grant = Grant(account="acct99", role=Role.OWNER, scopes=frozenset(Scope))
    return {"authorization": f"Bearer {await front.tokens.issue(TokenKind.API, grant)}"}


async def test_another_office_finds_nothing_whatever_token_it_shows(front: Front) -> None:
    batch = await external(front, 2)
    (lease,) = await leased(front)
    headers = await stranger(front)
    tasks = {"kind": "external", "tasks": [{"input": {}}]}
    assert (await front.ask("POST", "/batches", json=tasks, headers=headers)).status_code == 201
    await front.scheduler.settled()
    (own,) = (await front.ask("POST", "/leases", json={"max": 5}, headers=headers)).json()
    for verb in ("progress", "complete", "fail"):
        for token in (lease["token"], own["token"], f"{lease['execution']}.7"):
            body = {"token": token, "log": "was here"}
            path = f"/executions/{lease['execution']}/{verb}"
            response = await front.ask("POST", path, json=body, headers=headers)
            assert (response.status_code, response.json()["code"]) == (404, "not_found")
        path = f"/executions/{own['execution']}/{verb}"
        response = await front.ask("POST", path, json={"token": lease["token"]}, headers=headers)
        assert (response.status_code, response.json()["code"]) == (409, "stale_token"), "theirs is there"
    order_ = {"max": 1, "batch": batch}
    assert (await front.ask("POST", "/leases", json=order_, headers=headers)).status_code == 404
    assert (await front.get(f"/executions/{lease['execution']}/log"))["lines"] == []
    assert (await front.get(f"/batches/{batch}"))["running"] == 1


async def test_what_is_put_back_costs_nothing_however_often(front: Front) -> None:
    batch = await external(front, 2)
    seen: list[dict[str, Any]] = []
    for _ in range(5):
        (lease,) = await leased(front)
        seen.append(lease)
        assert (await said(front, "fail", lease, put_back=True)) == (
            200,
            {"execution": lease["execution"], "state": "cancelled"},
        )
        assert (await said(front, "fail", lease, put_back=True))[0] == 200, "said twice, done once"
        assert (await said(front, "complete", lease, result=1))[0] == 409
    assert {(lease["task"], lease["attempt"]) for lease in seen} == {(seen[0]["task"], 1)}
    assert (await front.get(f"/batches/{batch}"))["waiting"] == 2
    (lease,) = await leased(front)
    await front.ask("POST", f"/batches/{batch}/cancel")
    await said(front, "fail", lease, put_back=True)
    assert (await front.get(f"/batches/{batch}"))["state"] == "cancelled"


async def test_a_server_that_stops_hands_out_nothing_and_leaves_nobody_waiting(front: Front) -> None:
    batch = await external(front, 2)
    first, second = await leased(front, 2)
    in_vain = await asking(front)
    await front.scheduler._cycles.drain()
    assert await in_vain == []
    response = await front.ask("POST", "/leases", json={"max": 1, "wait": 60})
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert (await said(front, "complete", first, result=1))[0] == 200, "what is done is taken to the last"
    await front.scheduler.stop(0)
    assert (await said(front, "complete", second, result=1))[0] == 503
    assert (await front.get(f"/batches/{batch}"))["done"] == 1
