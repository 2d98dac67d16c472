import os
from pathlib import Path
from typing import Any

import pytest

from server.errors import InvalidInputError
from server.kinds.command_params import checked, environment_of
from server.kinds.withheld import ValuesLostError, Withheld

PATH = {"PATH": os.environ["PATH"]}


def test_the_normal_form_says_everything(tmp_path: Path) -> None:
    assert checked({"argv": ["echo", "{name}"]}, ["name"], PATH, Withheld()) == {
        "argv": ["echo", "{name}"],
        "cwd": str(Path.cwd()),
        "env": {},
        "dirs": False,
    }
    full = {"argv": ["sh", "{dir}"], "cwd": str(tmp_path), "env": PATH, "dirs": True}
    assert checked(full, [], PATH, Withheld()) == full
    assert checked(checked(full, [], PATH, Withheld()), [], PATH, Withheld()) == full


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "argv as a list of strings, the program first, got None"),
        ({"argv": []}, "argv as a list"),
        ({"argv": "echo hi"}, "got 'echo hi'"),
        ({"argv": ["echo", 1]}, "argv as a list of strings"),
        ({"argv": [""]}, "a program"),
        ({"argv": ["echo", "a\x00"]}, "without NUL"),
        ({"argv": ["echo"], "shell": True}, "got shell"),
        ({"argv": ["echo", "{nmae}"]}, "unknown field {nmae}"),
        ({"argv": ["echo", "{dir}"]}, "unknown field {dir}"),
        ({"argv": ["echo", "}"]}, "single }"),
        ({"argv": ["no-such-program"]}, "'no-such-program', which was not found in PATH"),
        ({"argv": ["./no-such-program"]}, "not found as a path"),
        ({"argv": ["/dev/null"]}, "may be executed"),
        ({"argv": ["echo"], "env": {"PATH": "/nowhere"}}, "not found in PATH"),
        ({"argv": ["echo"], "cwd": "relative"}, "absolute path"),
        ({"argv": ["echo"], "cwd": "/no/such/folder"}, "a folder that exists, got '/no/such/folder'"),
        ({"argv": ["echo"], "cwd": 3}, "absolute path"),
        ({"argv": ["echo"], "env": ["A=b"]}, "env as an object of names and strings, got list"),
        ({"argv": ["echo"], "env": {"A=": "b"}}, "names in env"),
        ({"argv": ["echo"], "env": {"": "b"}}, "names in env"),
        ({"argv": ["echo"], "env": {"TENDESKS_EXECUTION": "x"}}, "TENDESKS_EXECUTION"),
        ({"argv": ["echo"], "dirs": "yes"}, "dirs as true or false, got 'yes'"),
    ],
)
def test_what_is_wrong_is_told(params: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        checked(params, ["name"], PATH, Withheld())
    assert words in caught.value.detail


@pytest.mark.parametrize("value", [123456789, "secret\x00value", None])
def test_a_value_of_env_is_never_told(value: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        checked({"argv": ["echo"], "env": {"KEY": value}}, [], PATH, Withheld())
    assert "env KEY" in caught.value.detail
    assert "123456789" not in caught.value.detail
    assert "secret" not in caught.value.detail


def test_a_field_named_dir_and_a_folder_of_that_name_exclude_each_other() -> None:
    with pytest.raises(InvalidInputError, match="without a field named dir"):
        checked({"argv": ["echo"], "dirs": True}, ["dir"], PATH, Withheld())
    assert checked({"argv": ["echo", "{dir}"]}, ["dir"], PATH, Withheld())


def test_programs_are_looked_for_where_they_will_be(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "{braced}"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    for argv, env in (
        (["bin/{{braced}}"], {}),
        ([f"{tmp_path}/bin/{{{{braced}}}}"], {}),
        (["{{braced}}"], {"PATH": str(program.parent)}),
        (["{{braced}}"], {"PATH": "/nowhere:bin"}),
        (["{name}"], {"PATH": "/nowhere"}),
    ):
        assert (
            checked({"argv": argv, "cwd": str(tmp_path), "env": env}, ["name"], PATH, Withheld())["argv"]
            == argv
        )


def test_of_env_only_path_and_names_are_stored_and_the_rest_is_found_in_memory() -> None:
    memory = Withheld()
    stored = checked({"argv": ["echo"], "env": {**PATH, "TOKEN": "canary"}}, [], PATH, memory)
    assert "canary" not in repr(stored)
    assert (stored["env"], stored["withheld"]["names"]) == (PATH, ["TOKEN"])
    assert environment_of(stored, memory) == {**PATH, "TOKEN": "canary"}


def test_values_that_were_lost_with_the_server_are_missed_by_name() -> None:
    stored = checked({"argv": ["echo"], "env": {"TOKEN": "canary"}}, [], PATH, Withheld())
    with pytest.raises(ValuesLostError, match="the values of TOKEN, which are never stored"):
        environment_of(stored, Withheld())
