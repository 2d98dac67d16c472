"""`tendesks run` with --try, --key, --resume and --dirs: a list that is tried, broken off in every way, and gone on with."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.flow.test_run import END_S, LINGER, PYTHON, figures_when, presence_of, rows, run, started
from tests.processes import serving, until

pytestmark = pytest.mark.flow

PROSE = Path(__file__).parents[2] / "examples" / "prose.py"
QUESTIONS = 200
LINES = 12
ECHO = (*PYTHON, "import sys; print(sys.argv[1])", "{n}")


def asking(*, seconds: float = 0.2, unlucky: float = 0.05) -> tuple[str, ...]:
    command = (sys.executable, str(PROSE), "Who is {name}?")
    return (*command, "--seconds", str(seconds), "--unlucky", str(unlucky))


@pytest.fixture
def companies(tmp_path: Path) -> Path:
    path = tmp_path / "companies.csv"
    lines = (f"Company {n},c{n}.example\n" for n in range(QUESTIONS))
    path.write_text("name,domain\n" + "".join(lines))
    return path


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.csv"
    path.write_text("name,n\n" + "".join(f"Number {n},{n}\n" for n in range(LINES)))
    return path


def test_two_hundred_questions_tried_broken_off_and_resumed(companies: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    listed = (companies, "--key", "domain", "--output", answers)
    with serving(tmp_path / "data", tier="enterprise") as server:
        code, out, err = run(server.data, *listed, "--try", 3, "--", *asking(unlucky=0))
        assert code == 0, err
        assert "Company 0  done  You ask: Who is Company 0? " in out
        assert "--yes --resume does the other 197 without asking" in out
        assert [row["domain"] for row in rows(answers)] == ["c0.example", "c1.example", "c2.example"]

        with started(server.data, *listed, "--resume", "--slots", 3, "--", *asking()) as process:
            until(
                lambda: server.query("SELECT 1 FROM batches WHERE total = 197 AND done > 20"), within_s=END_S
            )
            process.kill()
            server.kill()
        server.start()
        # The batch goes on by itself, and nobody has said that it may be ended.
        code, _, err = run(server.data, *listed, "--resume", "--", *asking())
        assert (code, "a former run is not over: companies.csv" in err) == (1, True), err
        assert server.query("SELECT count(*) FROM batches") == [(2,)]

        for _ in range(8):  # until nobody was unlucky any more
            code, out, err = run(server.data, *listed, "--resume", "--yes", "--", *asking())
            if code == 0:
                break
        assert code == 0, f"{out}\n{err}"
        done = server.query("SELECT key, count(*) FROM tasks WHERE state = 'done' GROUP BY key")
    assert sorted(done) == sorted((f"c{n}.example", 1) for n in range(QUESTIONS)), "a row was done twice"
    written = rows(answers)
    assert [row["domain"] for row in written] == [f"c{n}.example" for n in range(QUESTIONS)]
    assert {row["state"] for row in written} == {"done"}
    assert all(row["text"].startswith(f"You ask: Who is {row['name']}?") for row in written)


def test_nothing_left_to_do_still_writes_the_whole_list(numbers: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "first.csv", tmp_path / "again.csv"
    with serving(tmp_path / "data") as server:
        assert run(server.data, numbers, "--key", "n", "--output", first, "--", *ECHO)[0] == 0
        code, out, err = run(server.data, numbers, "--key", "n", "--resume", "--output", again, "--", *ECHO)
        assert server.query("SELECT count(*) FROM batches") == [(1,)]
    assert code == 0, err
    assert "all 12 rows are done already; nothing is left to do" in err
    assert out.startswith("All done in 0:00: 0 done, 12 done before.")
    assert again.read_bytes() == first.read_bytes(), "what is merged here is what the server writes"


@pytest.mark.parametrize("shape", ["csv", "ndjson", "json"])
def test_a_trial_and_the_rest_are_one_output(shape: str, numbers: Path, tmp_path: Path) -> None:
    both, alone = tmp_path / f"both.{shape}", tmp_path / f"alone.{shape}"
    with serving(tmp_path / "data") as server:
        code, out, err = run(
            server.data, numbers, "--try", 3, "--yes", "--json", "--output", both, "--", *ECHO
        )
        assert code == 0, err
        assert run(server.data, numbers, "--output", alone, "--", *ECHO)[0] == 0
        names = [name for (name,) in server.query("SELECT name FROM batches ORDER BY id")]
    assert names == ["numbers.csv (first 3)", "numbers.csv (other 9)", "numbers.csv"]
    said = json.loads(out)
    assert (said["total"], said["done"], said["left"]) == (12, 12, 0)
    assert [part["total"] for part in said["batches"]] == [3, 9]
    assert [row["title"] for row in said["tried"]] == ["Number 0", "Number 1", "Number 2"]
    assert [row["result"] for row in said["tried"]] == [0, 1, 2]
    if shape == "csv":
        assert both.read_bytes() == alone.read_bytes()
    else:
        read = (
            json.loads if shape == "json" else lambda text: [json.loads(line) for line in text.splitlines()]
        )
        mine, theirs = ([{**row, "task": ""} for row in read(path.read_text())] for path in (both, alone))
        assert mine == theirs


def test_a_run_that_was_killed_with_its_own_server_goes_on(numbers: Path, tmp_path: Path) -> None:
    data, output = tmp_path / "data", tmp_path / "out.csv"
    numbers.write_text("name,n\n" + "".join(f"Number {n},{n}\n" for n in range(40)))
    with started(data, numbers, "--key", "n", "--", *LINGER) as process:  # the first 20 end at once
        figures_when(data, "done = 20 AND running = 10")
        pid = presence_of(data).pid or 0
        process.kill()
        process.wait()
        os.kill(pid, signal.SIGKILL)  # else it would give what runs its time to end
    code, _, err = run(data, numbers, "--key", "n", "--resume", "--output", output, "--", *ECHO)
    assert code == 0, err
    assert "Cancelled numbers.csv" in err
    assert "20 of 40 rows are done already, 20 left" in err
    assert [row["n"] for row in rows(output)] == [str(n) for n in range(40)]
    assert {row["state"] for row in rows(output)} == {"done"}


def test_a_run_that_was_interrupted_goes_on(numbers: Path, tmp_path: Path) -> None:
    numbers.write_text("name,n\n" + "".join(f"Number {n},{n}\n" for n in range(25)))
    output = tmp_path / "out.ndjson"
    with serving(tmp_path / "data") as server:
        with started(server.data, numbers, "--key", "n", "--", *LINGER) as process:
            until(
                lambda: server.query("SELECT 1 FROM batches WHERE done = 20 AND running = 5"), within_s=END_S
            )
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=END_S)
        assert (process.returncode, "the same command with --resume" in out) == (130, True)
        code, out, err = run(
            server.data, numbers, "--key", "n", "--resume", "--output", output, "--json", "--", *ECHO
        )
    assert code == 0, err
    said = json.loads(out)
    assert (said["total"], said["done"], said["skipped"]) == (5, 5, 20)
    assert [json.loads(line)["key"] for line in output.read_text().splitlines()] == [
        str(n) for n in range(25)
    ]


def test_each_attempt_has_a_folder_of_its_own_and_the_output_says_which(
    numbers: Path, tmp_path: Path
) -> None:
    script = (
        "import os, pathlib, sys; own = pathlib.Path(sys.argv[1]); assert not list(own.iterdir());"
        "assert str(own) == os.environ['TENDESKS_DIR'];"
        "(own / 'report.md').write_text(os.environ['TENDESKS_ATTEMPT']);"
        "sys.exit(1 if os.environ['TENDESKS_ATTEMPT'] == '1' else 0)"
    )
    numbers.write_text("n\n1\n2\n")
    output = tmp_path / "out.csv"
    with serving(tmp_path / "data") as server:
        code, out, err = run(
            server.data,
            numbers,
            "--dirs",
            "--attempts",
            2,
            "--output",
            output,
            "--",
            *PYTHON,
            script,
            "{dir}",
        )
        [(batch,)] = server.query("SELECT id FROM batches")
    assert code == 0, err
    assert f"Folders  {server.data}/dirs/{batch}" in out
    for row in rows(output):
        last = Path(row["dir"])
        assert (last / "report.md").read_text() == "2"
        assert (last.with_name("1") / "report.md").read_text() == "1"


def test_the_list_that_a_spreadsheet_wrote(tmp_path: Path) -> None:
    listed, output = tmp_path / "Käufer.csv", tmp_path / "out.csv"
    text = 'Company  Name ;Umsatz (€)\r\n"Müller; Söhne";0,5\r\n=SUM(1);"say ""hi"""\r\n;\r\n'
    listed.write_bytes(text.encode("utf-16"))
    show = (*PYTHON, "import sys; print('|'.join(sys.argv[1:]))", "{Company Name}", "{{{Umsatz (€)}}}")
    with serving(tmp_path / "data") as server:
        code, _, err = run(server.data, listed, "--output", output, "--", *show)
    assert code == 0, err
    assert [row["text"] for row in rows(output)] == ["Müller; Söhne|{0,5}", '\'=SUM(1)|{say "hi"}']
    assert [row["Company Name"] for row in rows(output)] == ["Müller; Söhne", "'=SUM(1)"]


def test_on_a_terminal_the_rest_is_asked_for(numbers: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    command = ("run", str(numbers), "--try", "3", "--output", str(output), "--", *ECHO)
    with serving(tmp_path / "data") as server:
        for answer, code, written in (("n\n", 0, 3), ("y\n", 0, 12), ("", 130, 3)):
            with Terminal(*command, env={"TENDESKS_DATA": str(server.data)}) as terminal:
                terminal.read_until("Start the other 9? [y/N]")
                assert "Number 2  done" in terminal.plain
                terminal.type(answer) if answer else terminal.interrupt()
                assert terminal.end() == code
            assert len(rows(output)) == written
        totals = [total for (total,) in server.query("SELECT total FROM batches ORDER BY id")]
    assert totals == [3, 3, 9, 3]
