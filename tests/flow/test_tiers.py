"""The tier changes while work runs: more at once within a cycle, or nothing new until it is down. Seating follows O2."""

import asyncio
from pathlib import Path
from typing import Any

import json_merge_patch
import orjson
import pytest
from websockets.asyncio.client import connect

from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow


def submit(server: ServerProcess, count: int, seconds: float, name: str = "sleepers") -> str:
    body = {
        "name": name,
        "kind": "demo",
        "params": {"seconds": seconds},
        "tasks": [{"title": f"{name} {n}", "input": {"n": n}} for n in range(count)],
    }
    return str(server.api("POST", "/batches", json=body)["id"])


def running(server: ServerProcess) -> int:
    return int(server.query("SELECT count(*) FROM executions WHERE state = 'running'")[0][0])


class Follower:
    """A bare WebSocket client and a stock merge-patch library: nothing of ours."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.states: list[dict[str, Any]] = []

    async def follow(self, seconds: float) -> None:
        state: dict[str, Any] = {}
        async with connect(
            f"ws://127.0.0.1:{self.server.port}/live", subprotocols=["tendesks.v1"], compression=None
        ) as socket:  # type: ignore[list-item]
            await socket.send(orjson.dumps({"type": "hello", "token": self.server.token}).decode())
            try:
                async with asyncio.timeout(seconds):
                    async for message in socket:
                        frame = orjson.loads(message)
                        if frame["type"] == "keyframe":
                            state = frame["state"]
                        elif frame["type"] == "diff":
                            state = json_merge_patch.merge(orjson.loads(orjson.dumps(state)), frame["patch"])
                        else:
                            continue
                        self.states.append(state)
            except TimeoutError:
                return


def seated(state: dict[str, Any]) -> list[str]:
    return [
        desk["execution"] for desk in state["desks"].values() if desk["activity"] in {"working", "waiting"}
    ]


def check_frame(state: dict[str, Any]) -> None:
    """What O2 promises of every single frame."""
    people = seated(state)
    assert len(set(people)) == len(people), "two desks show one execution"
    assert state["office"]["running"] == len(people) + state["overflow"]["count"]
    assert state["overflow"]["count"] == max(0, state["office"]["running"] - 10)
    assert len(people) == min(10, state["office"]["running"])


def test_up_to_pro_and_down_to_free_while_running(tmp_path: Path) -> None:
    with serving(tmp_path / "data", tier="starter") as server:
        submit(server, 200, 1.0)
        until(lambda: running(server) == 3, what="three running on Starter")
        server.api("PATCH", "/account", json={"tier": "pro"})
        until(lambda: running(server) == 10, within_s=1, what="ten running on Pro")
        follower = Follower(server)

        async def scene() -> None:
            following = asyncio.create_task(follower.follow(4))
            await asyncio.sleep(0.5)
            await asyncio.to_thread(server.api, "PATCH", "/account", json={"tier": "free"})
            # One statement, one moment: what runs, and when the newest of all began.
            look = "SELECT (SELECT count(*) FROM executions WHERE state = 'running'), (SELECT max(started_ms) FROM executions)"
            started = server.query(look)[0][1]
            while True:
                still, newest = server.query(look)[0]
                if still <= 1:
                    break
                assert newest == started, f"something started while {still} ran on Free"
                await asyncio.sleep(0)
            await following

        asyncio.run(scene())
        for state in follower.states:
            check_frame(state)
        assert follower.states[-1]["office"]["slots"] == 1
        assert sum(desk["activity"] == "off" for desk in follower.states[-1]["desks"].values()) >= 8


def test_from_fifty_to_free_seating_holds_in_every_frame(tmp_path: Path) -> None:
    with serving(tmp_path / "data", tier="enterprise") as server:
        submit(server, 300, 1.5)
        until(lambda: running(server) == 50, what="fifty running on Enterprise")
        follower = Follower(server)

        async def scene() -> None:
            following = asyncio.create_task(follower.follow(6))
            await asyncio.sleep(0.5)
            await asyncio.to_thread(server.api, "PATCH", "/account", json={"tier": "free"})
            await following

        asyncio.run(scene())
        counts = [state["office"]["running"] for state in follower.states]
        assert max(counts) == 50
        assert counts[-1] == 1
        assert any(state["overflow"]["count"] == 40 for state in follower.states)
        before: dict[str, str] = {}
        for state in follower.states:
            check_frame(state)
            now = {
                desk["execution"]: key
                for key, desk in state["desks"].items()
                if desk["activity"] in {"working", "waiting"}
            }
            moved = {execution for execution, key in now.items() if before.get(execution, key) != key}
            assert not moved, "an execution left its desk before its end"
            before = now
