import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from server.cli.errand import greet
from server.cli.run import app
from server.cli.screen import Screen
from tests.cli.conftest import Command
from tests.cli.office import NOW_MS, TOKEN, FakeOffice, Served, batch, desk, state
from tests.cli.terminal import Terminal
from tests.cli.test_live import HELLO, KEYFRAME

ID = "b1aaaaaaaaaa"
ENDED = batch(state="done", done=3, failed=1, running=0)
FAILED = {
    "id": "t1",
    "title": "Foo Inc",
    "state": "failed",
    "reason": "exit",
    "message": "Ended with exit code 3",
}


@pytest.fixture
def listed(tmp_path: Path) -> str:
    path = tmp_path / "companies.csv"
    path.write_text("name,domain\nAcme,acme.example\nFoo Inc,foo.example\nBar,bar.example\nBaz,baz.example\n")
    return str(path)


def test_all_done_ends_with_zero(tendesks: Command, office: FakeOffice, online: Served, listed: str) -> None:
    result = tendesks("run", listed, "--", "echo", "{name}")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("All done in 0:0")
    assert "companies.csv: 4 tasks, 34\N{EN DASH}41 min" in result.stderr
    assert f"Office {online.url}/" in result.stderr
    assert TOKEN not in result.output
    [asked] = office.requests("POST", "/batches")
    assert json.loads(asked.query["params"])["argv"] == ["echo", "{name}"]


def test_failures_end_with_one_and_are_listed(
    tendesks: Command, office: FakeOffice, online: Served, listed: str, tmp_path: Path
) -> None:
    office.course, office.tasks = [ENDED], [FAILED]
    target = tmp_path / "results.csv"
    result = tendesks("run", listed, "--output", str(target), "--", "echo", "{name}")
    assert result.exit_code == 1
    assert "Foo Inc" in result.stdout
    assert "Ended with exit code 3" in result.stdout
    assert f"tendesks retry {ID}" in result.stdout
    assert target.read_bytes() == office.results


def test_machines_get_one_object_and_nothing_else(
    tendesks: Command, office: FakeOffice, online: Served, listed: str
) -> None:
    office.course, office.tasks = [batch(), ENDED], [FAILED]
    result = tendesks("run", listed, "--json", "--", "echo")
    said = json.loads(result.stdout)
    assert (said["done"], said["failed"], said["failures"][0]["title"]) == (3, 1, "Foo Inc")


