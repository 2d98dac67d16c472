"""The params of the kind `command`, checked before anything is stored.

`{"argv": ["program", "argument {field}", …], "cwd"?: "/folder", "env"?: {"NAME": "value"}, "dirs"?: true}`

What is stored has all of argv, cwd and dirs, and of env its PATH alone; other variables may be secrets, so only their
names are stored, and a reference to where memory keeps their values (`withheld`).
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from server.errors import InvalidInputError
from server.kinds import templates
from server.kinds.marks import MARKS
from server.kinds.withheld import Withheld

DIR_FIELD = "dir"
_KNOWN = ("argv", "cwd", "env", "dirs")


def checked(
    params: Mapping[str, Any], fields: Sequence[str], inherited: Mapping[str, str], withheld: Withheld
) -> dict[str, Any]:
    """Return the params as they are stored; without `cwd` a program starts where the server was started.

    Raises:
        InvalidInputError: which of them is wrong, what was expected and what came; a value of `env` is never told.
    """
    if unknown := params.keys() - set(_KNOWN):
        raise _wrong(", ".join(_KNOWN), ", ".join(sorted(unknown)))
    cwd, environment, dirs = _cwd(params), _environment(params), _dirs(params, fields)
    argv = _argv(params)
    known = {*fields, DIR_FIELD} if dirs else set(fields)
    for argument in argv:
        templates.check(argument, known)
    _check_program(argv[0], cwd, {**inherited, **environment}.get("PATH", os.defpath))
    stored = {name: value for name, value in environment.items() if name == "PATH"}
    kept = {name: value for name, value in environment.items() if name != "PATH"}
    result = {"argv": argv, "cwd": cwd, "env": stored, "dirs": dirs}
    if kept:
        result["withheld"] = withheld.put_by(kept)
    return result


def environment_of(params: Mapping[str, Any], withheld: Withheld) -> Mapping[str, str]:
    """Return the variables that were given with the batch, from what is stored and what memory keeps.

    Raises:
        ValuesLostError: the values were lost with the server that had them.
    """
    stored: Mapping[str, str] = params["env"]
    if "withheld" not in params:
        return stored
    return {**stored, **withheld.recalled(params["withheld"])}


def _argv(params: Mapping[str, Any]) -> list[str]:
    argv = params.get("argv")
    if not isinstance(argv, list) or not argv or not all(isinstance(argument, str) for argument in argv):
        raise _wrong("argv as a list of strings, the program first", repr(argv))
    if not argv[0] or any("\x00" in argument for argument in argv):
        raise _wrong("argv with a program and without NUL characters", repr(argv))
    return list(argv)


def _cwd(params: Mapping[str, Any]) -> str:
    cwd = params.get("cwd")
    if cwd is None:
        return str(Path.cwd())
    if not isinstance(cwd, str) or "\x00" in cwd or not Path(cwd).is_absolute() or not Path(cwd).is_dir():
        raise _wrong("cwd as the absolute path of a folder that exists", repr(cwd))
    return cwd


def _environment(params: Mapping[str, Any]) -> dict[str, str]:
    given = params.get("env", {})
    if not isinstance(given, dict):
        raise _wrong("env as an object of names and strings", type(given).__name__)
    for name, value in given.items():
        if not name or "=" in name or "\x00" in name or name in MARKS:
            raise _wrong(f"names in env without = and other than {', '.join(sorted(MARKS))}", repr(name))
        if not isinstance(value, str) or "\x00" in value:
            raise _wrong(f"env {name} as a string without NUL characters", "something else")
    return dict(given)


def _dirs(params: Mapping[str, Any], fields: Sequence[str]) -> bool:
    dirs = params.get("dirs", False)
    if not isinstance(dirs, bool):
        raise _wrong("dirs as true or false", repr(dirs))
    if dirs and DIR_FIELD in fields:
        raise _wrong("tasks without a field named dir, which dirs gives each of them", "one that has it")
    return dirs


def _check_program(program: str, cwd: str, path: str) -> None:
    """Refuse a program that does not exist, before the first task does; a name with placeholders cannot be known."""
    if templates.fields_in(program):
        return
    name = templates.fill(program, {})
    folders = os.pathsep.join(str(Path(cwd, folder)) for folder in path.split(os.pathsep))
    where = str(Path(cwd, name)) if os.sep in name else name
    if shutil.which(where, path=folders) is None:
        place = "as a path" if os.sep in name else "in PATH"
        raise _wrong("a program that exists and may be executed", f"{name!r}, which was not found {place}")


def _wrong(expected: str, got: str) -> InvalidInputError:
    return InvalidInputError(f"command: expected {expected}, got {got}")
