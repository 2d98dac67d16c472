from server.routes.entry import API, NOTHING, Entry, json


async def endpoint(_call: object) -> None:
    raise NotImplementedError


def test_an_operation_has_a_name_of_its_own() -> None:
    def name(method: str, path: str) -> str:
        entry = Entry(
            method=method, path=path, scope=None, endpoint=endpoint, tag="t", summary="s", answer=NOTHING  # type: ignore[arg-type]
        )  # fmt: skip
        return entry.name

    assert name("POST", f"{API}/batches/{{id}}/pause") == "post_batches_id_pause"
    assert name("GET", "/openapi.json") == "get_openapi_json"


def test_json_answers_name_their_schema() -> None:
    assert json("Batch", 201).content == {"application/json": "Batch"}
    assert json("Batch", 201).status == 201
