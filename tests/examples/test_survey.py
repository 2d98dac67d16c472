"""The example is an ordinary program: it is run as one, for a moment instead of for seconds."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from server.kinds.output import DirectedStream
from server.samples import survey_script

LIMIT_S = 60


@pytest.fixture(scope="module")
def survey() -> ModuleType:
    spec = importlib.util.spec_from_file_location("survey", survey_script())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["survey"] = module
    spec.loader.exec_module(module)
    return module


def surveyed(*arguments: str) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """Return (the result, the steps as (permille, note))."""
    done = subprocess.run(
        [sys.executable, str(survey_script()), *arguments], capture_output=True, timeout=LIMIT_S, check=True
    )
    stream = DirectedStream(64 * 1024)
    steps = [*stream.feed(done.stdout).directives, *stream.end().directives]
    assert stream.tail.last().count(b"\n") == 1, "nothing but directives and one line of JSON"
    return json.loads(stream.tail.last_line()), [(step.permille or 0, step.note or "") for step in steps]


def test_a_module() -> None:
    result, steps = surveyed("module", "json", "--seconds", "0.05")
    assert result["module"] == "json"
    assert result["files"] == len(list(Path(json.__file__).parent.glob("*.py")))
    lines = sum(len(path.read_text().splitlines()) for path in Path(json.__file__).parent.glob("*.py"))
    assert result["lines"] == lines
    assert {"re", "codecs"} <= set(result["imports"])
    assert "json" not in result["imports"]
    assert result["classes"] >= 3
    assert 0 < result["documented"] < 100
    assert 0 < result["import_least_ms"] <= result["import_ms"] < result["uncompiled_ms"]
    assert result["imports_timed"] >= 1
    assert [permille for permille, _ in steps] == sorted(permille for permille, _ in steps)
    assert "parsing decoder.py" in [note for _, note in steps]
    assert "1st import, uncompiled" in [note for _, note in steps]


def test_a_package() -> None:
    result, _ = surveyed("package", "structlog", "--seconds", "0")
    assert result["package"] == result["module"] == "structlog"
    assert result["version"] == importlib.metadata.version("structlog")
    assert result["licence"]
    assert result["dependencies"] == [] or all(isinstance(name, str) for name in result["dependencies"])
    assert result["bytes"] > 100_000
    assert result["all_files"] > result["files"] > 10
    assert result["import_ms"] > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("module", "no_such_module"), "there is no module no_such_module"),
        (("module", "sys"), "no source in Python"),
        (("package", "no-such-package"), "there is no package no-such-package"),
    ],
)
def test_what_cannot_be_surveyed_says_so(arguments: tuple[str, ...], words: str) -> None:
    done = subprocess.run(
        [sys.executable, str(survey_script()), *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 1
    assert words in done.stderr.splitlines()[-1]


def test_counting(survey: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "shop.py"
    path.write_text(
        '"""A shop."""\n'
        "from __future__ import annotations\n"
        "import os.path, json as j\n"
        "from .local import x\n"
        "from shop.till import y\n"
        "class Till:\n"
        "    def open(self): ...\n"
        "    async def close(self):\n"
        '        """Close it."""\n'
        "        def inner(): ..."
    )
    source = survey.Source()
    source.read(path)
    assert source.figures("shop") == {
        "files": 1,
        "lines": 10,
        "functions": 3,
        "classes": 1,
        "documented": 40.0,
        "imports": ["json", "os"],
    }


def test_a_file_that_is_no_python_counts_by_its_lines(survey: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "template.py").write_bytes(b"class {{ name }}:\n\xff\n")
    source = survey.Source()
    source.read(tmp_path / "template.py")
    figures = source.figures("x")
    assert (figures["files"], figures["lines"], figures["classes"], figures["documented"]) == (1, 2, 0, None)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (22, "22nd"),
        (113, "113th"),
    ],
)
def test_ordinal(survey: ModuleType, number: int, words: str) -> None:
    assert survey.ordinal(number) == words


def test_each_name_has_a_length_of_its_own_between_five_and_twenty_seconds(survey: ModuleType) -> None:
    budgets = [seconds for name in "abcdefghijklmnopqrstuvwxyz" for seconds in survey.budgets_of(name, None)]
    assert all(5 <= seconds <= 20 for seconds in budgets)
    assert len({round(seconds) for seconds in budgets}) > 10
    assert survey.budgets_of("a", None) == survey.budgets_of("a", None)
    assert survey.budgets_of("a", 0.5) == (0.5, 0.5)


def test_an_import_that_fails_is_told_in_its_words(survey: ModuleType) -> None:
    with pytest.raises(ImportError, match="ModuleNotFoundError: No module named 'no_such_module'"):
        survey.import_ms("no_such_module")
