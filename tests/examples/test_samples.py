import json
import subprocess
import sys
from pathlib import Path

import pytest

from server import samples as samples_module
from server.errors import ForbiddenError
from server.kinds.command import CommandKind
from server.samples import MODULES, PACKAGES_MAX, packages, samples, survey_script
from server.settings import Mode, Settings

SLOTS = 10


def test_two_batches_of_real_commands(tmp_path: Path) -> None:
    modules, installed = samples(CommandKind(Settings(data=tmp_path)))
    assert modules.batch.name == "Survey the Python standard library"
    assert installed.batch.name == "Survey the installed packages"
    for sample, what in ((modules, "module"), (installed, "package")):
        assert sample.batch.kind == "command"
        assert sample.batch.params["argv"] == [sys.executable, str(survey_script()), what, "{name}"]
        assert all(json.loads(task.input) == {"name": task.title} for task in sample.tasks)
    assert [task.title for task in modules.tasks] == list(MODULES)
    assert len(set(MODULES)) == 50
    assert 0 < len(installed.tasks) <= PACKAGES_MAX


def test_they_last_for_three_minutes_at_ten_at_a_time() -> None:
    script = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); import survey\n"
        "print(sum(sum(survey.budgets_of(name, None)) for name in json.load(sys.stdin)))"
    )
    names = json.dumps([*MODULES, *packages()])
    done = subprocess.run(
        [sys.executable, "-c", script, str(survey_script().parent)],
        input=names,
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) / SLOTS >= 180


def test_every_module_can_be_imported_and_none_was_loaded_before() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "for name in sys.argv[1:]: __import__(name)\n"
        "print(*before & set(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, *MODULES], capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"
    assert done.stderr == ""


def test_packages_are_installed_ones_in_order() -> None:
    names = packages()
    assert {"SQLAlchemy", "numpy", "websockets"} <= set(names)
    assert list(names) == sorted(names, key=str.casefold)


def test_braces_in_a_path_are_braces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "{odd} folder" / "survey.py"
    script.parent.mkdir()
    script.write_text("")
    monkeypatch.setattr(samples_module, "survey_script", lambda: script)
    sample, _ = samples(CommandKind(Settings(data=tmp_path)))
    assert sample.batch.params["argv"][1] == str(script).replace("{odd}", "{{odd}}")


def test_a_server_without_commands_has_no_samples(tmp_path: Path) -> None:
    with pytest.raises(ForbiddenError):
        samples(CommandKind(Settings(data=tmp_path, mode=Mode.HOSTED)))
