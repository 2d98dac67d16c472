"""The kind `python` in a real server, which is killed in the middle of it."""

import os
from pathlib import Path
from typing import Any

import pytest

from server.kinds import marks
from tests.kinds.bodies import lives
from tests.kinds.python_site import install
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

MODULES = {
    "server.py": "WHO = 'the user'",
    "served_fns.py": """
        import os, time
        from pathlib import Path
        import server

        def patient(row, context):
            started = Path(row["folder"]) / str(os.getpid())
            started.write_text(context.execution)
            while not context.cancelled and not (Path(row["folder"]) / "go").exists():
                time.sleep(0.005)
            return {"who": server.WHO, "execution": context.execution}

        async def quick(row):
            return row["n"] * 2
    """,
    "served_broken.py": "import a_module_that_is_not_there\n",
}


def submitted(server: ServerProcess, name: str, tasks: list[dict[str, Any]]) -> str:
    batch = {"kind": "python", "params": {"name": name}, "tasks": tasks}
    return str(server.api("POST", "/batches", json=batch)["id"])


def test_functions_outlive_no_server_and_burn_no_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, bodies = tmp_path / "site", tmp_path / "bodies"
    site.mkdir()
    bodies.mkdir()
    functions = {"patient": "served_fns:patient", "broken": "served_broken:f"}
    install(site, "served", MODULES, functions, {"quick": "served_fns:quick"})
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), str(site)]))
    data = tmp_path / "data"
    tasks = [{"title": f"task {number}", "input": {"folder": str(bodies)}} for number in range(3)]
    with serving(data) as server:
        batch = submitted(server, "patient", tasks)
        until(lambda: len(list(bodies.iterdir())) == 3, what="three bodies")
        server.kill()
        left = {path.name: path.read_text() for path in bodies.iterdir()}
        found = {str(body.process.pid): body.token for body in marks.find(marks.folder_mark(data))}
        assert found == left, "a body carries the mark of its execution"
        server.start()
        assert not any(lives(int(pid)) for pid in left), "none runs beside its successor"
        until(lambda: len(list(bodies.iterdir())) == 6, what="three more bodies")
        (bodies / "go").touch()
        until(lambda: server.api("GET", f"/batches/{batch}")["done"] == 3, what="the end")
        results = [task["result"] for task in server.api("GET", f"/batches/{batch}/tasks")["items"]]
        assert {result["who"] for result in results} == {"the user"}
        assert not {result["execution"] for result in results} & set(left.values())
        quick = submitted(server, "quick", [{"input": {"n": n}} for n in range(50)])
        until(lambda: server.api("GET", f"/batches/{quick}")["done"] == 50, what="the end")
        items = server.api("GET", f"/batches/{quick}/tasks?limit=50")["items"]
        assert sorted(task["result"] for task in items) == [2 * n for n in range(50)]
        broken = submitted(server, "broken", [{"input": {}}] * 3)
        until(lambda: server.api("GET", f"/batches/{broken}")["state"] == "paused", what="the pause")
        assert server.api("GET", f"/batches/{broken}")["failed"] == 0, "it burns no list"
        (site / "served_broken.py").write_text("def f(row):\n    return 'mended'\n")
        server.api("POST", f"/batches/{broken}/resume")
        until(lambda: server.api("GET", f"/batches/{broken}")["done"] == 3, what="the end")
    assert not list(marks.find(marks.folder_mark(data)))
