"""Work that the user's own runners lease: in the same order as all other work, under the same slots and fences."""

import asyncio
from typing import Any

import pytest

from server.model import Role, Scope
from server.routes.leases import LEASES_MAX, WAIT_S_MAX
from tests.fakes.house import reached
from tests.routes.conftest import Front


async def leased(front: Front, most: int = 1, **members: Any) -> list[dict[str, Any]]:
    response = await front.ask("POST", "/leases", json={"max": most, **members})
    assert response.status_code == 200, response.text
    found = response.json()
    assert isinstance(found, list)
    return found


async def asking(front: Front, most: int = 1) -> "asyncio.Future[list[dict[str, Any]]]":
    """Ask, and return once the request waits."""
    await front.scheduler.account(front.owner.office)
    before = len(front.scheduler._index.offices[front.owner.office].pulls)
    asked = asyncio.ensure_future(leased(front, most, wait=30))
    await reached(lambda: len(front.scheduler._index.offices[front.owner.office].pulls) > before)
    await front.scheduler.settled()
    return asked


async def external(front: Front, count: int = 3, **members: Any) -> str:
    return await front.submit(count, kind="external", params={}, **members)


async def said(front: Front, verb: str, lease: dict[str, Any], **members: Any) -> tuple[int, dict[str, Any]]:
    path = f"/executions/{lease['execution']}/{verb}"
    response = await front.ask("POST", path, json={"token": lease["token"], **members})
    await front.scheduler.settled()
    return response.status_code, response.json()


async def test_work_is_leased_reported_on_and_completed(front: Front) -> None:
    batch = await external(front)
    (lease,) = await leased(front)
    assert (lease["batch"], lease["title"], lease["attempt"], lease["attempts"]) == (batch, "row 0", 1, 3)
    assert lease["input"] == {"name": "row 0", "n": 0}
    assert lease["token"] == f"{lease['execution']}.1"
    assert lease["expires"] == "2026-11-18T11:07:40.000Z"
    await front.clock.advance(30_000)
    status, renewed = await said(front, "progress", lease, progress=0.4, note="reading\nmore", remaining=12)
    assert (status, renewed) == (200, {"expires": "2026-11-18T11:08:10.000Z", "cancelled": False})
    status, ended = await said(front, "complete", lease, result={"answer": 42})
    assert (status, ended) == (200, {"execution": lease["execution"], "state": "done"})
    task = await front.get(f"/tasks/{lease['task']}")
    assert (task["state"], task["result"]) == ("done", {"answer": 42})
    assert (await front.get(f"/batches/{batch}"))["done"] == 1
    assert not front.runner.begun  # nobody here carried it out


async def test_nothing_starts_by_itself_and_the_queue_says_that_it_lacks_runners(front: Front) -> None:
    batch = await external(front)
    await front.clock.advance(600_000)
    shown = await front.get(f"/batches/{batch}")
    assert (shown["running"], shown["waiting"], shown["state"]) == (0, 3, "queued")
    state = (await front.get("/office"))["state"]
    assert state["queue"]["blocked"] == "capacity"


async def test_slots_and_caps_hold_for_leases_too(front: Front) -> None:
    capped = await external(front, 5, slots=2)
    assert len(await leased(front, 10)) == 2
    assert await leased(front, 10, batch=capped) == []
    await external(front, 20)
    assert len(await leased(front, 100)) == 8  # pro has ten slots


async def test_who_waits_is_given_what_comes_and_who_waits_in_vain_an_empty_list(front: Front) -> None:
    waiting = await asking(front, 2)
    await front.clock.advance(5_000)
    assert not waiting.done()
    await external(front, 1)
    await front.clock.advance(0)
    assert [lease["title"] for lease in await waiting] == ["row 0"]
    in_vain = await asking(front, 2)
    await front.clock.advance(30_000)
    assert await in_vain == []


async def test_who_asks_first_is_given_first(front: Front) -> None:
    first, second = await asking(front), await asking(front)
    await external(front, 2)
    await front.clock.advance(0)
    assert [lease["title"] for lease in (await first) + (await second)] == ["row 0", "row 1"]


