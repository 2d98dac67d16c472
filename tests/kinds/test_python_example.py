"""The example is a package like anybody's: its own pyproject.toml says what it declares."""

import asyncio
import hashlib
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from server.kinds.python import PythonKind
from server.model import ExecutionState, Outcome, Reason
from server.settings import Settings
from tests.kinds.bodies import WORK, Listener, within_limit
from tests.kinds.python_site import install

EXAMPLE = Path(__file__).parents[2] / "examples" / "python"


@pytest.fixture
def kind(site: Path, tmp_path: Path) -> PythonKind:
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    groups = project["entry-points"]
    (package,) = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]["packages"]
    modules = {f"{package}/{file.name}": file.read_text() for file in (EXAMPLE / package).glob("*.py")}
    install(site, project["name"], modules, groups["tendesks.kinds"], groups["tendesks.kinds.inline"])
    return PythonKind(Settings(data=tmp_path / "data"))


async def performed(
    kind: PythonKind, name: str, row: dict[str, Any], listener: Listener | None = None
) -> Outcome:
    work = replace(WORK, kind="python", params=kind.check({"name": name}, []), input=orjson.dumps(row))
    return await within_limit(asyncio.ensure_future(kind.perform(work, listener or Listener())))


async def test_digest(kind: PythonKind, tmp_path: Path) -> None:
    path, listener = tmp_path / "file", Listener()
    path.write_bytes(b"x" * 3_000_000)
    outcome = await performed(kind, "digest", {"line": str(path)}, listener)
    expected = {"bytes": 3_000_000, "sha256": hashlib.sha256(b"x" * 3_000_000).hexdigest()}
    assert orjson.loads(outcome.result or b"") == expected
    assert [said for word, said in listener.told if word == "progress"] == [350, 699, 1000]
    assert listener.text == f"{path} has 3,000,000 bytes\n"


async def test_reach(kind: PythonKind) -> None:
    async def welcome(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(welcome, "127.0.0.1", 0) as server:
        row = {"host": "127.0.0.1", "port": str(server.sockets[0].getsockname()[1])}
        outcome = await performed(kind, "reach", row)
    assert outcome.state is ExecutionState.DONE, outcome
    taken = orjson.loads(outcome.result or b"")
    assert 0 < taken["least_ms"] <= taken["most_ms"]
    outcome = await performed(kind, "reach", row)
    assert (outcome.reason, outcome.retryable) == (Reason.EXIT, True)
    assert (outcome.message or "").startswith("ConnectionRefusedError: ")
    outcome = await performed(kind, "reach", {"host": "no such host", "port": 1})
    assert (outcome.message, outcome.retryable) == ("NoSuchHost: no such host", False)


async def test_slug(kind: PythonKind) -> None:
    outcome = await performed(kind, "slug", {"line": "  Crème brûlée & Co. "})
    assert outcome.result == b'{"slug":"creme-brulee-co"}'
    assert "tendesks_example.functions" in sys.modules
