"""Own keys in a whole server: what is written anywhere holds none, slots follow, and no kill loses one."""

import asyncio
import base64
import json
import secrets
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from server.recording.segment import unpack
from server.store.recordings import PIECE_BYTES
from server.vault.envelope import Record, Sealed, seal, unseal
from server.vault.keyfile import KEY_FILE
from server.vault.keyring import Keyring
from tests.fakes.provider import KEY, Exchange, Provider, answer, error, provider_beside
from tests.flow.test_metrics import free_port
from tests.guests import heard, watch
from tests.privacy.busy import inflated
from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

CANARY = "sk-canary-7Qz0vLrT3mXw9KpB"
PLATFORM = "sk-platform-4Hd8sNfU1yGc6EaJ"
RING = {name: secrets.token_bytes(32) for name in ("k1", "k2")}


def ring(*names: str) -> str:
    return Keyring(masters={name: RING[name] for name in names}).text()


def chats(server: ServerProcess, count: int, **members: Any) -> str:
    params = {"prompt": "Say {n}.", "model": "small"}
    tasks = [{"input": {"n": n}} for n in range(count)]
    body = {"kind": "chat", "params": params, "tasks": tasks, "attempts": 1, **members}
    return str(server.api("POST", "/batches", json=body)["id"])


def put(server: ServerProcess, provider: Provider, key: str = CANARY) -> Any:
    return server.raw("PUT", "/keys/mine", json={"key": key, "base": provider.base_url})


