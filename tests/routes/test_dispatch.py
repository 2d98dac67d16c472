from server.routes.dispatch import Dispatch
from server.routes.table import TABLE
from tests.routes.conftest import API, Front


async def test_a_path_says_which_methods_it_knows(front: Front) -> None:
    response = await front.ask("DELETE", "/office")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert (await front.ask("OPTIONS", "/session")).headers["allow"] == "POST, GET, PATCH, DELETE, HEAD"


async def test_head_is_get_without_a_body(front: Front) -> None:
    assert (await front.ask("HEAD", "/account")).status_code == 200


async def test_a_control_reads_no_body_but_bounds_it(front: Front) -> None:
    batch = await front.submit(1)
    large = await front.ask("POST", f"/batches/{batch}/pause", content=b"x" * (1024 * 1024 + 1))
    assert (large.status_code, large.json()["limit"]) == (413, "body_bytes_max")
    assert (await front.ask("POST", f"/batches/{batch}/pause", content=b"x")).status_code == 200


def test_one_dispatcher_serves_one_path() -> None:
    entries = [entry for entry in TABLE if entry.path == f"{API}/batches"]
    assert {entry.method for entry in entries} == {"GET", "POST"}
    assert Dispatch(entries, None) is not None  # type: ignore[arg-type]
