"""Folders of their own for the attempts at a task: `DATA/dirs/BATCH/TASK/N`, kept with what the program left there.

N counts how often the task was started and is its fence, not its attempt: an attempt that was lost with its process is
made again under the same number, and must not find what the lost one left half done.
"""

from collections.abc import Iterable
from pathlib import Path

from server.model import Work

FOLDER = "dirs"
VARIABLE = "TENDESKS_DIR"
"""By which a body finds its folder too."""


def own_folder(data: Path, work: Work) -> Path:
    """Make the folder of one execution and return it: absolute, new and empty, for its owner alone.

    Raises:
        OSError: it cannot be made.
    """
    of_task = task_folder(data, work.batch, work.task)
    of_task.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = of_task / str(work.fence)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:  # the store was put back to an earlier day, the folders were not
        folder = of_task / work.token
        folder.mkdir(mode=0o700)
    return folder


def task_folder(data: Path, batch: str, task: str) -> Path:
    """Where the folders of a task's attempts are, or would be."""
    return data.expanduser().resolve() / FOLDER / batch / task


def last_folder(of_task: Path) -> Path | None:
    """The folder of the attempt that was started last; None where no attempt had one."""
    try:
        return max(_folders(of_task.iterdir()), key=_fence, default=None)
    except OSError:
        return None


def _folders(paths: Iterable[Path]) -> Iterable[Path]:
    return (path for path in paths if path.name.rpartition(".")[2].isdecimal())


def _fence(path: Path) -> tuple[int, int]:
    """By the fence; of two with the same one the later is the longer name."""
    return int(path.name.rpartition(".")[2]), len(path.name)