def spellings(secret: str) -> Iterator[bytes]:
    """A secret as it might be written: as it is, in hex, in UTF-16, and in base64 at any place of a longer text."""
    raw = secret.encode()
    yield from (raw, raw.hex().encode(), secret.encode("utf-16-le"), raw[::-1])
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + raw)
        yield coded[2 * bool(shift) + shift : len(coded) // 4 * 4 - 4]


def find_canary(texts: dict[str, bytes], secret: str) -> list[str]:
    return [name for name, text in texts.items() for spelling in spellings(secret) if spelling in text]


def files(folder: Path) -> dict[str, bytes]:
    """Every file, with what is packed in it behind it."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found[str(path.relative_to(folder))] = b"\n".join([data, *inflated(data)])
    return found


def packed_recording(server: ServerProcess) -> bytes:
    """The segments that are closed, as they lie in the store, put together from their pieces and inflated."""
    rows = server.query(
        "SELECT s.recording, s.n, p.body FROM segments AS s JOIN pieces AS p ON p.id BETWEEN s.piece AND "
        "s.piece + (s.bytes - 1) / ? ORDER BY s.recording, s.n, p.id", PIECE_BYTES,
    )  # fmt: skip
    bodies: dict[tuple[str, int], bytes] = {}
    for recording, n, body in rows:
        bodies[recording, n] = bodies.get((recording, n), b"") + body
    assert bodies, "nothing was recorded and closed"
    return b"\n".join(line for body in bodies.values() for line in unpack(body))


def scraped(port: int) -> bytes:
    return bytes(httpx2.get(f"http://127.0.0.1:{port}/metrics").content)


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    for number, spelling in enumerate(spellings(CANARY)):
        (tmp_path / f"{number}").write_bytes(b"before" + spelling + b"after")
    within = base64.b64encode(f"api key is {CANARY}, really".encode())
    (tmp_path / "within").write_bytes(within)
    (tmp_path / "packed").write_bytes(b"before" + zlib.compress(f"the key {CANARY}".encode()) + b"after")
    found = files(tmp_path)
    assert set(find_canary(found, CANARY)) == set(found)


def test_nothing_that_is_written_or_told_holds_a_key(tmp_path: Path) -> None:
    async def repeats(exchange: Exchange) -> None:
        await exchange.error(400, f"You sent {exchange.asked.headers['authorization']} and {CANARY}")

    plays = [answer(), repeats, error(500, f"broken near {CANARY}"), answer([CANARY[:4], "…"]), repeats]
    told: list[bytes] = []
    with (
        provider_beside(*plays, keys=[CANARY]) as provider,
        serving(
            tmp_path / "data",
            master_keys=False,
            environ={
                "TENDESKS_CHAT_BASE_URL": provider.base_url,
                "TENDESKS_METRICS_PORT": str(metrics := free_port()),
            },
        ) as server,
        watch(server.url, server.token) as socket,
    ):
        told.append(put(server, provider).content)
        told.append(put(server, provider, "sk-wrong-0123456789abcdef").content)
        batch = chats(server, 12)
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end of the batch")
        for path in (
            f"/keys/{CANARY}",
            "/keys/mine",
            "/keys/openai",
        ):  # a hurried hand puts it in the wrong place
            told.append(server.raw("PUT", path, content=f'{{"key": "{CANARY}", '.encode()).content)
            told.append(server.raw("PUT", path, json={"key": [CANARY], CANARY: 1}).content)
            told.append(
                server.raw("PUT", path, json={"key": CANARY, "base": f"https://u:{CANARY}@x/v1"}).content
            )
            told.append(server.raw("GET", path).content)
            told.append(server.raw("DELETE", f"{path}x").content)
        told.append(server.raw("POST", "/session", json={"token": CANARY}).content)
        told.append(
            httpx2.get(f"{server.url}/api/v1/keys", headers={"authorization": f"Bearer {CANARY}"}).content
        )
        tasks = server.api("GET", f"/batches/{batch}/tasks")["items"]
        assert {task["state"] for task in tasks} == {"done", "failed"}
        paths = [
            "/keys", "/keys/rotation", "/account", "/office", "/batches", f"/batches/{batch}", f"/batches/{batch}/tasks",
            f"/batches/{batch}/results", f"/batches/{batch}/results?format=csv", "/recordings",
            *(f"/executions/{task['executions'][0]['id']}/log" for task in tasks),
        ]  # fmt: skip
        told += [server.raw("GET", path).content for path in paths]
        for recording in server.api("GET", "/recordings")["items"]:
            told.append(server.raw("GET", f"/recordings/{recording['id']}/segments/open").content)
        told.append(scraped(metrics))
        assert b"tendesks_" in told[-1]
        frames = [json.dumps(heard(socket, "keyframe"))]
        frames += [str(socket.recv(timeout=20)) for _ in range(10)]
        at_work = files(tmp_path / "data")
        master = (tmp_path / "data" / KEY_FILE).read_text()
        assert "tendesks.sqlite3-wal" in at_work
        # The database without the master key's file, and each file for itself: none holds the key, nor the master key.
        assert find_canary(at_work, CANARY) == []
        everything = {**at_work, **{f"answer {n}": text for n, text in enumerate(told)}}
        everything |= {f"frame {n}": frame.encode() for n, frame in enumerate(frames)}
        assert find_canary(everything, CANARY) == []
        assert (
            find_canary(
                {n: text for n, text in everything.items() if n != KEY_FILE}, master.split(":")[1].strip()
            )
            == []
        )
    at_rest = files(tmp_path / "data")
    at_rest["the recording, unpacked"] = packed_recording(server)
    assert b'"keyframe"' in at_rest["the recording, unpacked"]
    assert CANARY in {asked.headers["authorization"].removeprefix("Bearer ") for asked in provider.asked}
    assert find_canary(at_rest, CANARY) == []


def test_in_hosted_mode_every_request_is_logged_and_no_line_holds_a_key(tmp_path: Path) -> None:
    with serving(tmp_path / "data", environ={"TENDESKS_MODE": "hosted"}) as server:
        for path in (f"/keys/{CANARY}", "/keys/openai", f"/keys/{CANARY}/more"):
            server.raw("PUT", path, json={"key": CANARY, "base": "https://127.0.0.1/v1"})
            server.raw("DELETE", path, headers={"x-note": CANARY})
    output = (tmp_path / "data" / "server.out").read_bytes()
    assert b"/api/v1/keys/sk-\xe2\x80\xa6" in output, "its request is there, the key is not"
    assert find_canary(files(tmp_path / "data"), CANARY) == []


def test_slots_rise_and_fall_while_work_runs(tmp_path: Path) -> None:
    with provider_beside(keys=[CANARY]) as provider, serving(tmp_path / "data") as server:
        tasks = [{"input": {"n": n}} for n in range(60)]
        server.api("POST", "/batches", json={"kind": "demo", "params": {"seconds": 3_600}, "tasks": tasks})
        until(lambda: server.api("GET", "/account")["running"] == 10, what="ten run")
        with watch(server.url, server.token) as socket:
            heard(socket, "keyframe")
            assert put(server, provider).status_code == 200
            began = time.monotonic()
            until(lambda: server.api("GET", "/account")["running"] == 20, what="twenty run")
            took_s = time.monotonic() - began
            slots = None
            while slots != 20:
                slots = heard(socket, "diff")["patch"].get("office", {}).get("slots", slots)
        assert took_s < 5, "a cycle takes milliseconds, a busy machine a little longer"
        server.api("DELETE", "/keys/mine")
        account = server.api("GET", "/account")
        assert (account["slots"], account["running"]) == (10, 20), "what runs goes on, nothing more starts"


def test_a_deleted_key_is_in_no_request_any_more_while_those_under_way_finish(tmp_path: Path) -> None:
    gate = threading.Event()

    async def held(exchange: Exchange) -> None:
        await asyncio.to_thread(gate.wait, 60)
        await answer()(exchange)

    environ = {"TENDESKS_CHAT_API_KEY": PLATFORM}
    with provider_beside(key=PLATFORM, keys=[CANARY]) as provider:
        environ["TENDESKS_CHAT_BASE_URL"] = provider.base_url
        provider.usual = held
        with serving(tmp_path / "data", environ=environ) as server:

            def asked(key: str) -> int:
                return sum(
                    a.headers["authorization"] == f"Bearer {key}" and not a.path.endswith("models")
                    for a in provider.asked
                )

            put(server, provider)
            batch = chats(server, 60)
            until(lambda: asked(CANARY) == 20, what="twenty are asked")
            server.api("DELETE", "/keys/mine")
            gate.set()
            until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end")
            found = server.api("GET", f"/batches/{batch}")
            assert (found["done"], found["failed"]) == (60, 0)
            assert (asked(CANARY), asked(PLATFORM)) == (20, 40)


def test_a_key_that_its_provider_takes_back_pauses_the_batch_with_the_reason(tmp_path: Path) -> None:
    environ = {"TENDESKS_CHAT_API_KEY": PLATFORM}
    with provider_beside(key=PLATFORM, keys=[CANARY]) as provider:
        environ["TENDESKS_CHAT_BASE_URL"] = provider.base_url
        with serving(tmp_path / "data", environ=environ) as server:
            put(server, provider)
            assert server.api("GET", "/account")["slots"] == 20
            provider.keys.clear()
            batch = chats(server, 60)
            until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "paused", what="the pause")
            found = server.api("GET", f"/batches/{batch}")
            assert "does not accept your own key any more" in found["reason"]
            assert (found["done"], found["failed"]) == (0, 0), "no task was spent on it"
            assert [key["state"] for key in server.api("GET", "/keys")["items"]] == ["rejected"]
            until(lambda: server.api("GET", "/account")["slots"] == 10, what="the slots fall")
            provider.keys.add(CANARY)
            put(server, provider)
            server.api("POST", f"/batches/{batch}/resume")
            until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the end")
            assert server.api("GET", f"/batches/{batch}")["done"] == 60


def test_in_hosted_mode_the_platforms_key_has_a_ceiling_and_the_batch_says_so(tmp_path: Path) -> None:
    large = answer(usage={"prompt_tokens": 100, "completion_tokens": 59_900})
    environ = {"TENDESKS_MODE": "hosted", "TENDESKS_CHAT_API_KEY": PLATFORM}
    with provider_beside(large, large, key=PLATFORM) as provider:
        environ["TENDESKS_CHAT_BASE_URL"] = provider.base_url
        with serving(tmp_path / "data", environ=environ, tier="free") as server:
            batch = chats(server, 5)
            until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "paused", what="the pause")
            found = server.api("GET", f"/batches/{batch}")
            assert (found["done"], found["failed"], found["waiting"]) == (2, 0, 3)
            assert found["reason"].startswith(
                "the month's 100,000 tokens of Free with this server's key are used up"
            )
            assert server.query("SELECT tokens FROM spending") == [(120_000,)]
            assert {state for (state,) in server.query("SELECT state FROM executions")} == {"done", "failed"}
            assert server.query("SELECT DISTINCT reason FROM executions WHERE state = 'failed'") == [
                ("limit",)
            ]
            refused = server.raw("PUT", "/keys/openai", json={"key": CANARY})
            assert (refused.status_code, refused.json()["tier"]) == (403, "pro"), "the way out is named"


def fill(data: Path, count: int) -> dict[str, str]:
    """Write own keys under k1 into the store of a server that is not at work; returns the secrets by account."""
    kept = {f"vault{number:07}": f"sk-filled-{number:016}" for number in range(count)}
    masters = {"k1": RING["k1"]}
    with sqlite3.connect(data / "tendesks.sqlite3") as store:
        for account, secret in kept.items():
            sealed = seal(secret, record(account), masters, "k1")
            store.execute(
                "INSERT INTO accounts (id, name, tier, created_ms) VALUES (?, 'a', 'pro', 0)", (account,)
            )
            store.execute(
                "INSERT INTO own_keys (account, provider, base, version, last, state, master, wrapped, body, added_ms)"
                " VALUES (?, 'mine', 'https://x/v1', 'v', '', 'ok', ?, ?, ?, 0)",
                (account, sealed.master, sealed.wrapped, sealed.body),
            )
    return kept


def record(account: str) -> Record:
    return Record(account=account, provider="mine", base="https://x/v1", version="v")


def test_killed_in_the_middle_of_a_rotation_it_goes_on_and_loses_none(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, environ={"TENDESKS_MASTER_KEYS": ring("k1")}) as first:
        work = {"kind": "demo", "params": {"seconds": 0.05}, "tasks": [{"input": {}}] * 2_000}
        batch = first.api("POST", "/batches", json=work)["id"]
    kept = fill(data, 12_000)
    server = ServerProcess(data, environ={"TENDESKS_MASTER_KEYS": ring("k2", "k1")})

    def under(master: str) -> int:
        ((count,),) = server.query("SELECT count(*) FROM own_keys WHERE master = ?", master)
        return int(count)

    middles, before = 0, 0
    try:
        for _ in range(3):
            server.launch()
            until(lambda: under("k2") > before, what="some more are under the new key")  # noqa: B023
            server.kill()
            before = under("k2")
            middles += 0 < before < len(kept)
            if before == len(kept):
                break
        server.start()
        until(lambda: server.api("GET", "/keys/rotation")["state"] == "idle", what="the rotation is over")
        assert server.api("GET", "/keys/rotation")["needed"] == ["k2"]
        until(lambda: server.api("GET", f"/batches/{batch}")["state"] == "done", what="the work is done")
    finally:
        server.stop(at_once=True)
    assert middles, "it was never killed in the middle"
    rows = server.query("SELECT account, master, wrapped, body, state FROM own_keys")
    opened = {
        account: unseal(
            Sealed(master=master, wrapped=wrapped, body=body), record(account), {"k2": RING["k2"]}
        )
        for account, master, wrapped, body, _ in rows
    }
    assert opened == kept
    with serving(data, environ={"TENDESKS_MASTER_KEYS": ring("k2")}):
        pass  # the old key may go


REFUSED = {
    f"k2:{base64.b64encode(RING['k2']).decode()}": "expected the master key k1 too (secrets sealed with it: 1), got k2",
    f"k1:{base64.b64encode(RING['k2']).decode()}": "expected under the name k1 the key that own keys were sealed with",
    f"k1:{base64.b64encode(bytes(32)).decode()}": "expected random bytes, got a pattern or words",
    "k1:c2hvcnQ=": "expected 32 bytes in base64, got 5",
    ",": "expected a name and a key",
}


def test_the_start_refuses_what_is_no_such_key_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with (
        provider_beside(keys=[KEY]) as provider,
        serving(data, environ={"TENDESKS_MASTER_KEYS": ring("k1")}) as server,
    ):
        put(server, provider, KEY)
    for keys, said in REFUSED.items():
        server.output.unlink()
        other = ServerProcess(data, environ={"TENDESKS_MASTER_KEYS": keys})
        with pytest.raises(AssertionError, match="the server did not get ready"):
            other.start()
        (line,) = other.output.read_text().splitlines()
        assert line.startswith("tendesks: TENDESKS_MASTER_KEYS: ")
        assert said in line
        assert base64.b64encode(RING["k2"]).decode() not in line
