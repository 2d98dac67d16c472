import csv
import io
from typing import Any

import orjson
import pytest
from starlette.datastructures import Headers

from server.routes.refusals import UnsupportedMediaTypeError
from server.routes.submit import FORMATS, media_type
from server.store.statements import fetch
from tests.routes.conftest import Front, fronted

CSV = {"content-type": "text/csv"}
NDJSON = {"content-type": "application/x-ndjson"}
TEXT = {"content-type": "text/plain"}
JSON = {"content-type": "application/json"}
DEMO = {"kind": "demo", "params": '{"seconds": 60}'}


async def send(front: Front, content: bytes, headers: dict[str, str], **query: Any) -> Any:
    said = {} if headers == JSON else DEMO
    params = {**said, **query} or None
    response = await front.ask("POST", "/batches", content=content, headers=headers, params=params)
    await front.scheduler.settled()
    return response


async def refused(
    front: Front, content: bytes, headers: dict[str, str], status: int = 400, **query: Any
) -> Any:
    response = await send(front, content, headers, **query)
    assert response.status_code == status, response.text
    async with front.db.read() as conn:
        assert await fetch(conn, "SELECT id FROM batches UNION SELECT id FROM tasks") == [], "all or nothing"
    return response.json()


async def tasks_of(front: Front, response: Any) -> list[Any]:
    assert response.status_code == 201, response.text
    return list((await front.get(f"/batches/{response.json()['id']}/tasks"))["items"])


async def test_a_json_body_becomes_a_batch(front: Front) -> None:
    tasks = [{"title": "Acme", "input": {"name": "x"}, "key": "k1"}, {"input": {"name": "Zeta", "n": 1}}]
    body = {
        "name": "My list", "kind": "demo", "params": {"seconds": 2}, "tasks": tasks, "attempts": 2,
        "timeout": 90, "slots": 1, "priority": 4,
    }  # fmt: skip
    response = await front.ask("POST", "/batches", json=body)
    assert response.status_code == 201
    made = response.json()
    assert set(made) == {"id", "name", "kind", "state", "total", "estimate"}
    assert (made["name"], made["kind"], made["state"], made["total"]) == ("My list", "demo", "queued", 2)
    assert 0 < made["estimate"]["p50"] <= made["estimate"]["p90"]
    assert response.headers["location"] == f"/api/v1/batches/{made['id']}"
    batch = await front.get(f"/batches/{made['id']}")
    assert (batch["attempts"], batch["timeout"], batch["slots"], batch["priority"]) == (2, 90, 1, 4)
    first, second = await tasks_of(front, response)
    assert (first["title"], first["key"], first["input"]) == ("Acme", "k1", {"name": "x"})
    assert (second["title"], second["input"]) == ("Zeta", {"name": "Zeta", "n": 1})


async def test_each_kind_of_list_is_read_as_a_stream(front: Front) -> None:
    async def pieces():
        for piece in (b"na", b"me;url\r\nAc", b"me;https://a.test\r\n"):
            yield piece

    found = await tasks_of(front, await send(front, pieces(), CSV))  # type: ignore[arg-type]
    assert [task["input"] for task in found] == [{"name": "Acme", "url": "https://a.test"}]
    found = await tasks_of(front, await send(front, b'{"n": 12345678901234567890123}\n', NDJSON))
    assert found[0]["title"] == "1.2345678901234568e+22"
    found = await tasks_of(front, await send(front, b"one\n\ntwo\n", TEXT))
    assert [task["input"] for task in found] == [{"line": "one"}, {"line": "two"}]
    found = await tasks_of(
        front,
        await send(
            front, "Z\u00fcrich".encode("cp1252"), {"content-type": 'text/plain; charset="windows-1252"'}
        ),
    )
    assert found[0]["title"] == "Zürich"


async def test_the_input_of_a_row_is_kept_digit_for_digit(front: Front) -> None:
    response = await send(front, b'{"n": 12345678901234567890123}\n', NDJSON)
    text = (await front.ask("GET", f"/batches/{response.json()['id']}/tasks")).text
    assert '"input":{"n": 12345678901234567890123}' in text


async def test_a_query_says_what_a_body_says(front: Front) -> None:
    sheet = b"id,name\n1,Acme\n2,Zeta\n3,Beta\n"
    response = await send(
        front, sheet, CSV, name="L", title="name", key="id", slots="2", priority="2", attempts="3", timeout="5",
        **{"try": "2"},
    )  # fmt: skip
    batch = await front.get(f"/batches/{response.json()['id']}")
    assert (batch["name"], batch["total"], batch["slots"]) == ("L (first 2)", 2, 2)
    assert (batch["priority"], batch["attempts"], batch["timeout"]) == (2, 3, 5)
    assert [(task["title"], task["key"]) for task in await tasks_of(front, response)] == [
        ("Acme", "1"),
        ("Zeta", "2"),
    ]


@pytest.mark.parametrize("dialect", ["utf-8-sig", "utf-16"])
async def test_what_a_spreadsheet_saves_is_read(front: Front, dialect: str) -> None:
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=";").writerows(
        [["Firma ", "Notiz"], ["Müller", 'sagt "ja";\nund nein'], ["", ""]]
    )
    (task,) = await tasks_of(front, await send(front, sheet.getvalue().encode(dialect), CSV))
    assert task["input"] == {"Firma": "Müller", "Notiz": 'sagt "ja";\nund nein'}


