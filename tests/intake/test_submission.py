from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from server.errors import InvalidInputError
from server.intake.submission import TIMEOUT_MS, Submission, from_members, from_query
from server.kinds.contract import Context
from server.model import Outcome, Work


class Echo:
    """A kind that tells what it was asked."""

    name = "echo"
    attempts = 3

    def check(self, params: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
        return {**params, "fields": list(fields)}

    async def perform(self, work: Work, context: Context) -> Outcome:
        raise NotImplementedError


def test_a_body_is_read() -> None:
    found = from_members(
        {"name": " My  list ", "kind": "command", "params": {"argv": ["x"]}, "tasks": [], "attempts": 2,
         "timeout": 1.5, "slots": 4, "priority": 2, "try": 3}
    )  # fmt: skip
    assert found == Submission(
        name="My list", kind="command", params={"argv": ["x"]}, attempts=2, timeout_ms=1_500, slots=4,
        priority=2, first=3,
    )  # fmt: skip


def test_a_query_says_the_same_and_names_fields() -> None:
    found = from_query(
        {
            "name": "L",
            "kind": "demo",
            "params": '{"seconds": 2}',
            "try": "3",
            "timeout": "60",
            "title": "b",
            "key": "a",
        }
    )
    assert found == Submission(
        name="L", kind="demo", params={"seconds": 2}, first=3, timeout_ms=60_000, title="b", key="a"
    )


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({}, "kind: expected a text, got nothing"),
        ({"kind": ["demo"]}, "kind: expected a text, got a list"),
        ({"kind": "demo", "titel": "x"}, "unknown member 'titel': expected name, kind, params"),
        ({"kind": "demo", "params": []}, "params: expected an object, got a list"),
        ({"kind": "demo", "attempts": 0}, "attempts: expected a whole number, 1 to 20, got 0"),
        ({"kind": "demo", "attempts": True}, "attempts: expected a whole number"),
        ({"kind": "demo", "timeout": 0}, "timeout: expected seconds, above 0"),
        ({"kind": "demo", "timeout": "1m"}, "timeout: expected seconds, .* got '1m'"),
        ({"kind": "demo", "slots": 1.5}, "slots: expected a whole number"),
        ({"kind": "demo", "priority": 3}, "priority: expected one of 1, 2, 4, got 3"),
        ({"kind": "demo", "try": -1}, "try: expected a whole number, 1 or more, got -1"),
        ({"kind": "demo", "name": "x" * 201}, "name: expected 1 to 200 characters, got 201"),
        ({"kind": "demo", "name": 5}, "name: expected a text, got a number"),
    ],
)
def test_what_is_wrong_in_a_body_is_named(members: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        from_members(members)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"kind": "demo", "params": "{"}, "params: expected JSON, got '{'"),
        ({"kind": "demo", "slots": "many"}, "slots: expected JSON"),
        ({"kind": "demo", "colour": "red"}, "unknown parameter 'colour'"),
        ({"kind": ""}, "kind: expected a text, got nothing"),
    ],
)
def test_what_is_wrong_in_a_query_is_named(query: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        from_query(query)


def test_a_name_stands_on_one_line() -> None:
    assert from_members({"kind": "demo", "name": " a\n\x00b\u202e "}).name == "a b"
    with pytest.raises(InvalidInputError, match="name: expected 1 to 200 characters"):
        from_members({"kind": "demo", "name": "\n\x00"})


def test_what_is_not_said_is_as_the_kind_has_it() -> None:
    batch = from_query({"kind": "echo"}).batch(Echo(), total=1_200, kept=1_200, fields=("a", "b"))
    assert (batch.name, batch.attempts, batch.timeout_ms, batch.priority) == (
        "echo, 1,200 tasks",
        3,
        TIMEOUT_MS,
        1,
    )
    assert batch.params == {"fields": ["a", "b"]}


def test_a_trial_says_so_in_its_name() -> None:
    batch = from_query({"kind": "echo", "name": "L", "try": "3"}).batch(Echo(), total=9, kept=3, fields=())
    assert batch.name == "L (first 3)"
    whole = from_query({"kind": "echo", "name": "L", "try": "9"}).batch(Echo(), total=9, kept=9, fields=())
    assert whole.name == "L"
