import subprocess
import sys

import pytest

from server.__main__ import main
from server.cli.exits import MEANINGS
from server.cli.program import COMMANDS, group
from tests.cli.conftest import Command

LIGHT = ("httpx2", "rich", "pydantic", "sqlalchemy", "websockets", "starlette", "uvicorn")


def test_help_lists_every_command_and_every_exit_code(tendesks: Command) -> None:
    said = tendesks("--help").output
    for name, entry in COMMANDS.items():
        assert f"  {name} " in said
        assert entry.help in " ".join(said.split())
    for code in MEANINGS:
        assert f"{code.value:>5}  " in said


def test_help_needs_no_library_but_typer() -> None:
    """So it answers at once; a clock would tell the same, but not on every machine."""
    code = (
        "import sys; sys.argv = ['tendesks', '--help']\n"
        "from server.__main__ import main\n"
        "try: main()\n"
        f"except SystemExit: print([name for name in {LIGHT} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage: tendesks" in done.stdout
    assert done.stderr == "[]\n"


def test_serving_waits_for_no_client_library() -> None:
    code = "import sys, server.cli.serve; print('httpx2' in sys.modules, 'websockets' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(tendesks: Command, name: str) -> None:
    result = tendesks(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: tendesks {name}" in result.output.replace("root", "tendesks")


def test_the_remembered_line_is_the_usage_of_run(tendesks: Command) -> None:
    assert "[OPTIONS] FILE -- COMMAND…" in tendesks("run", "--help").output


@pytest.mark.parametrize(
    "args", [("statsu",), ("--wrong",), ("run",), ("status", "--wrong"), ("db", "nothing"), ()]
)
def test_a_wrong_command_line_ends_with_two(tendesks: Command, args: tuple[str, ...]) -> None:
    assert tendesks(*args).exit_code == 2


def test_the_version_is_the_packages(tendesks: Command) -> None:
    assert tendesks("--version").output.startswith("tendesks 0.")


def test_the_entry_point_ends_with_the_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tendesks", "status"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 3
    assert "tendesks serve" in capsys.readouterr().err


def test_a_group_of_commands_has_the_houses_style() -> None:
    assert group("some").info.name == "some"
