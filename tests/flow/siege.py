"""A real server under load that is killed at random moments, round after round, and what its clients were promised."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2

from tests.flow.ledger import Ledger, begun_twice, beside_successors, read_trace
from tests.processes import ServerProcess, until

# Every line is one append. Some bodies outlast a restart, fail at first or for good, or do not listen to SIGTERM.
BODY = """
say() { printf '%s %s %s\\n' "$1" "$TENDESKS_TASK" "$TENDESKS_EXECUTION" >> "$0.trace"; }
[ $(($1 % 89)) = 0 ] && trap '' TERM
say begin
for beat in 1 2 3; do sleep 0.0$(($1 % 7)); say beat; done
if [ $(($1 % 11)) = 0 ]; then for beat in $(seq 25); do sleep 0.1; say beat; done; fi
[ $(($1 % 5)) = 0 ] && [ "$TENDESKS_ATTEMPT" = 1 ] && exit 3
[ $(($1 % 17)) = 0 ] && exit 4
say end
printf '{"n": %s}\\n' "$1"
"""
SLOTS = 10  # of Pro, whose quota is QUOTA
QUOTA = 5_000
TASKS_A_ROUND = 14  # fewer than could be done: the quota runs out before the end
LINES = (1_100, 2_600)  # of an upload: several transactions, so that a kill can cut it
OPEN = "SELECT count(*) FROM batches WHERE state NOT IN ('done', 'cancelled', 'arriving')"
WAITING = "SELECT sum(waiting) FROM batches WHERE name LIKE 'small%' AND state <> 'paused'"


class Siege:
    """Rounds of load and kills by one seed. `promised` holds the batches that were answered 201, with their size."""

    def __init__(self, folder: Path, *, seed: int, rounds: int) -> None:
        self.moments = random.Random(seed)  # of the kills; apart, because how much is done until then varies
        self.chance = random.Random(seed + 1)
        self.rounds = rounds
        self.server = ServerProcess(folder / "data", environ={"TENDESKS_QUOTA": "enforce"})
        self.ledger = Ledger(self.server.data)
        self.body = folder / "body"
        self.trace = folder / "body.trace"
        self.promised: dict[str, int] = {}
        self.unanswered: dict[str, int] = {}  # by name: sent, and cut off
        self.counts: Counter[str] = Counter()
        self.used_before = max(0, QUOTA - TASKS_A_ROUND * rounds)
        self.number = 0

    def prepare(self) -> None:
        """Make the store, and put a diary into it that the server knows nothing of."""
        self.body.write_text(BODY)
        self.server.start()
        assert self.server.stop() == 0
        self.ledger.begin(self.used_before)

    def round(self) -> None:
        """One life of the server: started, loaded, killed, and its rows read."""
        if self.moments.random() < 0.15:
            self.server.launch()
            time.sleep(self.moments.uniform(0.2, 1.2))  # a kill while it starts: there is nothing to wait for
            self.counts["killed while it started"] += 1
            self.server.kill()
        else:
            self.server.start()
            self._load(self.moments.uniform(0.05, 1.2))
        self.counts["kills"] += 1
        self.check()

    def finish(self) -> None:
        """Let all that is left come to its end under a server that is not killed, and stop it as a user would."""
        self.server.start()
        held = self.server.query("SELECT count(*) FROM batches WHERE blocked = 'quota'")
        self.counts["batches that waited for the quota at the end"] = held[0][0]
        self.server.api("PATCH", "/account", json={"tier": "enterprise"})
        for (batch,) in self.server.query("SELECT id FROM batches WHERE state = 'paused'"):
            self.server.api("POST", f"/batches/{batch}/resume")
        for batch, _ in self._large():
            self.server.raw("POST", f"/batches/{batch}/cancel")
        until(lambda: self.server.query(OPEN) == [(0,)], within_s=120, what="the end of every batch")
        assert self.server.api("GET", "/account")["running"] == 0
        assert self.server.stop() == 0
        self.check()
        assert self.ledger.number("SELECT count(*) FROM tasks WHERE state IN ('waiting', 'running')") == 0

    def check(self) -> None:
        """All that must hold while no server runs."""
        assert self.ledger.broken() == {}
        self._check_promises()
        running = self.ledger.number("SELECT count(*) FROM executions WHERE state = 'running'")
        assert running <= SLOTS, f"{running} run, there are {SLOTS} slots"
        used = self.ledger.number("SELECT sum(used) FROM usage")
        assert used == self.used_before + self.ledger.number("SELECT count(*) FROM tasks WHERE counted")
        lines = read_trace(self.trace)
        assert beside_successors(lines) == [], "a body ran beside its successor"
        assert begun_twice(lines) == [], "an execution began twice"
        ended = {line.execution for line in lines if line.what == "end"}
        done = self.ledger.rows(
            "SELECT e.id FROM executions AS e JOIN batches AS b ON b.id = e.batch"
            " WHERE e.state = 'done' AND b.kind = 'command'"
        )
        assert {row[0] for row in done} <= ended, "an end was recorded that never happened"

    def _check_promises(self) -> None:
        there = {
            batch: (name, count)
            for batch, name, count in self.ledger.rows(
                "SELECT b.id, b.name, count(t.id) FROM batches AS b JOIN tasks AS t ON t.batch = b.id"
                " WHERE b.state <> 'arriving' GROUP BY b.id"
            )
        }
        for batch, count in self.promised.items():
            assert there.get(batch, ("", 0))[1] == count, f"batch {batch} of {count} tasks was answered 201"
        for name, count in self.unanswered.items():
            assert [found for called, found in there.values() if called == name] in ([], [count]), name

    def _load(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self.server.kill)
        headers = {"Authorization": f"Bearer {self.server.token}"}
        url = f"{self.server.url}/api/v1"
        timer.start()
        try:
            with httpx2.Client(base_url=url, headers=headers, trust_env=False, timeout=30) as client:
                while True:
                    self._act(client)
        except httpx2.TransportError:
            self.counts["killed under load"] += 1
        finally:
            timer.join()
        assert self.server.process is not None
        self.server.process.wait()

    def _act(self, client: httpx2.Client) -> None:
        if self.chance.random() < 0.05 and not self._large():
            self._upload(client)
        elif self.ledger.number(WAITING) < 3 * SLOTS and self.chance.random() < 0.6:
            self._submit(client)
        else:
            self._control(client)

    def _submit(self, client: httpx2.Client) -> None:
        self.number += 1
        name, count = f"small{self.number}", self.chance.randint(1, 12)
        tasks = [{"input": {"n": self.chance.randint(1, 999)}} for _ in range(count)]
        params = {"argv": ["/bin/sh", str(self.body), "{n}"]}
        body = {"name": name, "kind": "command", "params": params, "tasks": tasks}
        body |= {"attempts": self.chance.choice([1, 2, 3]), "priority": self.chance.choice([1, 2, 4])}
        self._send(name, count, lambda: client.post("/batches", json=body))

    def _upload(self, client: httpx2.Client) -> None:
        """A long list, sent piece by piece: of its tasks at most one runs, for as long as it likes."""
        self.number += 1
        name, count = f"large{self.number}", self.chance.randint(*LINES)

        def lines() -> Iterator[bytes]:
            for start in range(0, count, 100):
                yield b"".join(b"line %d\n" % number for number in range(start, min(start + 100, count)))

        query = {"name": name, "kind": "demo", "params": '{"seconds": 600}', "slots": "1"}
        headers = {"Content-Type": "text/plain"}
        self._send(
            name, count, lambda: client.post("/batches", content=lines(), params=query, headers=headers)
        )

    def _send(self, name: str, count: int, post: Callable[[], httpx2.Response]) -> None:
        self.unanswered[name] = count
        answer = post()
        assert answer.status_code == 201, answer.text
        del self.unanswered[name]
        self.promised[answer.json()["id"]] = count
        assert answer.json()["total"] == count

    def _control(self, client: httpx2.Client) -> None:
        large = self._large()
        if large:
            self._ask(client, f"/batches/{large[0][0]}/cancel")
            return
        found = client.get("/batches", params={"limit": 12}).json()["items"]
        if found:
            batch = self.chance.choice(found)["id"]
            what = self.chance.choice(["pause", "resume", "resume", "retry", "cancel", "resume"])
            self._ask(client, f"/batches/{batch}/{what}")

    def _ask(self, client: httpx2.Client, path: str) -> None:
        answer = client.post(path)
        assert answer.status_code in {200, 409}, answer.text
        self.counts["controls"] += answer.status_code == 200

    def _large(self) -> list[tuple[Any, ...]]:
        return self.ledger.rows(
            "SELECT id, name FROM batches WHERE name LIKE 'large%' AND NOT cancelling"
            " AND state NOT IN ('done', 'cancelled', 'arriving')"
        )
