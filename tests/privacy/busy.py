"""Somebody with one of everything, and a search for a word in all that is on the disk."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from server.store.tables import metadata
from tests.routes.hosted import Hosted, Person

CANARY = "Kanarienvogel-7Qz0vLrT"


EMAIL = "canary-7qz0vlrt@example.org"


async def busy(it: Hosted, email: str, word: str) -> Person:
    """Somebody who has one of everything, with a word in it that nobody else uses."""
    front = it.front
    owner = await it.person(email)
    await it.change(email, tier="enterprise")
    hook = {"url": f"https://hooks.example/{word}", "label": word}
    made = await owner.ask("POST", "/webhooks", json=hook)
    assert made.status_code == 201, made.text
    assert (await owner.ask("POST", f"/webhooks/{made.json()['id']}/ping")).status_code == 202
    await it.change(email, tier="pro")
    await owner.ask("PATCH", "/account", json={"name": f"Office {word}"})
    tasks = [
        {"input": {"name": f"{word} {n}"}, "title": f"{word} {n}", "key": f"{word}-{n}"} for n in range(5)
    ]
    body = {"name": f"List {word}", "kind": "demo", "params": {"seconds": 60}, "tasks": tasks}
    batch = (await owner.ask("POST", "/batches", json=body)).json()["id"]
    await front.clock.advance(30_000)
    executions = [each["id"] for task in await tasks_in(owner, batch) for each in task["executions"]]
    for execution in executions:
        log = front.logs.begin(execution)
        log.write(f"{word} was here")
        log.end()
    await front.logs.flush()
    await front.clock.advance(60_000)
    assert (await owner.ask("POST", "/links", json={"label": word})).status_code == 201
    assert (await owner.ask("POST", "/tokens", json={"label": word})).status_code == 201
    await owner.ask("POST", "/members", json={"email": f"{word.lower()}@invited.example", "role": "viewer"})
    await it.mail()
    key = {"key": f"sk-{word}-abcdefgh", "base": "https://127.0.0.1/v1"}
    assert (await owner.ask("PUT", "/keys/mine", json=key)).status_code in {200, 400}
    folder = front.settings.data / "dirs" / batch / "task"
    folder.mkdir(parents=True)
    (folder / "left.txt").write_text(word)
    return owner


async def tasks_in(owner: Person, batch: str) -> list[dict[str, Any]]:
    return list((await owner.get(f"/batches/{batch}/tasks"))["items"])


def inflated(data: bytes) -> Iterator[bytes]:
    """Whatever zlib stream begins anywhere in these bytes: packed segments lie in pieces of a few hundred bytes."""
    place = data.find(b"\x78")
    while place >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[place : place + 100_000])
        place = data.find(b"\x78", place + 1)


def found_in(folder: Path, *words: str) -> list[str]:
    """The files with one of these words in them, as it is, or in what is packed in them."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        texts = [data, *inflated(data)]
        if any(word.encode() in text for word in words for text in texts):
            found.append(path.name)
    return found


def rows_with(folder: Path, word: str) -> list[str]:
    """The tables that have a word in some row."""
    store = sqlite3.connect(folder / "tendesks.sqlite3")
    try:
        return [
            table.name
            for table in metadata.sorted_tables
            if any(
                word.encode() in repr(row).encode() for row in store.execute(f"SELECT * FROM {table.name}")
            )
        ]
    finally:
        store.close()


async def account_id(it: Hosted, email: str = EMAIL) -> str:
    return str((await it.account_of(email))["id"])


async def swept(it: Hosted) -> None:
    """Have a sweep of this very moment, and not the one of an hour that may just be under way."""
    await it.front.privacy.sweeps.settled()
    it.front.privacy.sweeps.hurry()
    await it.front.privacy.sweeps.settled()
