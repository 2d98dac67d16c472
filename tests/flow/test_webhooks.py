"""A real server that is killed again and again while it delivers: every ended batch arrives, and what comes twice has one id."""

import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.listener import Listener, listener_beside
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow
BATCHES = 24


def submit(server: ServerProcess, name: str) -> str:
    body = {"name": name, "kind": "demo", "params": {"seconds": 0.05}, "tasks": [{"input": {"n": 1}}] * 2}
    return str(server.api("POST", "/batches", json=body)["id"])


def all_done(server: ServerProcess, batches: list[str]) -> bool:
    rows = server.query("SELECT count(*) FROM batches WHERE ended_ms IS NOT NULL")
    return bool(rows[0][0] == len(batches))


def ids_by_batch(listener: Listener) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    with listener.lock:
        for batch, id_ in zip(listener.batches, listener.ids, strict=True):
            found[batch].add(id_)
    return found


def test_nothing_is_missing_after_three_kills_in_the_middle_of_delivery(tmp_path: Path) -> None:
    hold = threading.Event()

    def slow(number: int) -> int:
        """The first ones are held until the server is dead, then some fail and most arrive."""
        if number % 7 == 3 and not hold.is_set():
            hold.wait(20)
        return 500 if number % 5 == 0 else 200

    with listener_beside() as listener, serving(tmp_path / "data") as server:
        listener.answer = slow
        server.api("POST", "/webhooks", json={"url": listener.url})
        batches: list[str] = []
        for life in range(3):
            batches += [submit(server, f"{life}.{number}") for number in range(BATCHES // 3)]
            until(lambda life=life: len(listener.ids) >= 4 * (life + 1), what="some messages")  # type: ignore[misc]
            server.kill()  # some are held just now, some are answered and not yet written down
            server.start()
        hold.set()
        until(lambda: all_done(server, batches), what="the end of all batches")
        until(
            lambda: server.query("SELECT count(*) FROM hook_deliveries WHERE state = 'waiting'") == [(0,)],
            within_s=120, what="the last delivery",
        )  # fmt: skip
        found = ids_by_batch(listener)
        assert set(found) == set(batches), "each batch has arrived"
        assert all(len(ids) == 1 for ids in found.values()), "what came twice came under one id"
        accepted = set(listener.accepted)
        assert {next(iter(ids)) for ids in found.values()} <= accepted
        rows = server.query("SELECT batch, state FROM hook_deliveries ORDER BY batch")
        assert rows == [(batch, "delivered") for batch in sorted(batches)]
        assert set(listener.kinds) == {"batch.done"}


def secrets_in(folder: Path, *secrets: str) -> list[str]:
    """The files with one of these in them, whole or as base64 without its prefix."""
    words = [word.encode() for secret in secrets for word in (secret, secret.removeprefix("whsec_"))]
    return [
        path.name
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(word in path.read_bytes() for word in words)
    ]


def test_no_secret_is_in_anything_that_is_written_and_master_keys_turn_over(tmp_path: Path) -> None:
    with listener_beside() as listener, serving(tmp_path / "data", environ={}, master_keys=False) as server:
        made = server.api("POST", "/webhooks", json={"url": listener.url})
        rotated = server.api("POST", f"/webhooks/{made['id']}/rotate")
        masters = set(server.query("SELECT master FROM hook_secrets"))
        server.api("POST", "/keys/rotation")
        found: dict[str, Any] = until(
            lambda: (said := server.api("GET", "/keys/rotation"))["state"] == "idle" and said,
            what="the rotation",
        )
        assert (found["left"], found["done"]) == (0, 2)
        assert set(server.query("SELECT master FROM hook_secrets")) == {(found["master"],)} != masters
        server.api("POST", f"/webhooks/{made['id']}/ping")
        until(lambda: listener.kinds == ["ping"], what="the ping")
        export = server.raw("GET", "/account/export").content
        assert made["secret"].encode() not in export
        for path in ("/webhooks", f"/webhooks/{made['id']}/deliveries", "/audit"):
            text = server.raw("GET", path).text
            assert made["secret"] not in text
            assert rotated["secret"] not in text
        server.stop()
        assert secrets_in(tmp_path, made["secret"], rotated["secret"]) == []
