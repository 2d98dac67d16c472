"""The house rules that no linter knows: names, sizes, and a test for every room with a public function."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINES_MAX = 400
LONGER_WITH_REASON: dict[str, str] = {}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "util", "helper", "misc"}
SOURCES = ("server", "simulation", "web/src", "assets", "examples", "bench")


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *SOURCES, "tests", "web/tests"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return [Path(name) for name in listed if name.endswith(suffixes) and (ROOT / name).exists()]


def test_no_room_has_a_name_that_says_nothing() -> None:
    crooked = [
        path for path in tracked(".py", ".ts", ".tsx") if FORBIDDEN_NAMES & set(path.with_suffix("").parts)
    ]
    assert crooked == []


def test_no_file_is_longer_than_a_room_may_be() -> None:
    long = {
        str(path): lines
        for path in tracked(".py", ".ts", ".tsx", ".css")
        if (lines := len((ROOT / path).read_text().splitlines())) > LINES_MAX
        and str(path) not in LONGER_WITH_REASON
    }
    assert long == {}, f"over {LINES_MAX} lines without a reason"


def test_reasons_for_length_are_still_needed() -> None:
    needless = [
        name for name in LONGER_WITH_REASON if len((ROOT / name).read_text().splitlines()) <= LINES_MAX
    ]
    assert needless == []


def is_public(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")


def public_functions(path: Path) -> list[str]:
    """Functions of the module, and classes with methods; protocols promise and do nothing."""
    found = []
    for node in ast.parse((ROOT / path).read_text()).body:
        if is_public(node):
            found.append(node.name)
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            protocol = any("Protocol" in ast.dump(base) for base in node.bases)
            if not protocol and any(is_public(member) for member in node.body):
                found.append(node.name)
    return found


def modules_with_public_functions() -> list[str]:
    rooms = [
        path
        for path in tracked(".py")
        if path.parts[0] in {"server", "simulation"} and "migrations" not in path.parts
    ]
    return [
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in rooms
        if public_functions(path)
    ]


@cache
def imported_by_tests() -> set[str]:
    """Names of modules, and of what is taken out of them, with dots."""
    found: set[str] = set()
    for path in tracked(".py"):
        if path.parts[0] == "tests":
            for node in ast.walk(ast.parse((ROOT / path).read_text())):
                if isinstance(node, ast.Import):
                    found.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module)
                    found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("module", modules_with_public_functions())
def test_every_room_has_a_test_that_imports_it(module: str) -> None:
    assert module in imported_by_tests(), f"no test imports {module}"


def test_nothing_of_the_machine_or_a_registry_is_committed() -> None:
    # Spelt in pieces so that this file does not find itself.
    hosts = ["py" + "pi.org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian.org"]
    found = subprocess.run(
        ["git", "grep", "-nIE", "|".join(re.escape(host) for host in hosts), "--", "."],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    assert found == ""
