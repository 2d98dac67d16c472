"""What `tendesks doctor` finds on this machine: Python, settings, folder, disk, store, web client. No server is needed."""

import asyncio
import os
import platform
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from server.billing.setup import stripe_setup
from server.billing.tierfile import read_tiers
from server.cli.finding import Finding
from server.errors import TenDesksError
from server.settings import Mode, Settings, load
from server.store.migrations import at_head
from server.vault.keyfile import KEY_FILE, SETTING, given

PYTHON_MIN = (3, 11)
DISK_FREE_BYTES_MIN = 512 * 1024 * 1024
"""Below this the disk is worth a word; a queue with results and logs fills it in a day."""
YEAR_MIN = 2026


def python(version: tuple[int, int]) -> Finding:
    """The interpreter: 3.11 or newer."""
    wanted = ".".join(map(str, PYTHON_MIN))
    return Finding(
        what="Python",
        verdict="ok" if version >= PYTHON_MIN else "wrong",
        detail=f"{platform.python_version()}, expected {wanted} or newer",
    )


def settings_of(data: Path) -> tuple[Finding, Settings | None]:
    """Whether the TENDESKS_… variables can be read; their values are not told."""
    try:
        settings = load(data=data)
    except TenDesksError as error:
        return Finding(what="Settings", verdict="wrong", detail=error.detail), None
    given = sorted(name for name in os.environ if name.startswith("TENDESKS_"))
    return Finding(
        what="Settings", verdict="ok", detail=", ".join(given) or "none set, all as they come"
    ), settings


def folder(data: Path) -> Finding:
    """The data folder: there and writable, or able to be made."""
    nearest = _nearest(data)
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(what="Data folder", verdict="wrong", detail=f"{data}: {nearest} cannot be written to")
    if nearest != data:
        return Finding(
            what="Data folder", verdict="note", detail=f"{data}: not there yet, made at the first start"
        )
    return Finding(what="Data folder", verdict="ok", detail=str(data))


def disk(data: Path, bytes_min: int = DISK_FREE_BYTES_MIN) -> Finding:
    """How much room there is where the data folder is, or would be."""
    usage = shutil.disk_usage(_nearest(data))
    free = f"{usage.free / 2**30:.1f} GiB free of {usage.total / 2**30:.1f}"
    if usage.free < bytes_min:
        return Finding(
            what="Disk", verdict="wrong", detail=f"{free}, expected {bytes_min / 2**30:.1f} at least"
        )
    return Finding(what="Disk", verdict="ok", detail=free)


async def store(settings: Settings) -> Finding:
    """The store: reachable, and with the schema of this version. Nothing is made and nothing is changed."""
    try:
        url = make_url(settings.store_url)
    except ArgumentError:
        return Finding(
            what="Store", verdict="wrong", detail="TENDESKS_DATABASE_URL: expected a database's URL"
        )
    file = _file_of(url)
    name = str(file) if file else url.render_as_string(hide_password=True)
    if file and not await asyncio.to_thread(file.exists):
        return Finding(what="Store", verdict="note", detail=f"{name}: not there yet, made at the first start")
    try:
        await _connect(settings.store_url)
    except (DBAPIError, OSError, ImportError, ArgumentError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return Finding(what="Store", verdict="wrong", detail=f"{name}: {reason}")
    if await at_head(settings.store_url):
        return Finding(what="Store", verdict="ok", detail=f"{name}, newest schema")
    return Finding(
        what="Store",
        verdict="note",
        detail=f"{name}: another schema; the next start upgrades it, and so does `tendesks db upgrade`",
    )


def web(built: Path) -> Finding:
    """The web client: built into the package."""
    if (built / "index.html").is_file():
        return Finding(what="Web client", verdict="ok", detail="built")
    return Finding(
        what="Web client",
        verdict="wrong",
        detail=f"not built: no index.html in {built}; `make run` builds it",
    )


def clock(now_ms: int) -> Finding:
    """The clock of this machine: months, quotas and retries go by it."""
    now = datetime.fromtimestamp(now_ms / 1000, tz=UTC)
    detail = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if now.year < YEAR_MIN:
        return Finding(
            what="Clock", verdict="wrong", detail=f"{detail}, expected {YEAR_MIN} or later; is it set?"
        )
    return Finding(what="Clock", verdict="ok", detail=detail)


def commands(settings: Settings) -> Finding:
    """Whether tasks may run programs here, as the settings have it."""
    return commands_finding(allowed=settings.commands_allowed, where=f"in {settings.mode} mode")


def commands_finding(*, allowed: bool, where: str) -> Finding:
    """Whether tasks may run programs; that they may not is a choice and no fault."""
    if allowed:
        return Finding(what="Commands", verdict="ok", detail=f"allowed {where}")
    return Finding(
        what="Commands", verdict="note", detail=f"not allowed {where}; TENDESKS_ALLOW_COMMANDS=1 allows them"
    )


def master_keys(settings: Settings) -> Finding:
    """The keys around own keys. Whether they are those that own keys were sealed with, the start proves."""
    try:
        ring = given(settings)
    except TenDesksError as error:
        return Finding(what="Master keys", verdict="wrong", detail=error.detail)
    if ring is not None:
        where = SETTING if settings.master_keys is not None else settings.data / KEY_FILE
        return Finding(what="Master keys", verdict="ok", detail=f"{', '.join(ring.masters)} in {where}")
    if settings.mode is Mode.HOSTED:
        return Finding(
            what="Master keys", verdict="wrong", detail=f"{SETTING} is not set; hosted mode needs it"
        )
    return Finding(what="Master keys", verdict="note", detail="not there yet, made at the first start")


def selling(settings: Settings) -> list[Finding]:
    """Which plans are sold by Stripe; nothing is said of it on one's own machine. Stripe itself is not asked."""
    what = "Selling plans"
    try:
        setup = stripe_setup(settings, read_tiers(settings.tiers_file))
    except TenDesksError as error:
        return [Finding(what=what, verdict="wrong", detail=error.detail)]
    if setup is None and settings.mode is Mode.LOCAL:
        return []
    if setup is None:
        return [Finding(what=what, verdict="note", detail="TENDESKS_STRIPE_SECRET_KEY is not set")]
    kind = "live" if "_live_" in setup.key else "test"
    return [
        Finding(
            what=what, verdict="ok", detail=f"{', '.join(setup.prices.sold)} by Stripe, with a {kind} key"
        )
    ]


def _file_of(url: URL) -> Path | None:
    return Path(url.database) if url.database and url.get_backend_name() == "sqlite" else None


async def _connect(url: str) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect():
            pass
    finally:
        await engine.dispose()


def _nearest(path: Path) -> Path:
    return next(found for found in (path, *path.absolute().parents) if found.exists())
