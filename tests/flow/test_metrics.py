"""A real server: its figures move with viewers, frames and tasks, and tell nothing of what people wrote."""

import asyncio
import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.processes import ServerProcess

pytestmark = pytest.mark.flow

CANARY = "zeppelincanary"
WAIT_S = 30


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Scraper:
    """Asks for the metrics as a Prometheus server would, and keeps all that it was told."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/metrics"
        self.told = ""

    def scrape(self) -> dict[str, float]:
        answer = httpx2.get(self.url, trust_env=False)
        assert answer.status_code == 200
        self.told += answer.text
        lines = [line.rpartition(" ") for line in answer.text.splitlines() if line.startswith("tendesks_")]
        return {series: float(value) for series, _, value in lines}

    async def until(self, holds: Callable[[dict[str, float]], bool]) -> dict[str, float]:
        """Scrape again and again until it holds: the server is a process of its own and keeps its own time."""
        async with asyncio.timeout(WAIT_S):
            while not holds(series := await asyncio.to_thread(self.scrape)):  # noqa: ASYNC110 - as a scraper does
                await asyncio.sleep(0.05)
        return series


async def until(socket_: ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(WAIT_S):
        while (message := json.loads(await socket_.recv()))["type"] != kind:
            pass
    return dict(message)


def tasks(server: ServerProcess) -> dict[str, Any]:
    return {
        "name": f"{CANARY} list",
        "kind": "demo",
        "params": {"seconds": 0.1},
        "tasks": [{"title": f"{CANARY} {number}", "input": {"word": CANARY}} for number in range(5)],
    }


async def test_figures_move_with_viewers_frames_and_tasks(tmp_path: Path) -> None:
    port = free_port()
    server = ServerProcess(tmp_path, environ={"TENDESKS_METRICS_PORT": str(port)})
    try:
        await asyncio.to_thread(server.start)
        scraper = Scraper(port)
        before = scraper.scrape()
        assert before["tendesks_sockets"] == before['tendesks_ends_total{state="done"}'] == 0
        url = f"ws://127.0.0.1:{server.port}/live"
        async with connect(url, subprotocols=["tendesks.v1"], proxy=None) as viewer:
            await viewer.send(json.dumps({"type": "hello", "token": server.token}))
            await until(viewer, "keyframe")
            seen = await scraper.until(lambda now: now['tendesks_viewers{view="full"}'] == 1)
            assert (seen["tendesks_sockets"], seen["tendesks_offices_awake"]) == (1, 1)
            assert seen['tendesks_viewers{view="figures"}'] == 0
            assert seen["tendesks_epochs_total"] == 1
            assert seen["tendesks_sent_bytes_total"] > before["tendesks_sent_bytes_total"]

            batch = await asyncio.to_thread(server.api, "POST", "/batches", json=tasks(server))
            assert batch["total"] == 5
            after = await scraper.until(lambda now: now['tendesks_ends_total{state="done"}'] == 5)
            await until(viewer, "diff")
            assert after["tendesks_admissions_total"] == 5
            assert after["tendesks_tasks_waiting"] == 0
            assert after["tendesks_cycle_seconds_count"] > seen["tendesks_cycle_seconds_count"]
            after = await scraper.until(lambda now: now["tendesks_deliveries_total"] > 0)
            assert after["tendesks_diffs_total"] >= after["tendesks_deliveries_total"]
            assert after["tendesks_ticks_total"] == after["tendesks_tick_lateness_seconds_count"] > 0
            assert after["tendesks_recordings"] == 1
        await scraper.until(lambda now: now["tendesks_sockets"] == now['tendesks_viewers{view="full"}'] == 0)
        assert [secret for secret in (CANARY, server.token, batch["id"]) if secret in scraper.told] == []
        assert server.stop() == 0
        with pytest.raises(httpx2.ConnectError):
            scraper.scrape()
    finally:
        server.stop(at_once=True)


async def test_there_are_none_unless_they_are_asked_for(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path)
    try:
        await asyncio.to_thread(server.start)
        answer = httpx2.get(f"{server.url}/metrics", trust_env=False)
        assert "tendesks_ticks_total" not in answer.text
        assert not re.search(r"^# TYPE", answer.text, re.MULTILINE)
    finally:
        server.stop(at_once=True)
