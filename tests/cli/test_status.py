import json

import pytest

from server.cli.status import load, plan
from tests.cli.conftest import Command
from tests.cli.office import NOW_MS, FakeOffice, Served, batch, state


@pytest.mark.parametrize(
    ("queue", "said"),
    [
        ({"waiting": 1042}, "1 running, 1,042 waiting"),
        ({"waiting": 0, "blocked": "disk"}, "1 running, 0 waiting, waiting, the disk is full"),
        (
            {"waiting": 3, "eta": [NOW_MS, NOW_MS + 41 * 60_000]},
            "1 running, 3 waiting, 1\N{EN DASH}41 min, by ",
        ),
    ],
)
def test_the_load_in_words(queue: dict[str, object], said: str) -> None:
    assert load(state(queue=queue), NOW_MS).startswith(said)


def test_the_plan_in_words() -> None:
    assert plan(state()) == "Pro, 10 at a time"


def test_people_get_plan_load_and_batches(tendesks: Command, office: FakeOffice, online: Served) -> None:
    office.listed = [
        batch(name="old", state="done", done=4, running=0, ended="2026-11-18T11:06:40Z"),
        batch(done=1),
    ]
    lines = tendesks("status").stdout.splitlines()
    assert lines[:3] == ["Pro, 10 at a time", "1 running, 3 waiting", ""]
    assert lines[3].startswith("companies.csv")
    assert lines[4].startswith("old")


def test_machines_get_office_and_batches(tendesks: Command, office: FakeOffice, online: Served) -> None:
    office.listed = [batch()]
    said = json.loads(tendesks("status", "--json").stdout)
    assert said["office"]["state"]["office"]["slots"] == 10
    assert [item["id"] for item in said["batches"]] == ["b1aaaaaaaaaa"]


def test_without_a_server_there_is_a_hint(tendesks: Command) -> None:
    result = tendesks("status")
    assert result.exit_code == 3
    assert "`tendesks serve` starts one" in result.stderr


def test_a_server_that_does_not_answer_is_told(tendesks: Command) -> None:
    result = tendesks("status", "--url", "http://127.0.0.1:9")
    assert (result.exit_code, result.stderr) == (3, "tendesks: no server answers at http://127.0.0.1:9\n")


@pytest.mark.parametrize(
    ("kinds", "running", "said"),
    [
        (["external"], 0, "waiting for your runners"),
        (["external", "command"], 0, "waiting for room on this machine"),
        (["external"], 1, "waiting for room on this machine"),
    ],
)
def test_what_is_pulled_waits_for_its_runners(
    tendesks: Command, office: FakeOffice, online: Served, kinds: list[str], running: int, said: str
) -> None:
    office.state = state(
        queue={"waiting": 4, "blocked": "capacity"},
        office={"id": "office1", "tier": "pro", "slots": 10, "running": running},
    )
    office.listed = [
        *(
            batch(
                id=f"b{n}aaaaaaaaaa", kind=kind, state="queued", running=0, eta=["2026-11-18T11:07:40Z"] * 2
            )
            for n, kind in enumerate(kinds)
        ),
        batch(id="b8aaaaaaaaaa", kind="command", state="paused", running=0),
        batch(id="b9aaaaaaaaaa", kind="demo", state="done", done=4, running=0),
    ]
    lines = tendesks("status").stdout.splitlines()
    assert lines[1] == f"{running} running, 4 waiting, {said}"
    assert "waiting for your runners" in lines[3], "a promise would be false"