async def test_what_is_wrong_is_named_with_line_and_column(front: Front) -> None:
    problem = await refused(front, b"a,b\n1,2\n3\n", CSV)
    assert (problem["code"], problem["line"], problem["column"]) == ("invalid", 3, 2)
    assert problem["detail"] == "Row 2 has 1 cell, 2 expected (line 3, column 2)"
    problem = await refused(front, b'{"a": 1}\n{"a": }\n', NDJSON)
    assert (problem["line"], problem["column"]) == (2, 7)
    assert "list is empty" in (await refused(front, b"\n\n", TEXT))["detail"]
    assert "list is empty" in (await refused(front, b"a,b\n", CSV))["detail"]
    assert (
        "no such field, expected one of a, b"
        in (await refused(front, b"a,b\n1,2\n", CSV, title="c"))["detail"]
    )
    assert "unknown parameter 'colour'" in (await refused(front, b"x", TEXT, colour="red"))["detail"]
    detail = (await refused(front, b"x", TEXT, kind="paint"))["detail"]
    assert detail.startswith("kind: expected one of command, demo,")
    assert detail.endswith(", got 'paint'")
    assert "seconds" in (await refused(front, b"x", TEXT, params='{"seconds": -1}'))["detail"]
    response = await front.ask("POST", "/batches?kind=demo&kind=demo", content=b"x", headers=TEXT)
    assert "once" in response.json()["detail"]


async def test_a_json_body_that_is_wrong_is_named(front: Front) -> None:
    problem = await refused(front, b'{"kind": "demo",\n "tasks": [,]}', JSON)
    assert (problem["line"], problem["column"]) == (2, 12)
    problem = await refused(front, b'{"kind": "demo", "tasks": []}', JSON, name="L", slots="2")
    assert problem["detail"] == "expected no query beside a JSON body, got name, slots"
    body = {"kind": "demo", "params": {"seconds": 1}, "tasks": []}
    assert "list is empty" in (await refused(front, orjson.dumps(body), JSON))["detail"]
    body = {"kind": "demo", "params": {"seconds": 1}, "tasks": [{"input": {}}] * 2_000 + [{"input": 1}]}
    assert (await refused(front, orjson.dumps(body), JSON))["detail"].startswith(
        "tasks[2000].input: expected an object"
    )


async def test_a_field_that_the_kind_needs_is_looked_for_before_anything_is_stored(front: Front) -> None:
    params = orjson.dumps({"argv": ["echo", "{name}"]}).decode()
    problem = await refused(front, b'{"name": 1}\n{"nam": 2}\n', NDJSON, kind="command", params=params)
    assert "name" in problem["detail"]


async def test_large_bodies_name_the_limit(front: Front, tmp_path: Any) -> None:
    wide = b"x" * (front.settings.input_bytes_max + 1)
    problem = await refused(front, b"a,b\n1," + wide, CSV, 413)
    assert (problem["code"], problem["limit"]) == ("limit_exceeded", "input_bytes_max")
    (tmp_path / "small").mkdir()
    async with fronted(tmp_path / "small", tasks_per_batch_max=2, upload_bytes_max=100) as small:
        assert (await refused(small, b"1\n2\n3\n", TEXT, 413))["limit"] == "tasks_per_batch_max"
        assert (await refused(small, b"x\n" * 51, TEXT, 413))["limit"] == "upload_bytes_max"
        body = orjson.dumps({"kind": "demo", "tasks": [{"input": {"a": "x" * 100}}]})
        assert (await refused(small, body, JSON, 413))["limit"] == "upload_bytes_max"


async def test_types_that_nobody_reads_are_refused(front: Front) -> None:
    problem = await refused(front, b"x", {"content-type": "application/pdf"}, 415)
    assert all(media in problem["detail"] for media in FORMATS)
    await refused(front, b"x", {}, 415)
    await refused(front, b"x", {**TEXT, "content-encoding": "gzip"}, 415)


def test_a_type_may_name_a_charset() -> None:
    assert media_type(Headers({"content-type": "Text/CSV; header=present; charset=utf-16"})) == (
        "text/csv",
        "utf-16",
    )
    assert media_type(Headers({"content-type": "application/json"})) == ("application/json", None)
    with pytest.raises(UnsupportedMediaTypeError, match="got none"):
        media_type(Headers({}))


async def test_commands_can_be_forbidden(tmp_path: Any) -> None:
    async with fronted(tmp_path, allow_commands=False) as front:
        params = '{"argv": ["echo"]}'
        problem = await refused(front, b"x", TEXT, 403, kind="command", params=params)
        assert problem["code"] == "forbidden"
        kinds = {kind["name"]: kind for kind in (await front.get("/kinds"))["items"]}
        assert (kinds["command"]["allowed"], kinds["demo"]["allowed"]) == (False, True)


async def test_a_list_of_ten_thousand_goes_in_whole(front: Front) -> None:
    response = await send(front, b"\n".join(b"row %d" % number for number in range(10_000)), TEXT)
    assert response.json()["total"] == 10_000
    batch = await front.get(f"/batches/{response.json()['id']}")
    assert (batch["total"], batch["running"], batch["waiting"]) == (10_000, 10, 9_990)
