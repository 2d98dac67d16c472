"""Leases from a Ten Desks server, for runners in Python: asked for, kept alive, and ended. Needs nothing but Python 3.11.

One thread asks for work and waits for it, one tells how far things are, and each task has one of its own.
"""

import json
import os
import random
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

WAIT_S = 50  # how long the server may wait for work before it answers
TELL_EVERY_S = 1
FAREWELL_S = 5
LOG_CHARACTERS_MAX = 60_000


class DroppedError(Exception):
    """Nobody wants this work any more: its lease has passed on, or its end was asked for."""


class FinalError(Exception):
    """The task has failed, and no other attempt would do better."""


class RefusedError(Exception):
    """The server does not take it, however often it is sent."""


class AwayError(Exception):
    """The server does not answer now, or has no room; worth another try after `wait_s`."""

    def __init__(self, said: str, wait_s: float = 0) -> None:
        super().__init__(said)
        self.wait_s = wait_s


class Server:
    """POSTs JSON to the server."""

    def post(
        self, path: str, body: dict[str, Any], timeout_s: float = 30, key: str = ""
    ) -> tuple[Any, float]:
        """Send once; return the answer and the server's own time, in seconds.

        Raises:
            DroppedError, RefusedError, AwayError
        """
        url, token = _address()
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection = kind(parts.netloc, timeout=timeout_s)
        try:
            headers |= {"Idempotency-Key": key} if key else {}
            connection.request("POST", f"{parts.path}/api/v1{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, HTTPException) as error:
            raise AwayError(f"{url} does not answer: {error}") from None
        finally:
            connection.close()
        if answer.status < 300:
            return json.loads(data), parsedate_to_datetime(answer.headers["Date"]).timestamp()
        raise _refusal(path, answer.status, data, answer.headers.get("Retry-After"))

    def insist(
        self, path: str, body: dict[str, Any], timeout_s: float = 30, key: str = ""
    ) -> tuple[Any, float]:
        """Send until there is an answer, more and more rarely while the server is away. Raises as `post`, but for that."""
        wait_s = 0.2
        while True:
            try:
                return self.post(path, body, timeout_s, key)
            except AwayError as error:
                if wait_s > 5:
                    print(error, flush=True)
                time.sleep(max(error.wait_s, wait_s * random.uniform(0.5, 1)))
                wait_s = min(wait_s * 2, 10)


class Desk:
    """One leased task, as its work sees it. Every call raises DroppedError where nobody wants the work any more."""

    def __init__(self, lease: dict[str, Any], length_s: float) -> None:
        self.lease = lease
        self.every_s = length_s / 3
        self.told_at = time.monotonic()
        self.cancelled = self.over = False
        self._lock = threading.Lock()
        self._news: dict[str, Any] = {}
        self._log = ""

    def progress(self, share: float, note: str | None = None) -> None:
        """Say how much is done, 0 to 1, and what is going on."""
        self._say(progress=min(max(share, 0.0), 1.0), **({} if note is None else {"note": note}))

    def log(self, text: str) -> None:
        """Add lines to the task's log."""
        with self._lock:
            self._log = (self._log + text + "\n")[-LOG_CHARACTERS_MAX:]
        self._say()

    def news(self) -> dict[str, Any] | None:
        """Take what is to be told now; None: nothing yet. It is told once, and a lease's length is never waited for."""
        quiet_s = time.monotonic() - self.told_at
        with self._lock:
            if quiet_s < min(TELL_EVERY_S, self.every_s) or not (
                self._news or self._log or quiet_s >= self.every_s
            ):
                return None
            self.told_at = time.monotonic()
            news, self._news = self._news | self._lines(), {}
        return news

    def untold(self, news: dict[str, Any]) -> None:
        """It did not get through: tell it again, but for what is newer."""
        with self._lock:
            self._log = (news.pop("log", "") + self._log)[-LOG_CHARACTERS_MAX:]
            self._news = news | self._news

    def last_words(self) -> dict[str, str]:
        """Take the lines that are not told yet."""
        with self._lock:
            return self._lines()

    def _lines(self) -> dict[str, str]:
        lines, self._log = self._log, ""
        return {"log": lines} if lines else {}

    def _say(self, **news: Any) -> None:
        if self.cancelled or self.over:
            raise DroppedError
        with self._lock:
            self._news |= news


class Runner:
    """Carries out up to `at_once` tasks at a time. `carry_out` is given a task's input and its desk."""

    def __init__(
        self,
        server: Server,
        carry_out: Callable[[dict[str, str], Desk], Any],
        *,
        at_once: int,
        batch: str | None,
    ) -> None:
        self._server = server
        self._carry_out = carry_out
        self._at_once = at_once
        self._batch = {"batch": batch} if batch else {}
        self._held: dict[Desk, threading.Thread] = {}
        self._changed = threading.Condition()
        threading.Thread(target=self._tell, daemon=True).start()

    def ask(self) -> None:
        """Ask for as much work as there is room for, for ever. Raises RefusedError."""
        key = uuid.uuid4().hex
        while True:
            with self._changed:
                self._changed.wait_for(lambda: len(self._held) < self._at_once)
                room = self._at_once - len(self._held)
            order = {"kinds": ["external"], "max": room, "wait": WAIT_S, **self._batch}
            try:
                # Under one key an order whose answer was lost on the way is answered again, and not given twice.
                leases, now = self._server.insist("/leases", order, WAIT_S + 20, key)
                self._take(leases, now)
            except DroppedError:
                pass  # the server that was asked is gone, and has given nothing
            key = uuid.uuid4().hex

    def stop(self) -> None:
        """Give back what is held, at no cost for anyone; what is being reported has a moment to come through."""
        with self._changed:
            held = dict(self._held)
        for desk, thread in held.items():
            if desk.over:
                thread.join(FAREWELL_S)
                continue
            desk.over = True
            try:
                self._server.post(*self._report(desk, "fail", put_back=True), timeout_s=FAREWELL_S)
            except (DroppedError, RefusedError, AwayError) as error:
                print(f"{desk.lease['title']}: not given back {error}", flush=True)

    def _take(self, leases: list[dict[str, Any]], now: float) -> None:
        for lease in leases:
            # By the server's own clock: ours may be wrong.
            desk = Desk(lease, datetime.fromisoformat(lease["expires"]).timestamp() - now)
            thread = threading.Thread(target=self._perform, args=[desk], daemon=True)
            with self._changed:
                self._held[desk] = thread
            thread.start()

    def _perform(self, desk: Desk) -> None:
        try:
            verb, body = self._outcome(desk)
            if desk.over:
                return
            desk.over = True
            print(f"{desk.lease['title']}: {body.get('message', body.get('result'))}", flush=True)
            try:
                self._server.insist(*self._report(desk, verb, **body))
            except RefusedError as error:  # a result that is too large, for example
                self._server.insist(
                    *self._report(desk, "fail", reason="limit", message=str(error), retryable=False)
                )
        except (DroppedError, RefusedError) as error:
            print(f"{desk.lease['title']}: dropped {error}", flush=True)
        finally:
            with self._changed:
                del self._held[desk]
                self._changed.notify()

    def _outcome(self, desk: Desk) -> tuple[str, dict[str, Any]]:
        try:
            result = self._carry_out(desk.lease["input"], desk)
            return "complete", {"result": result, **desk.last_words()}
        except DroppedError:
            return "fail", {"message": "cancelled"}  # where the lease has passed on, this is never sent
        except FinalError as error:
            return "fail", {"message": str(error), "reason": "invalid", "retryable": False}
        except Exception as error:  # noqa: BLE001 - whatever the work may raise
            lines = desk.last_words().get("log", "") + traceback.format_exc()
            return "fail", {"message": f"{type(error).__name__}: {error}", "log": lines[-LOG_CHARACTERS_MAX:]}

    def _report(self, desk: Desk, verb: str, **body: Any) -> tuple[str, dict[str, Any]]:
        return f"/executions/{desk.lease['execution']}/{verb}", {"token": desk.lease["token"], **body}

    def _tell(self) -> None:
        """Keep the leases: tell what is new, and at a third of a lease's length that there is nothing new."""
        while True:
            time.sleep(0.1)
            with self._changed:
                held = [desk for desk in self._held if not desk.over]
            for desk in held:
                news = desk.news()
                if news is not None:
                    self._renew(desk, news)

    def _renew(self, desk: Desk, news: dict[str, Any]) -> None:
        path, body = self._report(desk, "progress", **news)
        try:
            answer, _ = self._server.post(path, body, timeout_s=10)
        except AwayError:
            desk.untold(
                news
            )  # work goes on: a server that comes back gives its leases their whole length anew
        except DroppedError:
            desk.over = True
        except RefusedError as error:
            print(f"{desk.lease['title']}: {error}", flush=True)
        else:
            desk.cancelled = answer["cancelled"]


def _address() -> tuple[str, str]:
    """Return (the server's URL, the token), as the command line finds them: a local server may come back elsewhere."""
    if url := os.environ.get("TENDESKS_URL"):
        base, _, fragment = url.partition("#")
        token = os.environ.get("TENDESKS_TOKEN") or parse_qs(fragment).get("token", [""])[0]
        return base.rstrip("/"), token
    file = Path(os.environ.get("TENDESKS_DATA") or Path.home() / ".tendesks") / "server.json"
    try:
        known = json.loads(file.read_text())
        return known["url"], known["token"]
    except (OSError, ValueError, KeyError):
        raise AwayError(f"no server is running: there is none in {file}") from None


def _refusal(path: str, status: int, data: bytes, retry_after: str | None) -> Exception:
    """What an answer that is no success means for us."""
    try:
        problem = json.loads(data)
        code, said = problem["code"], problem["detail"]
    except (ValueError, KeyError, TypeError):
        code, said = "", f"status {status}"
    if status >= 500 or status in {408, 429} or code == "still_running":
        return AwayError(said, float(retry_after) if retry_after and retry_after.isdecimal() else 0)
    gone = code in {"stale_token", "outcome_unknown"} or (status == 404 and path != "/leases")
    return DroppedError(said) if gone else RefusedError(said)
