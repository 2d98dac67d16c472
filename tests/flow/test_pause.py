"""A batch that the server pauses by itself, because all its tasks fail alike: what `tendesks run` makes of it."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.flow.test_run import PYTHON, rows, run, started
from tests.processes import serving, until

pytestmark = pytest.mark.flow

LINES = 40
WRONG_KEY = (*PYTHON, "import sys; sys.exit('401: this key is not known')")


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.csv"
    path.write_text("name,n\n" + "".join(f"Number {n},{n}\n" for n in range(LINES)))
    return path


def test_with_a_running_server_it_is_left_paused(numbers: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    with serving(tmp_path / "data", tier="free") as server:
        code, out, err = run(server.data, numbers, "--output", output, "--", *WRONG_KEY)
        [(batch, state, failed)] = server.query("SELECT id, state, failed FROM batches")
        assert (code, state, failed) == (1, "paused", 10), err
        assert err.count("Paused by the server: ") == 1
        assert "401: this key is not known" in err
        assert out.startswith("Paused after ")
        assert f"tendesks resume {batch}" in out
        assert [row["state"] for row in rows(output)].count("failed") == 10
        code, out, _ = run(server.data, numbers, "--json", "--key", "n", "--resume", "--", *PYTHON, "pass")
        assert (code, json.loads(out)["done"]) == (0, LINES), "what the server has paused is no hindrance"


def test_with_a_server_of_its_own_it_is_cancelled(numbers: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    code, out, err = run(
        tmp_path / "data", numbers, "--output", output, "--", *WRONG_KEY, TENDESKS_TIER="free"
    )
    assert code == 1
    assert "Nobody is here to decide, so what is left is cancelled." in err
    assert "10 failed, 30 cancelled" in out
    assert [row["state"] for row in rows(output)] == ["failed"] * 10 + ["cancelled"] * 30


def test_at_a_terminal_somebody_decides(numbers: Path, tmp_path: Path) -> None:
    command, environ = ("run", str(numbers), "--", *WRONG_KEY), {"TENDESKS_DATA": str(tmp_path / "data")}
    with serving(tmp_path / "data", tier="free") as server, Terminal(*command, env=environ) as terminal:
        question = "Go on with the {} tasks that are left, or cancel? [go/cancel]"
        terminal.read_until(question.format(30))
        assert "Paused by the server: " in terminal.text
        terminal.type("what?\n")  # neither the one nor the other: it is asked again
        terminal.text = ""
        terminal.read_until(question.format(30))
        terminal.type("go\n")
        terminal.read_until(question.format(20))
        [(batch,)] = server.query("SELECT id FROM batches")
        server.api("POST", f"/batches/{batch}/resume")  # somebody else has decided, in the office say
        terminal.read_until(question.format(10))
        terminal.type("cancel\n")
        assert terminal.end() == 1
        assert "30 failed, 10 cancelled" in terminal.plain


def test_one_that_a_person_has_paused_is_waited_for(numbers: Path, tmp_path: Path) -> None:
    with (
        serving(tmp_path / "data", tier="free") as server,
        started(
            server.data, numbers, "--", sys.executable, "-I", "-S", "-c", "import time; time.sleep(0.02)"
        ) as process,
    ):
        until(lambda: server.query("SELECT 1 FROM batches WHERE done > 2"))
        [(batch,)] = server.query("SELECT id FROM batches")
        server.api("POST", f"/batches/{batch}/pause")
        assert process.stderr is not None
        told = until(lambda: next((line for line in process.stderr if "Paused; " in line), None))  # type: ignore[union-attr]
        assert told == f"Paused; `tendesks resume {batch}` goes on.\n"
        server.api("POST", f"/batches/{batch}/resume")
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.startswith("All done in ")
