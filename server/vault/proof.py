"""Whether the master keys are those that own keys were sealed with: asked once at the start, before anything is served.

Of each master key the store keeps a canary: a known word, sealed with it. A key that does not open its canary is another
one under the same name, and would make every own key undecryptable; one that is missing would lose those it has sealed.
Either stops the start, because it is mended by the right setting, and going on would only be noticed task by task.
"""

import base64

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import ConfigurationError
from server.settings import Mode, Settings
from server.store import keys
from server.store.database import Database
from server.vault import keyfile
from server.vault.envelope import Record, Sealed, UnopenedError, seal, unseal
from server.vault.keyring import ADVICE, Keyring, fresh

_WORD = "tendesks"


async def open_ring(db: Database, settings: Settings) -> Keyring:
    """Return the master keys, proved. In local mode the first start makes one, in a file beside the database.

    Raises:
        ConfigurationError: they are missing or wrong, or are not those that own keys were sealed with.
    """
    ring = keyfile.given(settings)
    async with db.read() as conn:
        known, needed = await keys.canaries(conn), await keys.masters_in_use(conn)
    where = keyfile.SETTING if settings.master_keys is not None else str(settings.data / keyfile.KEY_FILE)
    if ring is None:
        ring = _made(settings, needed, where)
    prove(ring, known, needed, where)
    return ring


def prove(ring: Keyring, known: dict[str, str], needed: dict[str, int], where: str) -> None:
    """Raise ConfigurationError unless these keys open their canaries, and none that is needed is missing.

    `known` are canaries by name of the master key, `needed` says how many own keys each has sealed.
    """
    for name, count in needed.items():
        if name not in ring.masters:
            raise ConfigurationError(
                f"{where}: expected the master key {name} too (secrets sealed with it: {count:,}),"
                f" got {', '.join(ring.masters)}; {_LOST}"
            )
    for name in ring.masters:
        if name in known and not _opens(known[name], ring, name):
            raise ConfigurationError(
                f"{where}: expected under the name {name} the key that own keys were sealed with, got another one;"
                " a new key needs a new name"
            )


def opened_by(ring: Keyring | None, known: dict[str, str]) -> list[str]:
    """Name those master keys that are here and are what they were; of one without a canary nothing was sealed."""
    names = [] if ring is None else list(ring.masters)
    return [
        name for name in names if ring is not None and (name not in known or _opens(known[name], ring, name))
    ]


async def keep_canary(conn: AsyncConnection, ring: Keyring) -> None:
    """Keep the proof of the current master key; in the transaction that first seals with it."""
    sealed = seal(_WORD, _record(ring.current), ring.masters, ring.current)
    parts = [base64.b64encode(part).decode() for part in (sealed.wrapped, sealed.body)]
    await keys.add_canary(conn, ring.current, orjson.dumps(parts).decode())


_LOST = (
    "put it behind the others, or if it is lost for good, `tendesks keys abandon` deletes what it has sealed"
)


def _made(settings: Settings, needed: dict[str, int], where: str) -> Keyring:
    if settings.mode is Mode.HOSTED:
        raise ConfigurationError(
            f"{keyfile.SETTING}: expected the master key that users' own keys are sealed with, {ADVICE}, got none"
        )
    if needed:
        names = ", ".join(needed)
        raise ConfigurationError(
            f"{where}: expected the file with the master key {names} (secrets sealed with it: {sum(needed.values()):,});"
            " put it back, or if it is lost for good, `tendesks keys abandon` deletes what it has sealed"
        )
    ring = fresh(keyfile.new_name())
    keyfile.write_file(settings.data / keyfile.KEY_FILE, ring)
    return ring


def _opens(canary: str, ring: Keyring, name: str) -> bool:
    try:
        wrapped, body = (base64.b64decode(part) for part in orjson.loads(canary))
        return unseal(Sealed(master=name, wrapped=wrapped, body=body), _record(name), ring.masters) == _WORD
    except (UnopenedError, ValueError):
        return False


def _record(master: str) -> Record:
    return Record(account="", provider="canary", base="", version=master)
