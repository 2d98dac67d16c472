"""The environment of a body: little of the server's own, what the submitter gave, and our marks."""

from collections.abc import Mapping

from server.kinds import marks
from server.model import Work

# No secret of the server may reach a body, so this is a list of what passes, not of what does not.
_INHERITED = frozenset({"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LANGUAGE"})


def body_environment(
    work: Work, folder: str, given: Mapping[str, str], inherited: Mapping[str, str]
) -> dict[str, str]:
    """Put together the variables of one body. `given` wins over what is inherited, the marks over both."""
    passed = {
        name: value for name, value in inherited.items() if name in _INHERITED or name.startswith("LC_")
    }
    own = {
        marks.TASK: work.task,
        marks.ATTEMPT: str(work.attempt),
        marks.EXECUTION: work.token,
        marks.FOLDER: folder,
    }
    # Python keeps what it prints to a pipe for itself until 8 KiB are full; a desk wants to see it at once.
    return {**passed, "PYTHONUNBUFFERED": "1", **given, **own}