async def test_who_leaves_before_the_answer_costs_nothing(front: Front) -> None:
    asking = asyncio.ensure_future(front.scheduler.lease(front.owner.office, None, 1, 30_000))
    await front.clock.advance(1)
    asking.cancel()
    await front.clock.advance(1)
    await external(front, 1)
    (lease,) = await leased(front)
    assert (lease["attempt"], lease["token"].rpartition(".")[2]) == (1, "1")


async def test_a_lease_that_runs_out_passes_on_and_its_token_is_stale(front: Front) -> None:
    batch = await external(front, 1)
    (old,) = await leased(front)
    await front.clock.advance(59_999)
    assert (await front.get(f"/batches/{batch}"))["running"] == 1
    await front.clock.advance(1)
    assert (await front.get(f"/batches/{batch}"))["waiting"] == 1
    (new,) = await leased(front)
    assert (new["task"], new["attempt"], new["token"].rpartition(".")[2]) == (old["task"], 1, "2")
    for verb in ("progress", "complete", "fail"):
        status, problem = await said(front, verb, old)
        assert (status, problem["code"]) == (409, "stale_token"), verb
    assert (await said(front, "complete", new, result=1))[0] == 200
    executions = (await front.get(f"/tasks/{old['task']}"))["executions"]
    assert [execution["state"] for execution in executions] == ["lost", "done"]


async def test_a_lease_that_is_renewed_does_not_run_out(front: Front) -> None:
    batch = await external(front, 1)
    (lease,) = await leased(front)
    for _ in range(10):
        await front.clock.advance(50_000)
        assert (await said(front, "progress", lease))[0] == 200
    assert (await front.get(f"/batches/{batch}"))["running"] == 1
    rows = await front.get(f"/tasks/{lease['task']}")
    assert [execution["state"] for execution in rows["executions"]] == ["running"]


async def test_three_leases_that_run_out_are_the_end_of_a_task(front: Front) -> None:
    await external(front, 1)
    for _ in range(3):
        (lease,) = await leased(front)
        await front.clock.advance(60_000)
    task = await front.get(f"/tasks/{lease['task']}")
    assert (task["state"], task["reason"], task["message"]) == ("failed", "lost", "runner lost")


async def test_a_task_that_takes_too_long_fails_whatever_is_reported(front: Front) -> None:
    await external(front, 1, timeout=90, attempts=1)
    (lease,) = await leased(front)
    await front.clock.advance(50_000)
    await said(front, "progress", lease)
    await front.clock.advance(39_999)
    assert (await said(front, "progress", lease))[0] == 200
    await front.clock.advance(1)
    task = await front.get(f"/tasks/{lease['task']}")
    assert (task["state"], task["reason"], task["message"]) == (
        "failed",
        "timeout",
        "took longer than 1 min 30 s",
    )


async def test_an_end_said_twice_is_recorded_once_and_another_one_is_refused(front: Front) -> None:
    batch = await external(front, 2)
    (lease,) = await leased(front)
    assert (await said(front, "complete", lease, result=1))[0] == 200
    assert (await said(front, "complete", lease, result=1))[0] == 200
    status, problem = await said(front, "fail", lease, message="changed my mind")
    assert (status, problem["code"]) == (409, "stale_token")
    assert (await front.get(f"/batches/{batch}"))["done"] == 1


async def test_a_failure_is_tried_again_later_unless_it_says_otherwise(front: Front) -> None:
    batch = await external(front, 2)
    first, second = await leased(front, 2)
    failure = {"message": "HTTP 503 for sk-0123456789abcdef", "reason": "unreachable", "retry": 300}
    assert (await said(front, "fail", first, **failure))[0] == 200
    told = await front.get(f"/tasks/{first['task']}")
    assert told["message"] == "HTTP 503 for sk-…", "what looks like a key is in no message"
    final = {"message": "no such company", "reason": "invalid", "retryable": False}
    assert (await said(front, "fail", second, **final))[0] == 200
    shown = await front.get(f"/batches/{batch}")
    assert (shown["waiting"], shown["failed"]) == (1, 1)
    await front.clock.advance(299_999)
    assert await leased(front) == []
    await front.clock.advance(1)
    (again,) = await leased(front)
    assert (again["task"], again["attempt"]) == (first["task"], 2)
    task = await front.get(f"/tasks/{second['task']}")
    assert (task["reason"], task["message"]) == ("invalid", "no such company")


