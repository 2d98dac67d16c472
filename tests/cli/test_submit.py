import json
from pathlib import Path

import pytest

from server.cli.exits import UsageError
from server.cli.submit import read_params
from tests.cli.conftest import Command
from tests.cli.office import FakeOffice, Served


def test_a_list_is_handed_in_as_it_is(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    (tmp_path / "urls.txt").write_text("https://a.example\n")
    result = tendesks(
        "submit", str(tmp_path / "urls.txt"), "--kind", "demo", "--param", "seconds=[1, 2]", "--param", "say=hello",
        "--name", "urls", "--title", "line", "--slots", "3", "--priority", "2", "--attempts", "4", "--timeout", "20m",
    )  # fmt: skip
    [asked] = office.requests("POST", "/batches")
    assert result.exit_code == 0
    assert result.stdout == "b1aaaaaaaaaa\n"
    assert asked.body == b"https://a.example\n"
    assert asked.headers["content-type"] == "text/plain"
    assert json.loads(asked.query.pop("params")) == {"seconds": [1, 2], "say": "hello"}
    assert asked.query == {
        "name": "urls", "kind": "demo", "title": "line", "slots": "3", "priority": "2", "attempts": "4",
        "timeout": "1200",
    }  # fmt: skip


def test_standard_input_is_a_list_too(tendesks: Command, office: FakeOffice, online: Served) -> None:
    result = tendesks("submit", "-", "--kind", "demo", "--json", input='{"a": 1}\n')
    [asked] = office.requests("POST", "/batches")
    assert json.loads(result.stdout)["total"] == 4
    assert (asked.body, asked.headers["content-type"]) == (b'{"a": 1}\n', "application/x-ndjson")


def test_what_the_server_has_against_it_is_told_as_it_is(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1\n")
    detail = "Row 1 has 1 cell, 2 expected (line 2, column 2)"
    office.problems[("POST", "/batches")] = [(400, {"code": "invalid", "detail": detail})]
    result = tendesks("submit", str(tmp_path / "a.csv"), "--kind", "demo")
    assert (result.exit_code, result.stderr) == (1, f"tendesks: {detail}\n")


def test_params_are_json_or_else_text() -> None:
    read = read_params(["n=2", "flag=true", "text=a=b", 'quoted="2"', "empty=", 'argv=["a"]'])
    assert read == {"n": 2, "flag": True, "text": "a=b", "quoted": "2", "empty": "", "argv": ["a"]}


def test_a_long_text_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_bytes("\ufeffWho is {name}?\nBe brief.\r\n".encode())
    (tmp_path / "one.JSON").write_text('{"type": "object"}\n')
    (tmp_path / "2").write_text("2\n")
    pairs = [f"prompt=@{tmp_path}/prompt.txt", f"schema=@{tmp_path}/one.JSON", f"n=@{tmp_path}/2", "at=@@me"]
    assert read_params(pairs) == {
        "prompt": "Who is {name}?\nBe brief.", "schema": {"type": "object"}, "n": "2", "at": "@me",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("none.txt", None, "No such file"),
        ("bad.txt", b"caf\xe9", "expected UTF-8 text, got byte 0xe9"),
        ("bad.json", b"{", "expected JSON"),
    ],
)
def test_a_file_that_is_of_no_use_is_told(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=f"--param prompt: .*{name}: .*{said}"):
        read_params([f"prompt=@{tmp_path / name}"])


@pytest.mark.parametrize(
    "param", ['headers={"Authorization": "s3cret"}', 'env={"A": "s3cret"}', "p=" + "s3cret" * 500]
)
def test_neither_secrets_nor_pages_go_into_the_query(
    tendesks: Command, office: FakeOffice, online: Served, tmp_path: Path, param: str
) -> None:
    (tmp_path / "a.csv").write_text("name,id\nAcme,1\n")
    command = ("submit", str(tmp_path / "a.csv"), "--kind", "http", "--param", param, "--key", "id")
    assert tendesks(*command).exit_code == 0
    [asked] = office.requests("POST", "/batches")
    assert asked.query == {}
    assert "s3cret" in json.dumps(asked.json["params"])
    assert asked.json["tasks"] == [{"title": "Acme", "input": {"name": "Acme", "id": "1"}, "key": "1"}]


@pytest.mark.parametrize(
    ("pairs", "said"), [(["n"], "expected NAME=VALUE"), (["=1"], "NAME"), (["a=1", "a=2"], "twice")]
)
def test_what_is_no_param_is_refused(pairs: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_params(pairs)
