from tests.routes.conftest import Front


async def test_a_process_that_answers_lives(front: Front) -> None:
    async with front.nobody() as client:
        response = await client.get("/healthz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


async def test_it_is_ready_when_everything_is(front: Front) -> None:
    async with front.nobody() as client:
        response = await client.get("/readyz")
        assert (response.status_code, response.json()) == (
            200,
            {"ready": True, "checks": {"store": True, "disk": True, "admitting": True}},
        )
        front.ready["admitting"] = False
        response = await client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (503, False)
