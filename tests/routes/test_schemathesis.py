"""The whole of HTTP against its own document: a real server, and requests that nobody thought of, the same each time.

No answer is a 5xx, each has a status, type and shape that the document tells of, what breaks the document is refused,
and without a token nothing is told. What a schema cannot say (which kinds, tiers and cursors there are) is not held
against a refusal.
"""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import CHECKS

from server.routes.create import ENTRIES
from server.routes.openapi import document
from server.routes.recordings import FILE
from tests.preview.sample import data
from tests.processes import TLS, ServerProcess, serving, until

pytestmark = pytest.mark.flow

API = schemathesis.openapi.from_dict(document(ENTRIES))
TOO_MUCH = [CHECKS.get_one("positive_data_acceptance")]
MENDED = [*TOO_MUCH, CHECKS.get_one("negative_data_rejection")]  # where a wrong id was made a right one
SEEDED = settings(
    max_examples=12, derandomize=True, database=None, deadline=None,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data: Path = tmp_path_factory.mktemp("schemathesis") / "data"
    # What is made up here must not start programs on this machine.
    with serving(data, environ={"TENDESKS_ALLOW_COMMANDS": "false"}) as found:
        yield found


@pytest.fixture(scope="module")
def there(server: ServerProcess) -> dict[str, Iterator[str]]:
    """Ids of things that there are, over and over, by the noun of the path: one done, one failed, one that waits."""
    for seconds, fail in ((0, 0), (0, 1), (3_600, 0)):
        tasks = [{"title": f"task {n}", "input": {"n": n}, "key": f"k{n}"} for n in range(12)]
        params = {"seconds": seconds, "fail": fail}
        server.api("POST", "/batches", json={"kind": "demo", "params": params, "tasks": tasks})
    until(lambda: server.api("GET", "/account")["running"] == 10, what="the long ones run")
    until(lambda: server.query("SELECT id FROM recordings"), what="they are recorded")
    for number in range(12):
        server.api("POST", "/links", json={})
        server.api("POST", "/tokens", json={"label": f"token {number}"})
        server.raw("POST", "/session", json={"token": server.token})
    found = {
        noun: [id_ for (id_,) in server.query(f"SELECT id FROM {noun} ORDER BY id")]
        for noun in ("batches", "tasks", "executions", "recordings", "links")
    }
    found["tokens"] = [token["id"] for token in server.api("GET", "/tokens")["items"] if not token["current"]]
    found["sessions"] = [session["id"] for session in server.api("GET", "/sessions")["items"]]
    sent = server.raw("POST", "/recordings", content=data(count=4), headers={"content-type": FILE}).json()
    for _ in range(2):
        order = {"format": "mp4", "size": "160x90"}
        export = server.api("POST", f"/recordings/{sent['id']}/exports", json=order)
        found.setdefault("exports", []).append(export["id"])
    return {noun: cycle(ids) for noun, ids in found.items()}


@schemathesis.serializer("application/x-ndjson", "application/jsonl", FILE)
def as_they_are(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def sent(case: Case, server: ServerProcess, excluded: list[Any]) -> Any:
    headers = {"Authorization": f"Bearer {server.token}"}
    return case.call_and_validate(base_url=server.url, headers=headers, excluded_checks=excluded)


@API.parametrize()
@SEEDED
def test_no_request_breaks_it_and_every_answer_is_as_told(case: Case, server: ServerProcess) -> None:
    sent(case, server, TOO_MUCH)


@(
    API.include(path_regex="{id}").exclude(path_regex="^/s/|/(members|accounts)/").parametrize()
)  # a local server has none of these, and any card is one
@SEEDED
def test_nor_does_one_about_things_that_are_there(
    case: Case, server: ServerProcess, there: dict[str, Iterator[str]]
) -> None:
    case.path_parameters["id"] = next(there[case.operation.path.split("/")[3]])
    sent(case, server, MENDED)


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry.scope is not None], ids=lambda entry: str(entry.name)
)
@pytest.mark.parametrize("authorization", [None, "Bearer tds_" + "x" * 43, "Basic b3duZXI6", "Bearer"])
def test_without_a_token_nothing_is_told(
    server: ServerProcess, entry: Any, authorization: str | None
) -> None:
    path = entry.path.replace("{id}", "0123456789ab").replace("{provider}", "openai")
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = httpx2.request(entry.method, f"{server.url}{path}", headers=headers, verify=TLS)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["content-type"] == "application/problem+json"


def pointed(answer: Any, pointer: str) -> str:
    for part in pointer.removeprefix("/").split("/"):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return str(answer)


def test_every_link_of_an_answer_leads_to_a_thing_that_is_there(server: ServerProcess) -> None:
    """Links are walked one by one and not by chance: what there is to go on with changes while a server works."""
    server.api(
        "PATCH", "/account", json={"tier": "enterprise"}
    )  # those before may have left long tasks in all slots
    body = {"kind": "demo", "params": {"seconds": 0}, "tasks": [{"input": {"n": n}} for n in range(3)]}
    made = server.api("POST", "/batches", json=body)
    until(lambda: server.api("GET", f"/batches/{made['id']}")["state"] == "done", what="the end of the batch")
    by_name = {entry.name: entry for entry in ENTRIES}
    walked: dict[str, int] = {}
    open_: list[tuple[str, Any]] = [("post_batches", made)]
    while open_:
        name, answer = open_.pop()
        for led, pointer in by_name[name].answer.leads.items():
            entry = by_name[led]
            given = {"body": {"name": "Led"}, "media_type": "application/json"} if entry.body else {}
            case = API[entry.path][entry.method].Case(
                path_parameters={"id": pointed(answer, pointer)}, **given
            )
            response = sent(case, server, MENDED)
            walked[led] = response.status_code
            if response.status_code == 200 and entry.method == "GET" and led not in dict(open_):
                open_.append((led, response.json()))
    controls = {name for name in walked if name.startswith("post_")}
    assert {name: walked[name] for name in walked.keys() - controls} == dict.fromkeys(
        walked.keys() - controls, 200
    )
    assert {walked[name] for name in controls} == {409}, "it has ended already, and that is said"
    about = {entry.name for entry in ENTRIES if "{id}" in entry.path and entry.tag in {"batches", "tasks"}}
    assert about <= walked.keys(), "there is an operation about a thing that no answer leads to"
