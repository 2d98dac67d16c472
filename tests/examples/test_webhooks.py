"""The example receiver takes what a real server sends, once, and nothing else; the shell's signature is the same."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from server.clock import SystemClock
from server.webhooks.signing import headers_of, new_secret
from tests.processes import serving

pytestmark = pytest.mark.flow
ROOT = Path(__file__).parents[2]
RECEIVER = ROOT / "examples" / "webhooks" / "receiver.py"


@contextmanager
def receiver(secret: str, port: int = 0) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    process = subprocess.Popen(
        [sys.executable, str(RECEIVER), str(port)], env={"WEBHOOK_SECRET": secret, "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().removeprefix("listening at ").strip()
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_it_takes_what_a_server_sends(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        # The port is known before the secret is: the receiver is asked for one first.
        with receiver(new_secret()) as (_, address):
            port = int(address.rstrip("/").rpartition(":")[2])
        made = server.api("POST", "/webhooks", json={"url": address})
        with receiver(made["secret"], port) as (process, again):
            assert again == address
            server.api("POST", f"/webhooks/{made['id']}/ping")
            assert line(process) == "a test message"
            body = {
                "name": "Companies",
                "kind": "demo",
                "params": {"seconds": 0.05},
                "tasks": [{"input": {}}] * 3,
            }
            server.api("POST", "/batches", json=body)
            assert line(process) == "Companies: batch.done, 3 done, 0 failed"


def test_it_takes_each_message_once_and_none_that_is_forged_or_old() -> None:
    secret, body = new_secret(), b'{"type": "ping", "timestamp": "2026-11-18T11:06:40.000Z", "data": {}}'
    now_s = SystemClock().now_ms() // 1000
    with receiver(secret) as (process, address):
        good = headers_of("msg_1", now_s, body, [secret])
        both = headers_of("msg_2", now_s, body, [new_secret(), secret])
        cases = [
            (good, 204), (good, 204), (both, 204), (headers_of("msg_3", now_s, body, [new_secret()]), 401),
            (headers_of("msg_4", now_s - 3_600, body, [secret]), 401), ({}, 401), ({**good, "webhook-id": "msg_5"}, 401),
        ]  # fmt: skip
        for headers, status in cases:
            assert httpx2.post(address, content=body, headers=headers).status_code == status
        assert [line(process), line(process)] == ["a test message"] * 2, "msg_1 once, msg_2 once"


def test_the_shell_of_the_guide_computes_the_same_signature(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "webhooks.md").read_text()
    script = guide.partition("```sh\n")[2].partition("```")[0]
    secret, body = new_secret(), b'{"type":"batch.done","data":{"name":"L\xc3\xa4nder 100 %"}}'
    (tmp_path / "body.json").write_bytes(body)
    environ = {"PATH": "/usr/bin:/bin", "SECRET": secret, "ID": "msg_1", "TIMESTAMP": "1795000000"}
    done = subprocess.run(
        ["sh", "-euc", script], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert (
        headers_of("msg_1", 1_795_000_000, body, [secret])["webhook-signature"] == f"v1,{done.stdout.strip()}"
    )
