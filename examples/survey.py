#!/usr/bin/env python3
"""Survey a module of the standard library, or an installed package: what its source holds, how long it takes to import.

    python examples/survey.py module json
    python examples/survey.py package rich

Needs nothing but Python 3.11. It is an ordinary program that happens to speak Ten Desks' two directives: lines
`::progress 0.4 note` and `::note …` on stdout move the desk, and the last line is the result, as JSON.

The import times are medians over as many fresh interpreters as fit into some seconds, once with everything compiled
before and once with nothing compiled. How many seconds follows from the name, 5 to 20 for each of the two, unless
`--seconds` says so.
"""

import argparse
import ast
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS_MIN, SECONDS_MAX = 5.0, 20.0
INTERPRETER_SECONDS_MAX = 120
PARSING_SHARE = 0.1
TESTS = {"test", "tests", "testing"}

# Runs in a fresh interpreter. Whatever the module prints while it is imported comes before the last line.
IMPORT = """
import sys, time
begun = time.perf_counter_ns()
__import__(sys.argv[1])
print("\\n", time.perf_counter_ns() - begun)
"""


@dataclass
class Source:
    """What was counted in Python files."""

    files: int = 0
    lines: int = 0
    functions: int = 0
    classes: int = 0
    documentable: int = 0
    documented: int = 0
    imports: set[str] = field(default_factory=set)

    def read(self, path: Path) -> None:
        """Count one file; one that this Python cannot parse (a template, say) counts by its lines alone."""
        text = path.read_bytes()
        self.files += 1
        self.lines += text.count(b"\n") + (not text.endswith(b"\n") and bool(text))
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return
        for node in ast.walk(tree):
            self._count(node)

    def _count(self, node: ast.AST) -> None:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            self.documentable += 1
            self.documented += ast.get_docstring(node, clean=False) is not None
            self.classes += isinstance(node, ast.ClassDef)
            self.functions += isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        elif isinstance(node, ast.Import):
            self.imports.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            self.imports.add(node.module.partition(".")[0])

    def figures(self, own: str) -> dict[str, Any]:
        """The counts; `documented` is a share in percent, `imports` are top-level names other than its own."""
        return {
            "files": self.files,
            "lines": self.lines,
            "functions": self.functions,
            "classes": self.classes,
            "documented": round(100 * self.documented / self.documentable, 1) if self.documentable else None,
            "imports": sorted(self.imports - {own.partition(".")[0], "__future__"}),
        }


def say(directive: str) -> None:
    print(f"::{directive}", flush=True)


def counted(paths: list[Path], root: Path) -> Source:
    """Read all files, and say which."""
    source = Source()
    for number, path in enumerate(paths):
        name = path.relative_to(root) if path.is_relative_to(root) else path.name
        say(f"progress {PARSING_SHARE * number / len(paths):.3f} parsing {name}")
        source.read(path)
    return source


