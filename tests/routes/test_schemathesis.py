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
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

DOCUMENT = document(ENTRIES)
API = schemathesis.openapi.from_dict(DOCUMENT)
LINKED = schemathesis.openapi.from_dict(DOCUMENT)
TOO_MUCH = [CHECKS.get_one("positive_data_acceptance")]
MENDED = [*TOO_MUCH, CHECKS.get_one("negative_data_rejection")]  # where a wrong id was made a right one
SEEDED = settings(
    max_examples=12, stateful_step_count=6, derandomize=True, database=None, deadline=None,
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
    found = {
        noun: [id_ for (id_,) in server.query(f"SELECT id FROM {noun} ORDER BY id")]
        for noun in ("batches", "tasks", "executions")
    }
    return {noun: cycle(ids) for noun, ids in found.items()}


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def as_they_are(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def sent(case: Case, server: ServerProcess, excluded: list[Any]) -> None:
    headers = {"Authorization": f"Bearer {server.token}"}
    case.call_and_validate(base_url=server.url, headers=headers, excluded_checks=excluded)


@API.parametrize()
@SEEDED
def test_no_request_breaks_it_and_every_answer_is_as_told(case: Case, server: ServerProcess) -> None:
    sent(case, server, TOO_MUCH)


@API.include(path_regex="{id}").parametrize()
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
    path = entry.path.replace("{id}", "0123456789ab")
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = httpx2.request(entry.method, f"{server.url}{path}", headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["content-type"] == "application/problem+json"


@LINKED.hook
def map_body(context: Any, body: Any) -> Any:
    """Of what is made up for a batch, keep all but the kind: so that there are batches to go on with."""
    if context.operation.path.endswith("/batches") and isinstance(body, dict):
        return {**body, "kind": "demo", "params": {"seconds": 0}}
    return body


def test_one_answer_leads_to_the_next_request(server: ServerProcess) -> None:
    class Visit(LINKED.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"base_url": server.url, "headers": {"Authorization": f"Bearer {server.token}"}}

        def validate_response(self, response: Any, case: Case, **options: Any) -> None:
            case.validate_response(response, excluded_checks=TOO_MUCH, recorder=self.recorder)

    Visit.run(settings=SEEDED)
