"""Where the server is and with which token: an option, the environment, or the local server's own file."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from server.accounts.presence import PRESENCE_FILE, read_presence
from server.cli.exits import NoServerError, UsageError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A server's base URL, the token to show it, and whether both come from the local server's file."""

    url: str
    token: str | None
    local: bool = False

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine, where no proxy may stand between."""
        return urlsplit(self.url).hostname in LOOPBACK

    @property
    def certified(self) -> bool:
        """Whether the server has a certificate to verify; where not, those of the world need not be read (40 ms)."""
        return urlsplit(self.url).scheme != "http"

    @property
    def office(self) -> str:
        """What to open in a browser; the token of a local server rides in the fragment, which is never sent."""
        return f"{self.url}/#token={self.token}" if self.local and self.token else f"{self.url}/"

    @property
    def live(self) -> str:
        """The live socket's address."""
        scheme, rest = self.url.split("://", 1)
        return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/live"


def data_folder(given: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The data folder: the option, TENDESKS_DATA, or ~/.tendesks (as the settings have it)."""
    return given or Path(environ.get("TENDESKS_DATA") or Path.home() / ".tendesks")


def split_token(url: str) -> tuple[str, str | None]:
    """Part a printed office URL into the server's URL and the token of its fragment."""
    parts = urlsplit(url)
    token = parse_qs(parts.fragment).get("token", [None])[0]
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", token


def find(
    url: str | None, data: Path, *, environ: Mapping[str, str] = os.environ, must: bool = True
) -> Address | None:
    """The server to talk to: `--url`, TENDESKS_URL, or the local server's file, in this order.

    Raises:
        UsageError: the URL carries a token (an argument is seen by everyone on the machine) or is none.
        NoServerError: nothing names a server, and there `must` be one.
    """
    if url is not None and "#" in url:
        raise UsageError("--url must not carry a token; put it into TENDESKS_TOKEN")
    local = read_local(data)
    named = url or environ.get("TENDESKS_URL")
    if named:
        return _named(named, local, environ)
    if local is None and must:
        raise NoServerError(f"no server is running on {data}; `tendesks serve` starts one")
    return local


def _named(named: str, local: Address | None, environ: Mapping[str, str]) -> Address:
    if urlsplit(named).scheme not in ("http", "https") or not urlsplit(named).hostname:
        raise UsageError(f"expected a URL such as http://127.0.0.1:8000, got {named!r}")
    base, fragment = split_token(named)
    token = environ.get("TENDESKS_TOKEN") or fragment
    if token is None and local is not None and local.url == base:
        return local
    return Address(url=base, token=token)


def read_local(data: Path) -> Address | None:
    """The server that runs on this data folder, from what it wrote about itself; None when none does.

    Raises:
        NoServerError: others can read the token; it is not used.
    """
    found = read_presence(data)
    if found is None or found.url is None:
        return None
    path = data / PRESENCE_FILE
    mode = path.stat().st_mode
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NoServerError(f"{path} can be read by others (mode {stat.S_IMODE(mode):o}); expected 600")
    return Address(url=found.url, token=found.token, local=True)
