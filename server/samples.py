"""The sample batches: real work that needs no network, for an office that is still empty."""

import importlib.metadata
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from server.kinds.contract import Kind
from server.model import NewBatch, NewTask

PACKAGES_MAX = 30
TIMEOUT_MS = 20 * 60_000

# Modules of every Python from 3.11 on and of every platform, with a source to read and nothing done on import; none
# that an interpreter has loaded already when it starts.
MODULES = """
argparse ast asyncio base64 bdb calendar cmd code compileall concurrent.futures configparser
contextlib csv dataclasses decimal difflib dis doctest email.message enum fractions ftplib gettext
gzip hashlib html http.client http.server inspect ipaddress json logging mailbox mimetypes pathlib
pdb pickle plistlib pprint random shutil smtplib statistics subprocess tarfile tempfile typing
unittest xml.etree.ElementTree zipfile
""".split()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A batch with its tasks, ready to be submitted."""

    batch: NewBatch
    tasks: Sequence[NewTask]


def samples(command: Kind) -> Sequence[Sample]:
    """Return both batches, checked by the kind `command`. Looks through the installed packages: some 100 ms.

    Raises:
        ForbiddenError: commands are not allowed on this server.
        InvalidInputError: the survey cannot be started.
    """
    return (
        _sample(command, "Survey the Python standard library", "module", MODULES),
        _sample(command, "Survey the installed packages", "package", packages()),
    )


def packages() -> Sequence[str]:
    """Return the names of installed packages that can be imported: the PACKAGES_MAX with the most files, by name."""
    files = {
        name: len(importlib.metadata.files(name) or ())
        for name in {
            name
            for module, names in importlib.metadata.packages_distributions().items()
            if module.isidentifier() and not module.startswith("_")
            for name in names
        }
    }
    largest = sorted(files, key=lambda name: (-files[name], name))[:PACKAGES_MAX]
    return sorted(largest, key=str.casefold)


def survey_script() -> Path:
    """Return the path of `examples/survey.py`: in the repository, or in the installed package."""
    installed = Path(__file__).parent / "examples" / "survey.py"
    return installed if installed.exists() else Path(__file__).parents[1] / "examples" / "survey.py"


def _sample(command: Kind, name: str, what: str, names: Sequence[str]) -> Sample:
    script = survey_script()
    argv = [_literal(sys.executable), _literal(str(script)), what, "{name}"]
    params = command.check({"argv": argv, "cwd": str(script.parent)}, ["name"])
    batch = NewBatch(
        name=name, kind=command.name, params=params, attempts=command.attempts, timeout_ms=TIMEOUT_MS
    )
    tasks = [NewTask(title=title, input=orjson.dumps({"name": title})) for title in names]
    return Sample(batch=batch, tasks=tasks)


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