async def test_a_cancel_is_told_with_the_next_report_and_confirmed_by_a_failure(front: Front) -> None:
    batch = await external(front, 1)
    (lease,) = await leased(front)
    await front.ask("POST", f"/batches/{batch}/cancel")
    assert (await front.get(f"/batches/{batch}"))["running"] == 1  # it is asked, and keeps its slot
    status, renewed = await said(front, "progress", lease)
    assert (status, renewed["cancelled"]) == (200, True)
    await said(front, "fail", lease, message="stopped")
    assert (await front.get(f"/tasks/{lease['task']}"))["state"] == "cancelled"
    assert (await front.get(f"/batches/{batch}"))["state"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "max"),
        ({"max": 0}, "max"),
        ({"max": 1.5}, "max"),
        ({"max": LEASES_MAX + 1}, "max"),
        ({"max": True}, "max"),
        ({"max": 1, "wait": WAIT_S_MAX + 1}, "wait"),
        ({"max": 1, "kinds": "external"}, "kinds"),
        ({"max": 1, "batch": 7}, "batch"),
        ({"max": 1, "limit": 7}, "unknown member"),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(
    front: Front, body: dict[str, Any], words: str
) -> None:
    response = await front.ask("POST", "/leases", json=body)
    assert response.status_code == 400
    assert words in response.json()["detail"]


async def test_other_kinds_are_not_leased(front: Front) -> None:
    demo = await front.submit(1)
    response = await front.ask("POST", "/leases", json={"max": 1, "batch": demo})
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert (await front.ask("POST", "/leases", json={"max": 1, "batch": "b00000000000"})).status_code == 404
    assert await leased(front, kinds=["demo"]) == []


@pytest.mark.parametrize("token", [None, 7, "", "x", "abc.def", "abc.-1", "abc.1.x"])
async def test_what_is_no_token_is_refused(front: Front, token: Any) -> None:
    await external(front, 1)
    (lease,) = await leased(front)
    response = await front.ask("POST", f"/executions/{lease['execution']}/complete", json={"token": token})
    assert response.status_code == 400


async def test_tokens_and_executions_of_others_change_nothing(front: Front) -> None:
    batch = await external(front, 2)
    first, second = await leased(front, 2)
    status, problem = await said(front, "complete", {**first, "token": second["token"]})
    assert (status, problem["code"]) == (409, "stale_token")
    status, problem = await said(front, "complete", {"execution": "e00000000000", "token": "e00000000000.1"})
    assert (status, problem["code"]) == (404, "not_found")
    assert (await front.get(f"/batches/{batch}"))["running"] == 2


async def test_what_runs_here_cannot_be_ended_from_outside(front: Front) -> None:
    await front.submit(1)
    ((work, _),) = front.runner.running.values()
    for verb in ("progress", "complete", "fail"):
        status, problem = await said(front, verb, {"execution": work.execution, "token": work.token})
        assert (status, problem["code"]) == (409, "stale_token"), verb


async def test_a_report_that_is_sent_again_under_its_key_is_done_once(front: Front) -> None:
    await external(front, 3)
    order, headers = {"max": 1}, {"idempotency-key": "order-1"}
    first = await front.ask("POST", "/leases", json=order, headers=headers)
    second = await front.ask("POST", "/leases", json=order, headers=headers)
    assert first.json() == second.json() != []
    assert len(await leased(front, 10)) == 2


async def test_a_result_too_large_is_refused_and_the_lease_goes_on(front: Front) -> None:
    await external(front, 1)
    (lease,) = await leased(front)
    status, problem = await said(front, "complete", lease, result="x" * 70_000)
    assert (status, problem["code"]) == (413, "limit_exceeded")
    assert "result_bytes_max" in problem["detail"]
    assert (await said(front, "progress", lease))[0] == 200


async def test_a_token_that_may_only_read_leases_nothing(front: Front) -> None:
    token = await front.issue(Role.VIEWER, Scope.READ)
    headers = {"authorization": f"Bearer {token}"}
    response = await front.ask("POST", "/leases", json={"max": 1}, headers=headers)
    assert response.status_code == 403
