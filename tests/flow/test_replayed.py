"""What `make run` shows first, its sample batches, replayed over HTTP to the end: the same as a viewer saw it live."""

import hashlib
import json
import random
import threading
import time
from bisect import bisect_right
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import json_merge_patch
import pytest
from websockets.sync.client import connect

from tests.processes import ServerProcess, serving, until

pytestmark = pytest.mark.flow

SEED = 20_261_130
MOMENTS = 20
ENOUGH_S = 45
ACK_S = 2.0
Seen = list[tuple[int, str]]


def hashed(state: Any) -> str:
    """As the ETag of `GET /office` has it: keys are ASCII and numbers whole, so this is the text of RFC 8785."""
    text = json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Course:
    """The states that a stream of frames comes to, by their moments: a stock merge-patch library, nothing of ours."""

    def __init__(self) -> None:
        self.seen: Seen = []
        self.state: Any = None

    def take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "keyframe":
            self.key, self.state = (frame["tick"], frame["now"]), frame["state"]
        elif frame["type"] == "diff":
            self.state = json_merge_patch.merge(json.loads(json.dumps(self.state)), frame["patch"])
        else:
            return
        self.seen.append((self.key[1] + (frame["tick"] - self.key[0]) * 100, hashed(self.state)))

    def at(self, now_ms: int) -> str:
        """The hash of what was shown at a moment."""
        return self.seen[bisect_right(self.seen, now_ms, key=lambda one: one[0]) - 1][1]


class Viewer(Course):
    """Somebody who watches live, in a thread of their own."""

    def __init__(self, server: ServerProcess) -> None:
        super().__init__()
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.trouble: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def _watch(self) -> None:
        try:
            self._follow()
        except BaseException as error:  # noqa: BLE001 - told by the test, not by the thread
            self.trouble = error

    def _follow(self) -> None:
        url = self._server.url.replace("http", "ws", 1) + "/live"
        acked = time.monotonic()
        with connect(url, subprotocols=["tendesks.v1"], proxy=None) as socket:  # type: ignore[list-item]
            socket.send(json.dumps({"type": "hello", "token": self._server.token}))
            while not self._over.is_set():
                try:
                    frame = json.loads(socket.recv(timeout=0.2))
                except TimeoutError:
                    continue
                self.take(frame)
                if "seq" in frame and time.monotonic() - acked > ACK_S:
                    socket.send(json.dumps({"type": "ack", "seq": frame["seq"]}))
                    acked = time.monotonic()


def replayed(server: ServerProcess) -> Course:
    """The newest recording, segment after segment, as a player fetches it."""
    (recording, *_) = server.api("GET", "/recordings")["items"]
    path = f"/recordings/{recording['id']}"
    numbers = [segment["n"] for segment in server.api("GET", path)["segments"]]
    course = Course()
    for n in [*numbers, "open"]:
        for line in server.raw("GET", f"{path}/segments/{n}").text.splitlines():
            course.take(json.loads(line))
    return course


def test_the_samples_replayed_are_what_was_live(tmp_path: Path) -> None:
    with serving(tmp_path / "data", samples=True) as server, Viewer(server) as live:

        def done() -> bool:
            assert live.trouble is None, live.trouble
            batches = server.api("GET", "/batches")["items"]
            return len(batches) == 2 and all(batch["state"] in {"done", "cancelled"} for batch in batches)

        with suppress(AssertionError):
            until(done, within_s=ENOUGH_S, what="the end of both samples")
        for batch in server.api("GET", "/batches")["items"]:
            server.raw("POST", f"/batches/{batch['id']}/cancel")  # what a slow machine has left of them
        until(done, what="the end of the session")
        office = server.raw("GET", "/office")
        until(lambda: live.seen[-1][0] >= office.json()["now"], within_s=20, what="the last frame")
        seen = list(live.seen)
        course = replayed(server)
    assert f'"{course.at(office.json()["now"])}"' == office.headers["etag"], "it ends where the office is"
    since_ms, to_ms = max(course.seen[0][0], seen[0][0]), seen[-1][0]
    chance = random.Random(SEED)
    moments = [chance.randint(since_ms, to_ms) for _ in range(MOMENTS)]
    assert [course.at(one) for one in moments] == [live.at(one) for one in moments], f"seed {SEED}"
    assert len({course.at(moment) for moment in moments}) > MOMENTS // 2, (
        "the moments are of a session that moves"
    )
    every = [(moment, course.at(moment)) for moment, _ in seen if moment >= since_ms]
    assert every == [(moment, live.at(moment)) for moment, _ in seen if moment >= since_ms], (
        "and at every other one"
    )
