"""The kind `python` in a real server, which is killed in the middle of it."""

import os
from pathlib import Path

import pytest

from server.kinds import marks
from tests.kinds.bodies import lives
from tests.kinds.python_site import install
from tests.processes import serving, until

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
}


def test_a_killed_servers_functions_are_found_ended_and_carried_out_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, bodies = tmp_path / "site", tmp_path / "bodies"
    site.mkdir()
    bodies.mkdir()
    install(site, "served", MODULES, {"patient": "served_fns:patient"}, {"quick": "served_fns:quick"})
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), str(site)]))
    data = tmp_path / "data"
    tasks = [{"title": f"task {number}", "input": {"folder": str(bodies)}} for number in range(3)]
    with serving(data) as server:
        batch = server.api(
            "POST", "/batches", json={"kind": "python", "params": {"name": "patient"}, "tasks": tasks}
        )["id"]
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
        quick = server.api(
            "POST",
            "/batches",
            json={
                "kind": "python",
                "params": {"name": "quick"},
                "tasks": [{"input": {"n": n}} for n in range(50)],
            },
        )["id"]
        until(lambda: server.api("GET", f"/batches/{quick}")["done"] == 50, what="the end")
        items = server.api("GET", f"/batches/{quick}/tasks?limit=50")["items"]
        assert sorted(task["result"] for task in items) == [2 * n for n in range(50)]
    assert not list(marks.find(marks.folder_mark(data)))
