from typing import Any

from server.model import ExecutionState, Outcome, Reason
from tests.routes.conftest import Front

FAILED = Outcome(state=ExecutionState.FAILED, reason=Reason.EXIT, message="exit code 2")


async def task_ids(front: Front, path: str, **query: Any) -> list[str]:
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await front.get(path, **query, **cursor)
        found += [task["id"] for task in page["items"]]
        if "next" not in page:
            return found
        cursor = {"cursor": page["next"]}


async def test_tasks_are_listed_in_the_order_of_their_list_page_by_page(front: Front) -> None:
    one, two = await front.submit(5), await front.submit(5)
    all_of_one = await task_ids(front, f"/batches/{one}/tasks")
    assert await task_ids(front, f"/batches/{one}/tasks", limit=2) == all_of_one
    assert await task_ids(front, "/tasks", limit=3) == [
        *await task_ids(front, f"/batches/{two}/tasks"),
        *all_of_one,
    ]
    assert await task_ids(front, "/tasks", batch=one) == all_of_one
    assert await task_ids(front, f"/batches/{one}/tasks", q="ROW 3") == all_of_one[3:4]
    assert await task_ids(front, "/tasks", state="done") == []
    assert len(await task_ids(front, "/tasks", state="running", limit=4)) == 10
    assert (await front.ask("GET", "/tasks", params={"batch": "nothing1"})).status_code == 404
    assert (await front.ask("GET", "/tasks", params={"state": "lost"})).status_code == 400


async def test_a_task_is_shown_with_all_that_is_known(front: Front) -> None:
    batch = await front.submit(1)
    (listed,) = (await front.get(f"/batches/{batch}/tasks"))["items"]
    running = await front.get(f"/tasks/{listed['id']}")
    assert running == listed
    assert set(running) == {"id", "batch", "title", "state", "attempts", "input", "executions"}
    assert (running["state"], running["attempts"], running["input"]) == (
        "running",
        1,
        {"name": "row 0", "n": 0},
    )
    (execution,) = running["executions"]
    assert set(execution) == {"id", "attempt", "state", "started"}
    await front.clock.advance(60_000)
    done = await front.get(f"/tasks/{listed['id']}")
    assert (done["state"], done["result"]) == ("done", {"ok": True})
    assert done["executions"][0]["ended"] > execution["started"]


async def test_a_task_that_failed_says_why_and_is_tried_again(front: Front) -> None:
    batch = await front.submit(1)
    (task,) = (await front.get(f"/batches/{batch}/tasks"))["items"]
    front.runner.end(task["executions"][0]["id"], FAILED)
    await front.scheduler.settled()
    failed = await front.get(f"/tasks/{task['id']}")
    assert (failed["state"], failed["reason"], failed["message"]) == ("failed", "exit", "exit code 2")
    response = await front.ask("POST", f"/tasks/{task['id']}/retry")
    assert response.status_code == 200
    assert response.json()["state"] in {"waiting", "running"}
    await front.scheduler.settled()
    again = await front.get(f"/tasks/{task['id']}")
    assert [execution["state"] for execution in again["executions"]] == ["failed", "running"]
    refused = await front.ask("POST", f"/tasks/{task['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


async def test_a_task_is_cancelled_unless_it_has_ended(front: Front) -> None:
    batch = await front.submit(11)
    tasks = (await front.get(f"/batches/{batch}/tasks"))["items"]
    running, waiting = tasks[0], tasks[10]
    response = await front.ask("POST", f"/tasks/{waiting['id']}/cancel")
    assert (response.status_code, response.json()["state"]) == (200, "cancelled")
    assert (await front.ask("POST", f"/tasks/{running['id']}/cancel")).json()["state"] == "running"
    await front.clock.advance(1)
    assert (await front.get(f"/tasks/{running['id']}"))["state"] == "cancelled"
    late = await front.ask("POST", f"/tasks/{running['id']}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "already_ended")


async def test_what_is_not_there_is_not_found(front: Front) -> None:
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/retry")):
        response = await front.ask(method, f"/tasks/nothing1{path}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
