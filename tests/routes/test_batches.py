from typing import Any

import pytest

from server.model import BATCH_OPEN
from server.routes.shapes import batch_shape
from tests.routes.conftest import Front

FIGURES = ("waiting", "running", "done", "failed", "cancelled")


def whole(batch: Any) -> bool:
    return bool(batch["total"] == sum(batch[name] for name in FIGURES))


async def test_a_batch_is_shown_with_its_figures(front: Front) -> None:
    made = await front.submit(12)
    await front.clock.advance(1_000)
    batch = await front.get(f"/batches/{made}")
    assert (batch["state"], batch["total"], batch["running"], batch["waiting"]) == ("running", 12, 10, 2)
    assert whole(batch)
    assert batch["created"].endswith("Z")
    assert batch["started"] >= batch["created"]
    assert "ended" not in batch
    half, most = batch["eta"]
    assert batch["created"] < half <= most
    await front.clock.advance(120_000)
    ended = await front.get(f"/batches/{batch['id']}")
    assert (ended["state"], ended["done"], ended["running"]) == ("done", 12, 0)
    assert ended["ended"] > ended["started"]
    assert "eta" not in ended
    assert whole(ended)


async def test_batches_are_listed_newest_first_page_by_page(front: Front) -> None:
    made = [await front.submit(1, name=f"List {number}") for number in range(5)]
    found: list[str] = []
    cursor = None
    while True:
        page = await front.get("/batches", limit=2, **({"cursor": cursor} if cursor else {}))
        found += [batch["id"] for batch in page["items"]]
        cursor = page.get("next")
        if cursor is None:
            break
    assert found == made[::-1]
    assert [batch["name"] for batch in (await front.get("/batches", q="list 3"))["items"]] == ["List 3"]
    assert (await front.get("/batches", state="paused"))["items"] == []
    assert len((await front.get("/batches", state="running"))["items"]) == 5


async def test_a_batch_is_paused_resumed_cancelled_and_tried_again(front: Front) -> None:
    batch = await front.submit(12)

    async def post(action: str) -> Any:
        response = await front.ask("POST", f"/batches/{batch}/{action}")
        await front.scheduler.settled()
        return response

    assert (await post("pause")).json()["state"] == "paused"
    assert (await post("resume")).json()["state"] in {str(state) for state in BATCH_OPEN}
    nothing = await post("retry")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "conflict")
    cancelled = (await post("cancel")).json()
    assert cancelled["cancelled"] == 2
    await front.clock.advance(1)
    ended = await front.get(f"/batches/{batch}")
    assert (ended["state"], ended["cancelled"]) == ("cancelled", 12)
    late = await post("cancel")
    assert (late.status_code, late.json()["code"]) == (409, "already_ended")


async def test_a_batch_is_changed(front: Front) -> None:
    batch = await front.submit(12)
    path = f"/batches/{batch}"
    changed = (await front.ask("PATCH", path, json={"name": " New\nname ", "priority": 4, "slots": 2})).json()
    assert (changed["name"], changed["priority"], changed["slots"]) == ("New name", 4, 2)
    changed = (await front.ask("PATCH", path, json={"slots": None})).json()
    assert "slots" not in changed
    assert changed["name"] == "New name"


@pytest.mark.parametrize(
    "body",
    [{}, {"priority": 3}, {"priority": True}, {"priority": "2"}, {"slots": 0}, {"slots": 1.5}, {"slots": "2"},
     {"name": ""}, {"name": " "}, {"name": 3}, {"name": "x" * 201}, {"state": "done"}, [], "x"],
)  # fmt: skip
async def test_a_change_that_is_none_is_refused(front: Front, body: Any) -> None:
    response = await front.ask("PATCH", f"/batches/{await front.submit(1)}", json=body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


async def test_what_is_not_there_is_not_found(front: Front) -> None:
    for method, path in (("GET", ""), ("PATCH", ""), ("POST", "/pause"), ("POST", "/resume"), ("POST", "/cancel"),
                         ("POST", "/retry"), ("GET", "/tasks"), ("GET", "/results")):  # fmt: skip
        body = {"json": {"name": "x"}} if method == "PATCH" else {}
        response = await front.ask(method, f"/batches/nothing1{path}", **body)
        assert (path, response.status_code, response.json()["code"]) == (path, 404, "not_found")


async def test_a_filter_that_is_none_is_refused(front: Front) -> None:
    for query in ({"state": "gone"}, {"limit": "0"}, {"cursor": "x"}):
        assert (await front.ask("GET", "/batches", params=query)).status_code == 400


def test_shapes_are_made_here() -> None:
    assert batch_shape.__doc__ is not None
