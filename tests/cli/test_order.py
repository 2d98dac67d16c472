import io
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from server.cli.api import Api
from server.cli.exits import UsageError
from server.cli.handing import Part, hand_in
from server.cli.order import NoProgramError, Order, called, check_program, looked_through, variables
from server.cli.source import Source
from server.errors import InvalidInputError
from server.intake.stream import Format
from tests.cli.office import FakeOffice, Served, quick_clock

PART = Part(name="companies.csv")
CSV = b'name,domain\nAcme,acme.example\nFoo,"a ""b"""\n'


def source(content: bytes = CSV, shape: Format = Format.CSV) -> Source:
    return Source(io.BytesIO(content), name="companies.csv", shape=shape)


def order(*command: str, **changed: Any) -> Order:
    given = {
        "name": "companies.csv",
        "command": command or ("echo", "{name}"),
        "env": {},
        "options": {},
    } | changed
    return Order(**given)


@pytest.fixture(autouse=True)
def caller(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_the_list_goes_as_it_is_with_the_params_beside_it(
    office: FakeOffice, server: Served, caller: Path
) -> None:
    wanted = order(options={"slots": 3, "timeout": 90, "attempts": None}, title="domain")
    async with Api(server.address, quick_clock()) as api, looked_through(source(), wanted) as spool:
        made = await hand_in(api, source(), wanted.terms, spool, PART)
    [asked] = office.requests("POST", "/batches")
    assert made["id"] == "b1aaaaaaaaaa"
    assert asked.body == CSV
    assert asked.headers["content-type"] == "text/csv"
    assert {key: value for key, value in asked.query.items() if key != "params"} == {
        "name": "companies.csv", "kind": "command", "slots": "3", "timeout": "90", "title": "domain",
    }  # fmt: skip
    assert wanted.params == {
        "argv": ["echo", "{name}"], "cwd": str(caller), "env": {"PATH": f"{caller}/bin:/usr/bin:/bin"},
    }  # fmt: skip


async def test_the_callers_variables_are_never_in_the_query(office: FakeOffice, server: Served) -> None:
    wanted = order(env={"API_KEY": "s3cret"}, options={"slots": 3, "attempts": None}, title="domain")
    async with Api(server.address, quick_clock()) as api, looked_through(source(), wanted) as spool:
        await hand_in(api, source(), wanted.terms, spool, PART)
    [asked] = office.requests("POST", "/batches")
    assert asked.query == {}
    assert asked.json == {
        "name": "companies.csv", "kind": "command", "params": wanted.params, "slots": 3,
        "tasks": [
            {"title": "acme.example", "input": {"name": "Acme", "domain": "acme.example"}},
            {"title": 'a "b"', "input": {"name": "Foo", "domain": 'a "b"'}},
        ],
    }  # fmt: skip
    assert asked.json["params"]["env"]["API_KEY"] == "s3cret"


async def test_a_prompt_of_some_pages_goes_in_the_body_and_no_number_loses_digits(
    office: FakeOffice, server: Served
) -> None:
    wanted = order("echo", "x" * 5_000)
    rows = b"\n".join(b'{"n": 12345678901234567890123}' for _ in range(2_500))
    listed = source(rows, Format.NDJSON)
    async with Api(server.address, quick_clock()) as api, looked_through(listed, wanted) as spool:
        await hand_in(api, listed, wanted.terms, spool, PART)
    [asked] = office.requests("POST", "/batches")
    assert len(asked.json["tasks"]) == 2_500
    assert asked.body.count(b'{"n": 12345678901234567890123}') == 2_500


@pytest.mark.parametrize(
    ("content", "command", "said"),
    [
        (CSV, ("echo", "{nme}"), r"unknown field \{nme\} .* the tasks have: domain, name"),
        (CSV, ("echo", "{name"), "single {"),
        (b"name,domain\n", ("echo",), "list is empty"),
        (b"", ("echo",), "list is empty"),
        (b"name,domain\nAcme\n", ("echo",), r"Row 1 has 1 cell, 2 expected .*line 2"),
        (b"name,name\n1,2\n", ("echo",), "names 'name' twice"),
    ],
)
async def test_a_mistake_is_told_before_anything_is_started(
    content: bytes, command: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        async with looked_through(source(content), order(*command)):
            pass


async def test_a_title_must_be_a_field() -> None:
    with pytest.raises(InvalidInputError, match="title=nme"):
        async with looked_through(source(), order(title="nme")):
            pass


def test_variables_are_named_and_must_be_there() -> None:
    assert variables(["A", "B"], {"A": "1", "B": "", "C": "3"}) == {"A": "1", "B": ""}
    with pytest.raises(UsageError, match="--env C: no such variable is set"):
        variables(["C"], {})
    with pytest.raises(UsageError, match="takes a name only; set KEY in the environment"):
        variables(["KEY=s3cret"], {})


@pytest.mark.parametrize("program", ["echo", sys.executable, "{program}", "./tool"])
def test_a_program_that_is_there_will_do(caller: Path, program: str) -> None:
    tool = caller / "tool"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    check_program(program)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("no-such-tool", "no-such-tool is no program on the PATH; nothing was started"),
        ("./nothing", "is no program;"),
    ],
)
def test_a_program_that_is_not_there_is_refused(program: str, said: str) -> None:
    with pytest.raises(NoProgramError, match=said):
        check_program(program)


async def test_a_folder_of_its_own_is_a_field_with_dirs_alone() -> None:
    async with looked_through(source(), order("echo", "{dir}/{name}", dirs=True)):
        pass
    assert order(dirs=True).params["dirs"] is True
    with pytest.raises(InvalidInputError, match="only with --dirs"):
        async with looked_through(source(), order("echo", "{dir}")):
            pass
    with pytest.raises(InvalidInputError, match="the list has a field of that name"):
        async with looked_through(source(b"dir,n\na,1\n"), order("echo", "{dir}", dirs=True)):
            pass


def test_a_batch_is_called_as_its_list_and_a_trial_leaves_room_for_its_number() -> None:
    assert called(None, source(), tried=True) == "companies.csv"
    assert called("mine\n", source(), tried=False) == "mine"
    long = Source(io.BytesIO(), name="x" * 250, shape=Format.CSV)
    assert [len(called(None, long, tried=tried)) for tried in (False, True)] == [200, 180]
    with pytest.raises(UsageError, match="expected up to 180 characters with --try, got 181"):
        called("x" * 181, source(), tried=True)