def files_of_module(name: str) -> list[Path]:
    """The module's own file, or all files of a package but its tests."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise SystemExit(f"there is no module {name} in Python {sys.version.split()[0]}")
    if spec.submodule_search_locations:
        folders = [Path(folder) for folder in spec.submodule_search_locations]
        return sorted(
            path for folder in folders for path in folder.rglob("*.py") if not is_test(path, folder)
        )
    if spec.origin is None or not spec.origin.endswith(".py"):
        raise SystemExit(f"the module {name} has no source in Python: {spec.origin}")
    return [Path(spec.origin)]


def is_test(path: Path, folder: Path) -> bool:
    return not TESTS.isdisjoint(path.relative_to(folder).parts[:-1])


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def import_ms(module: str, *flags: str) -> float:
    """Import the module in a fresh interpreter, which says how long that took."""
    command = [sys.executable, "-I", *flags, "-c", IMPORT, module]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=INTERPRETER_SECONDS_MAX, check=False
    )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise ImportError(last or f"exit {done.returncode}")
    return int(done.stdout.split()[-1]) / 1e6


def timed(
    module: str, flags: list[str], seconds: float, manner: str, shares: tuple[float, float]
) -> list[float]:
    """Import again and again until the time is up; progress goes from one share to the other as it passes."""
    begun = time.monotonic()
    samples: list[float] = []
    while not samples or time.monotonic() - begun < seconds:
        passed = min((time.monotonic() - begun) / seconds, 1.0) if seconds else 1.0
        share = shares[0] + (shares[1] - shares[0]) * passed
        say(f"progress {share:.3f} {ordinal(len(samples) + 1)} import, {manner}")
        samples.append(import_ms(module, *flags))
    return samples


def import_figures(module: str, flags: list[str], budgets: tuple[float, float]) -> dict[str, Any]:
    """Both import times in milliseconds, with how often they were taken and how busy the machine was."""
    middle = PARSING_SHARE + (1 - PARSING_SHARE) * budgets[0] / max(sum(budgets), 1e-9)
    with tempfile.TemporaryDirectory() as compiled, tempfile.TemporaryDirectory() as empty:
        warm = [*flags, "-X", f"pycache_prefix={compiled}"]
        cold = [*flags, "-B", "-X", f"pycache_prefix={empty}"]
        say(f"progress {PARSING_SHARE:.3f} compiling")
        import_ms(module, *warm)  # leaves the compiled files for those that are timed
        fast = timed(module, warm, budgets[0], "compiled", (PARSING_SHARE, middle))
        slow = timed(module, cold, budgets[1], "uncompiled", (middle, 1.0))
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    remark = f"measured at a load of {load:.1f} on {cores} cores: the least is nearer to a machine at rest"
    return {
        "import_ms": round(statistics.median(fast), 3),
        "import_least_ms": round(min(fast), 3),
        "imports_timed": len(fast),
        "uncompiled_ms": round(statistics.median(slow), 3),
        "uncompiled_least_ms": round(min(slow), 3),
        "uncompiled_timed": len(slow),
        "load": round(load, 1),
        "cores": cores,
        **({"remark": remark} if load > cores else {}),
    }


def budgets_of(name: str, seconds: float | None) -> tuple[float, float]:
    """How long to measure compiled and uncompiled: from the name, so that every task has a length of its own."""
    if seconds is not None:
        return seconds, seconds
    digest = hashlib.sha256(name.encode()).digest()
    span = SECONDS_MAX - SECONDS_MIN
    first, second = (int.from_bytes(digest[at : at + 2], "big") / 0xFFFF for at in (0, 2))
    return SECONDS_MIN + span * first, SECONDS_MIN + span * second


def survey_module(name: str, budgets: tuple[float, float]) -> dict[str, Any]:
    paths = files_of_module(name)
    source = counted(paths, paths[0].parent)
    # Without `site`: what the environment imports at its start would be missing from the time.
    return {"module": name, **source.figures(name), **import_figures(name, ["-S"], budgets)}


def survey_package(name: str, budgets: tuple[float, float]) -> dict[str, Any]:
    try:
        package = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        raise SystemExit(f"there is no package {name} in this environment") from None
    files = [Path(str(package.locate_file(file))) for file in package.files or ()]
    present = [path for path in files if path.is_file()]
    module = top_level(package)
    sources = [path for path in present if path.suffix == ".py" and TESTS.isdisjoint(path.parts)]
    figures = {
        "package": name,
        "version": package.version,
        "licence": licence(package),
        "dependencies": sorted(dependencies(package)),
        "bytes": sum(path.stat().st_size for path in present),
        "all_files": len(present),
        **counted(sources, Path(str(package.locate_file("")))).figures(module or name),
        "module": module,
    }
    try:
        return {**figures, **(import_figures(module, [], budgets) if module else {})}
    except (ImportError, subprocess.TimeoutExpired) as error:
        return {**figures, "import_error": str(error)}


def top_level(package: importlib.metadata.Distribution) -> str | None:
    """The module that a package is for: the one of its name, else the first public one."""
    own = package.name.casefold().replace("-", "_").replace(".", "_")
    names = [
        module
        for module, packages in importlib.metadata.packages_distributions().items()
        if package.name in packages and module.isidentifier()
    ]
    return min(
        names, key=lambda module: (module.casefold() != own, module.startswith("_"), module), default=None
    )


def dependencies(package: importlib.metadata.Distribution) -> Iterator[str]:
    """Names of what it requires without being asked for an extra; without versions and conditions."""
    for requirement in package.requires or ():
        name, _, condition = requirement.partition(";")
        if "extra" not in condition and (match := re.match(r"[\w.-]+", name)):
            yield match[0]


def licence(package: importlib.metadata.Distribution) -> str | None:
    """The licence as the package states it: the expression, else its classifiers, else the first line of the field."""
    if expression := package.metadata.get("License-Expression"):
        return expression
    classifiers = package.metadata.get_all("Classifier") or []
    named = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")]
    return ", ".join(named) or (package.metadata.get("License") or "").strip().partition("\n")[0] or None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("module", "package"))
    parser.add_argument("name", help="such as json, or rich")
    parser.add_argument("--seconds", type=float, help="how long each of the two import times is measured")
    given = parser.parse_args()
    os.nice(5)  # the office, and the browser that shows it, come first
    survey = survey_module if given.what == "module" else survey_package
    print(json.dumps(survey(given.name, budgets_of(given.name, given.seconds))))


if __name__ == "__main__":
    main()