def test_options_reach_the_server(
    tendesks: Command, office: FakeOffice, online: Served, listed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_KEY", "s3cret")
    result = tendesks(
        "run", listed, "--name", "my list", "--title", "domain", "--slots", "3", "--priority", "4",
        "--attempts", "2", "--timeout", "90s", "--env", "API_KEY", "--", "echo", "--flag", "{name}",
    )  # fmt: skip
    [asked] = office.requests("POST", "/batches")
    params = asked.json["params"]
    assert result.exit_code == 0
    assert (params["argv"], params["env"]["API_KEY"]) == (["echo", "--flag", "{name}"], "s3cret")
    assert {name: asked.json[name] for name in ("name", "slots", "priority", "attempts", "timeout")} == {
        "name": "my list", "slots": 3, "priority": 4, "attempts": 2, "timeout": 90,
    }  # fmt: skip
    assert asked.json["tasks"][0]["title"] == "acme.example"
    assert "s3cret" not in result.output


@pytest.mark.parametrize(
    ("content", "args", "code", "said"),
    [
        ("name\n", ("echo",), 1, "list is empty"),
        ("name\nAcme\n", ("echo", "{nme}"), 1, "unknown field {nme}"),
        ("name\nAcme\n", ("no-such-tool",), 1, "no-such-tool is no program on the PATH; nothing was started"),
        ("name\nAcme\n", ("--env", "NOT_THERE_AT_ALL", "--", "echo"), 2, "no such variable"),
        ("name\nAcme\n", ("--timeout", "soon", "--", "echo"), 2, "expected a duration"),
        ("name\nAcme\n", ("--output", "r.xlsx", "--", "echo"), 2, "ends in .csv"),
        ("name\nAcme\n", ("--url", "http://a.example/#token=t", "--", "echo"), 2, "must not carry a token"),
    ],
)
def test_a_mistake_is_told_before_anything_is_handed_in(  # noqa: PLR0917
    tendesks: Command, office: FakeOffice, online: Served, listed: str,
    content: str, args: tuple[str, ...], code: int, said: str,
) -> None:  # fmt: skip
    Path(listed).write_text(content)
    result = tendesks("run", listed, *args)
    assert (result.exit_code, office.asked) == (code, [])
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--resume",), "--resume goes by a key"),
        (("--try", "3", "--detach"), "leave one of them out"),
        (("--output", "r.csv", "--detach"), "--detach leaves before there are results"),
        (("--key", "domain", "--try", "0"), "--try"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    office: FakeOffice, online: Served, listed: str, args: tuple[str, ...], said: str
) -> None:
    result = CliRunner().invoke(app, [listed, *args, "--", "echo"])
    assert (result.exit_code, office.asked) == (2, [])
    assert said in result.stderr


def test_the_usage_says_where_the_program_begins() -> None:
    assert "[OPTIONS] FILE -- COMMAND" in CliRunner().invoke(app, ["--help"]).stdout


def test_a_missing_file_is_told(tendesks: Command) -> None:
    result = tendesks("run", "missing.csv", "--", "echo")
    assert (result.exit_code, result.stderr) == (2, "tendesks: missing.csv: No such file or directory\n")


def test_the_servers_refusal_is_told_as_it_is(
    tendesks: Command, office: FakeOffice, online: Served, listed: str
) -> None:
    problem = {"code": "forbidden", "detail": "kind: command is not allowed here"}
    office.problems[("POST", "/batches")] = [(403, problem)]
    result = tendesks("run", listed, "--", "echo")
    assert (result.exit_code, result.stderr) == (1, "tendesks: kind: command is not allowed here\n")


def test_a_detached_batch_is_handed_in_and_left(
    tendesks: Command, office: FakeOffice, online: Served, listed: str
) -> None:
    office.course = [batch()]
    result = tendesks("run", listed, "--detach", "--", "echo")
    assert (result.exit_code, result.stdout) == (0, f"{ID}\n")
    assert office.requests("GET", f"/batches/{ID}") == []
    assert json.loads(tendesks("run", listed, "--detach", "--json", "--", "echo").stdout)["id"] == ID


def test_a_detached_batch_needs_a_server(tendesks: Command, listed: str) -> None:
    result = tendesks("run", listed, "--detach", "--", "echo")
    assert result.exit_code == 3
    assert "--detach needs a running server" in result.stderr


def test_standard_input_is_a_list(tendesks: Command, office: FakeOffice, online: Served) -> None:
    assert tendesks("run", "-", "--", "echo", "{line}", input="one\ntwo\n").exit_code == 0
    [asked] = office.requests("POST", "/batches")
    assert (asked.body, asked.query["name"]) == (b"one\ntwo\n", "standard input")


def test_a_batch_that_somebody_else_cancelled_did_not_succeed(
    tendesks: Command, office: FakeOffice, online: Served, listed: str
) -> None:
    office.course = [batch(state="cancelled", done=1, cancelled=3, running=0)]
    result = tendesks("run", listed, "--", "echo")
    assert result.exit_code == 1
    assert "1 done, 3 cancelled" in result.stdout


def test_the_token_is_shown_for_the_local_server_only(capsys: pytest.CaptureFixture[str]) -> None:
    from server.cli.address import Address

    greet(Screen(), batch(), Address(url="http://127.0.0.1:8000", token="t", local=True))
    greet(Screen(), batch(), Address(url="https://a.example", token="t"))
    said = capsys.readouterr().err
    assert "http://127.0.0.1:8000/#token=t" in said
    assert "https://a.example/\n" in said


def variables(server: Served, **more: str) -> dict[str, str]:
    return {"TENDESKS_URL": server.url, "TENDESKS_TOKEN": TOKEN, **more}


def live_office(*, done: int) -> dict[str, Any]:
    desks = {str(number): desk() for number in range(10)}
    desks["0"] = desk("working", execution="e", task="t", batch=ID, title="Acme Corp", note="reading pages")
    figures = {
        "name": "companies.csv",
        "state": "running",
        "total": 4,
        "done": done,
        "failed": 0,
        "running": 1,
        "order": 0,
    }
    eta = [NOW_MS + 34 * 60_000, NOW_MS + 41 * 60_000]
    return state(desks=desks, batches={ID: figures | {"eta": eta}}, overflow={"count": 27, "shown": {}})


def test_a_terminal_shows_the_office_and_is_left_clean(
    office: FakeOffice, server: Served, listed: str
) -> None:
    office.course = [batch()]
    office.messages = [[HELLO, KEYFRAME | {"state": live_office(done=2)}]]
    terminal = Terminal("run", listed, "--", "echo", "{name}", env=variables(server))
    for words in (
        "Acme Corp",
        "reading pages",
        "10+, 27 upstairs",
        "2 done",
        "1 running",
        "34\N{EN DASH}41 min, by ",
    ):
        terminal.read_until(words)
    assert "\x1b[36m" in terminal.text
    office.course = [batch(state="done", done=4, running=0)]
    assert terminal.end() == 0
    assert "All done in" in terminal.text
    assert terminal.text.rindex("\x1b[?25h") > terminal.text.rindex("\x1b[?25l"), "the cursor is shown again"


def test_no_color_draws_without_colours(office: FakeOffice, server: Served, listed: str) -> None:
    office.course = [batch(done=1)]
    terminal = Terminal("run", listed, "--", "echo", env=variables(server, NO_COLOR="1"))
    terminal.read_until("1 done")
    office.course = [batch(state="done", done=4, running=0)]
    assert terminal.end() == 0
    assert "\x1b[36m" not in terminal.text


def test_the_first_interrupt_cancels_and_still_writes_what_is_done(
    office: FakeOffice, server: Served, listed: str, tmp_path: Path
) -> None:
    office.course = [batch(done=1)]
    target = tmp_path / "results.ndjson"
    terminal = Terminal("run", listed, "--output", str(target), "--", "echo", env=variables(server))
    terminal.read_until("1 done")
    terminal.interrupt()
    assert terminal.end() == 130
    assert len(office.requests("POST", f"/batches/{ID}/cancel")) == 1
    assert "Interrupted after" in terminal.text
    assert target.read_bytes() == office.results


def test_the_second_interrupt_leaves_at_once(office: FakeOffice, server: Served, listed: str) -> None:
    def still_ending(office: FakeOffice) -> None:
        office.course = [batch(state="cancelled", done=1, cancelled=2, running=1)]

    office.course, office.on_cancel = [batch(done=1)], still_ending
    terminal = Terminal("run", listed, "--", "echo", env=variables(server))
    terminal.read_until("1 done")
    terminal.interrupt()
    terminal.read_until("Ctrl-C again leaves at once")
    terminal.read_until("cancelled, ending what runs")
    terminal.interrupt()
    assert terminal.end() == 130
    assert "Interrupted after" not in terminal.text


def test_two_interrupts_at_once_cancel_the_batch_too(office: FakeOffice, server: Served, listed: str) -> None:
    office.course = [batch(done=1)]
    terminal = Terminal("run", listed, "--", "echo", env=variables(server))
    terminal.read_until("1 done")
    terminal.interrupt()
    terminal.read_until("again leaves at once")
    terminal.interrupt()
    assert terminal.end() == 130
    assert office.requests("POST", f"/batches/{ID}/cancel")


def test_a_batch_that_ended_before_the_interrupt_came_is_no_error(
    office: FakeOffice, server: Served, listed: str
) -> None:
    office.course = [batch(done=1)]
    terminal = Terminal("run", listed, "--", "echo", env=variables(server))
    terminal.read_until("1 done")
    ended = {"code": "already_ended", "detail": "the batch has ended"}
    office.problems[("POST", f"/batches/{ID}/cancel")] = [(409, ended)]
    terminal.interrupt()
    terminal.read_until("Ctrl-C again")
    office.course = [batch(state="done", done=4, running=0)]
    assert terminal.end() == 130
