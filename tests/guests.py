"""Whoever came by a link to a real server: exchanges its secret, watches, and hears how it ends."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.routes.entry import Entry
from tests.processes import TLS


def base_of(made: dict[str, Any]) -> str:
    parts = urlsplit(made["url"])
    return f"{parts.scheme}://{parts.netloc}"


def exchange(made: dict[str, Any], status: int = 200) -> dict[str, Any]:
    body = {"id": made["id"], "secret": made["url"].partition("#")[2]}
    answer = httpx2.post(f"{base_of(made)}/api/v1/links/exchange", json=body, trust_env=False, verify=TLS)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def at_once(entry: Entry, path: str) -> str:
    """The path, asking for nothing to be waited for: whoever asks for a link's end is answered when it ends."""
    return f"{path}?wait=0" if any(query.name == "wait" for query in entry.query) else path


@contextmanager
def watch(base: str, token: str | None, **options: Any) -> Iterator[ClientConnection]:
    """A socket that has said hello."""
    url = base.replace("http", "ws", 1) + "/live"
    options = {"subprotocols": ["tendesks.v1"], "proxy": None, "compression": None, **options}
    with connect(url, **options) as socket:
        socket.send(json.dumps({"type": "hello", "token": token} if token else {"type": "hello"}))
        yield socket


def heard(socket: ClientConnection, kind: str) -> dict[str, Any]:
    while (message := json.loads(socket.recv(timeout=20)))["type"] != kind:
        pass
    return dict(message)


def end_of(socket: ClientConnection) -> tuple[int, str]:
    """With which code and words the server closes, whatever comes before."""
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=20)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason
