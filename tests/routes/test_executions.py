from tests.routes.conftest import Front


async def execution(front: Front) -> str:
    batch = await front.submit(1)
    (task,) = (await front.get(f"/batches/{batch}/tasks"))["items"]
    return str(task["executions"][0]["id"])


async def test_a_log_is_read_while_it_grows(front: Front) -> None:
    found = await execution(front)
    log = front.logs.begin(found)
    log.write("first")
    head = await front.get(f"/executions/{found}/log")
    assert [(line["at"], line["text"]) for line in head["lines"]] == [("2026-11-18T11:06:40.000Z", "first")]
    assert head["ended"] is False
    log.write("second é")
    tail = await front.get(f"/executions/{found}/log", after=head["next"])
    assert [line["text"] for line in tail["lines"]] == ["second é"]
    log.end()
    rest = await front.get(f"/executions/{found}/log", after=tail["next"])
    assert rest == {"lines": [], "next": tail["next"], "ended": True}


async def test_an_execution_without_a_log_has_an_empty_one(front: Front) -> None:
    assert await front.get(f"/executions/{await execution(front)}/log") == {
        "lines": [],
        "next": 0,
        "ended": True,
    }


async def test_what_is_not_there_is_not_found(front: Front) -> None:
    front.logs.begin("another1").write("of another office")
    for name in ("nothing1", "another1", "NO", "..%2f..%2fserver"):
        response = await front.ask("GET", f"/executions/{name}/log")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_a_position_is_a_number(front: Front) -> None:
    response = await front.ask("GET", f"/executions/{await execution(front)}/log", params={"after": "-1"})
    assert response.status_code == 400
