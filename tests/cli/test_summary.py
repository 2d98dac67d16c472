import io
import json
from pathlib import Path
from typing import Any

import pytest

from server.cli.api import Api
from server.cli.exits import Exit
from server.cli.figures import Figures
from server.cli.screen import Screen
from server.cli.summary import LISTED_MAX, Outcome, failures_of, tell
from tests.cli.office import FakeOffice, Served, batch, quick_clock


def outcome(failures: int = 0, **changed: Any) -> Outcome:
    figures = {"total": 200, "done": 200 - failures, "failed": failures, "running": 0, "state": "done"}
    listed = [
        {
            "task": f"t{number}",
            "title": f"Company {number}",
            "reason": "exit",
            "message": f"exit code {number}",
        }
        for number in range(failures)
    ]
    given: dict[str, Any] = {
        "batches": [Figures.from_http(batch(**figures))], "failures": listed, "elapsed_ms": 522_000,
        "office": "http://127.0.0.1:8000", "output": None, "interrupted": False, "own_server": False,
    }  # fmt: skip
    return Outcome(**(given | changed))


def told(what: Outcome, *, as_json: bool = False) -> str:
    out = io.StringIO()
    tell(Screen(out=out, err=io.StringIO(), json=as_json), what)
    return out.getvalue()


def test_all_done_is_said_in_one_line() -> None:
    lines = told(outcome(output=Path("results.csv"))).splitlines()
    assert lines == ["All done in 8:42: 200 done.", "", "  Results  results.csv"]


def test_failures_are_listed_with_title_reason_and_message() -> None:
    lines = told(outcome(12)).splitlines()
    assert lines[0] == "Ended after 8:42: 188 done, 12 failed."
    assert lines[2].split() == ["✗", "Company", "0", "exit", "exit", "code", "0"]
    assert lines[12] == "  and 2 more that failed"
    assert lines[14:] == [
        "  Results  tendesks results b1aaaaaaaaaa --to results.csv",
        "  Retry    tendesks retry b1aaaaaaaaaa",
    ]


def test_the_end_of_an_own_server_is_told_where_something_is_left_to_do() -> None:
    assert "tendesks serve" in told(outcome(own_server=True))
    again = told(outcome(2, own_server=True, output=Path("r.csv"), key="domain"))
    assert "the same command with --resume does what is not done yet" in again
    assert "tendesks retry" not in again
    assert "tendesks serve" not in told(outcome(own_server=True, output=Path("r.csv")))


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (outcome(), Exit.OK),
        (outcome(1), Exit.REFUSED),
        (
            outcome(batches=[Figures.from_http(batch(state="cancelled", cancelled=4, running=0))]),
            Exit.REFUSED,
        ),
        (outcome(interrupted=True), Exit.INTERRUPTED),
    ],
)
def test_the_exit_code_says_the_same(what: Outcome, code: Exit) -> None:
    assert what.exit == code


def test_machines_get_one_object() -> None:
    said = json.loads(told(outcome(1, output=Path("r.csv")), as_json=True))
    assert said == {
        "id": "b1aaaaaaaaaa", "name": "companies.csv", "state": "done", "total": 200, "done": 199, "failed": 1,
        "cancelled": 0, "waiting": 0, "running": 0, "seconds": 522.0, "interrupted": False,
        "office": "http://127.0.0.1:8000", "output": "r.csv",
        "failures": [{"task": "t0", "title": "Company 0", "reason": "exit", "message": "exit code 0"}],
        "skipped": 0, "left": 0, "batches": [{
            "id": "b1aaaaaaaaaa", "name": "companies.csv", "state": "done", "total": 200, "done": 199, "failed": 1,
            "cancelled": 0, "waiting": 0, "running": 0,
        }],
    }  # fmt: skip


async def test_failures_come_from_the_server(office: FakeOffice, server: Served) -> None:
    task = {"id": "t1", "title": "Acme", "state": "failed", "reason": "timeout"}
    office.tasks = [
        task | {"message": "Longer than 20 min"},
        task | {"executions": [{"message": "last"}]},
        task,
    ]
    async with Api(server.address, quick_clock()) as api:
        found = await failures_of(api, [Figures.from_http(batch(failed=3))])
        assert await failures_of(api, [Figures.from_http(batch())]) == []
    assert [item["message"] for item in found] == ["Longer than 20 min", "last", None]
    assert office.requests("GET", "/batches/b1aaaaaaaaaa/tasks")[0].query["state"] == "failed"


async def test_no_more_failures_are_listed_than_anybody_reads(office: FakeOffice, server: Served) -> None:
    office.tasks = [{"id": "t", "title": "x"}] * (LISTED_MAX + 1)
    async with Api(server.address, quick_clock()) as api:
        assert len(await failures_of(api, [Figures.from_http(batch(failed=1))])) == LISTED_MAX


def test_a_trial_says_how_the_rest_is_done() -> None:
    tried = [{"task": "t1", "title": "Acme", "state": "done"}]
    said = told(outcome(left=197, tried=tried))
    assert said.startswith("Tried in 8:42: 200 done, 197 not started.")
    assert "the same command with --yes --key FIELD --resume does the other 197 without asking" in said
    assert json.loads(told(outcome(left=197, tried=tried), as_json=True))["tried"] == tried


def test_a_list_in_two_batches_is_told_as_one() -> None:
    first = Figures.from_http(batch(id="b1aaaaaaaaaa", total=3, done=3, running=0, state="done"))
    rest = Figures.from_http(batch(id="b2aaaaaaaaaa", total=7, done=5, failed=2, running=0, state="done"))
    both = outcome(batches=[first, rest], skipped=90, folders=Path("/data/dirs"))
    lines = told(both).splitlines()
    assert lines[0] == "Ended after 8:42: 8 done, 2 failed, 90 done before."
    assert [line.split()[-1] for line in lines if "Folders" in line] == [
        "/data/dirs/b1aaaaaaaaaa",
        "/data/dirs/b2aaaaaaaaaa",
    ]
    assert [line.split()[-1] for line in lines if "Retry" in line] == ["b2aaaaaaaaaa"]
    said = json.loads(told(both, as_json=True))
    assert (said["id"], said["total"], said["skipped"]) == ("b2aaaaaaaaaa", 10, 90)
    assert [part["total"] for part in said["batches"]] == [3, 7]


def test_a_list_of_which_all_was_done_before() -> None:
    before = outcome(batches=[], name="companies.csv", skipped=200, output=Path("r.csv"))
    assert before.exit is Exit.OK
    assert told(before).splitlines()[0] == "All done in 8:42: 0 done, 200 done before."
    assert json.loads(told(before, as_json=True))["id"] is None


def test_one_that_is_left_paused_says_why_and_how_it_goes_on() -> None:
    paused = batch(state="paused", failed=2, running=0, reason="Ten tasks in a row failed alike: exit 1")
    said = told(outcome(batches=[Figures.from_http(paused)]))
    assert said.startswith(
        "Paused after 8:42: 0 done, 2 failed, 2 waiting.\nTen tasks in a row failed alike: exit 1"
    )
    assert "tendesks resume b1aaaaaaaaaa" in said
    assert "same command" not in said
