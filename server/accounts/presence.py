"""The file by which commands on this machine find the server and its token: `server.json`, for its owner's eyes only."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

PRESENCE_FILE = "server.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """The owner's token, and while a server runs its URL and process."""

    token: str
    url: str | None = None
    pid: int | None = None


def read_presence(folder: Path) -> Presence | None:
    """What the file says; None where there is none or it is of no use."""
    try:
        said = orjson.loads((folder / PRESENCE_FILE).read_bytes())
        return Presence(token=str(said["token"]), url=said.get("url"), pid=said.get("pid"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_presence(folder: Path, presence: Presence) -> None:
    """Replace the file at once; it is never readable by others, not even for a moment."""
    part = folder / f".{PRESENCE_FILE}.part"
    part.unlink(missing_ok=True)
    said = {name: value for name, value in asdict(presence).items() if value is not None}
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(orjson.dumps(said))
    part.replace(folder / PRESENCE_FILE)
