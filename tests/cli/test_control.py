import json

import pytest

from server.cli.control import sentence
from tests.cli.conftest import Command
from tests.cli.office import FakeOffice, Served, batch


@pytest.mark.parametrize(
    ("action", "after", "said"),
    [
        ("pause", {"running": 3}, "paused; 3 running go on to their end"),
        ("pause", {"running": 0}, "paused"),
        ("resume", {"total": 44, "running": 1}, "goes on; 43 tasks wait"),
        ("cancel", {"running": 2}, "cancelled; 2 running are asked to end"),
        ("cancel", {"running": 0}, "cancelled"),
        ("retry", {}, "4 failed tasks run again"),
    ],
)
def test_each_action_has_its_sentence(action: str, after: dict[str, int], said: str) -> None:
    assert sentence(action, batch(failed=4), batch(**after)) == said


@pytest.mark.parametrize("action", ["pause", "resume", "cancel", "retry"])
def test_a_batch_is_found_by_name_and_told(
    tendesks: Command, office: FakeOffice, online: Served, action: str
) -> None:
    office.listed = [batch(failed=1)]
    result = tendesks(action, "companies.csv")
    assert result.exit_code == 0
    assert result.stdout.startswith("companies.csv: ")
    [asked] = office.requests("POST", f"/batches/b1aaaaaaaaaa/{action}")
    assert asked.headers["idempotency-key"]


def test_machines_get_the_batch(tendesks: Command, office: FakeOffice, online: Served) -> None:
    office.listed = [batch()]
    assert json.loads(tendesks("pause", "b1", "--json").stdout)["id"] == "b1aaaaaaaaaa"


def test_an_end_that_was_there_before_is_told(tendesks: Command, office: FakeOffice, online: Served) -> None:
    office.listed = [batch()]
    problem = {"code": "already_ended", "detail": "the batch ended 14:12"}
    office.problems[("POST", "/batches/b1aaaaaaaaaa/cancel")] = [(409, problem)]
    result = tendesks("cancel", "b1")
    assert (result.exit_code, result.stderr) == (1, "tendesks: the batch ended 14:12\n")


def test_no_batch_of_that_name(tendesks: Command, online: Served) -> None:
    result = tendesks("pause", "nobody", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "not_found"
