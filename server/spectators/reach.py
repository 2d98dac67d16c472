"""How far a link reaches (p): what its URL begins with, and from where that can be opened."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from server.settings import Settings

ANYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared, not listened at


class Reach(StrEnum):
    """MACHINE: from this machine only. LAN: from the local network. PUBLIC: from wherever the name is known."""

    MACHINE = "machine"
    LAN = "lan"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a server is found by those who have a link: a URL without a path, and from where."""

    base: str
    reach: Reach

    def url(self, link: str, secret: str) -> str:
        """The link's URL. The secret is in the fragment, which browsers send to nobody."""
        return f"{self.base}/s/{link}#{secret}"


def place_of(settings: Settings, port: int) -> Place:
    """Where the main listener is found: as the settings say, and never as a request's Host says."""
    base = (settings.public_url or f"http://{named(settings.host)}:{port}").rstrip("/")
    return Place(base=base, reach=reach_of(urlsplit(base).hostname or ""))


def named(host: str) -> str:
    """An address as it stands in a URL; whoever listens everywhere is reached at the loopback."""
    if host in ANYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def reach_of(host: str) -> Reach:
    """From where a host can be reached, judged by its name or address alone."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return Reach.MACHINE
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return Reach.LAN if "." not in name or name.endswith(".local") else Reach.PUBLIC
    if address.is_loopback:
        return Reach.MACHINE
    return Reach.LAN if address.is_private or address.is_link_local else Reach.PUBLIC
