"""Real distributions with entry points in a folder on sys.path, as an installer would leave them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import orjson

from server.model import Work
from tests.kinds.bodies import WORK


def install(
    site: Path,
    name: str,
    modules: Mapping[str, str],
    functions: Mapping[str, str] | None = None,
    inline: Mapping[str, str] | None = None,
) -> None:
    """Write modules (file to text) and the metadata of a distribution that declares these entry points."""
    for file, text in modules.items():
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text(dedent(text))
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    groups = {"tendesks.kinds": functions or {}, "tendesks.kinds.inline": inline or {}}
    lines = [
        line
        for group, declared in groups.items()
        for line in (f"[{group}]", *(f"{key} = {value}" for key, value in declared.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")


def work(name: str, /, **row: Any) -> Work:
    """One task of a function: its row."""
    return replace(WORK, kind="python", params={"name": name}, input=orjson.dumps(row))
