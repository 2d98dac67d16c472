"""How events of a Stripe of our own come to a webhook: signed by the library's own signer, in a thread, again and again until
200 is answered; or held back, so that a test lets them go doubled, late, in another order, forged, or not at all.
"""

import json
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx2
from stripe import WebhookSignature

SECRET = "whsec_" + "5f1c0d9e" * 4
TRIES = 200
PAUSE_S = 0.1


def signed(event: dict[str, Any], secret: str, at_s: int) -> tuple[bytes, dict[str, str]]:
    """A body as Stripe sends it, and its headers."""
    body = json.dumps(event)
    signature = WebhookSignature._compute_signature(f"{at_s}.{body}", secret)  # type: ignore[no-untyped-call]
    headers = {"content-type": "application/json", "stripe-signature": f"t={at_s},v1={signature}"}
    return body.encode(), headers


class Post:
    """`url`: where events go, once a test says so. While `holding`, they stay in `held`."""

    def __init__(self, now_s: Callable[[], int]) -> None:
        self.url: str | None = None
        self.secret = SECRET
        self.holding = False
        self.held: list[dict[str, Any]] = []
        self.sent: list[tuple[str, int]] = []
        self._now_s = now_s
        self._waiting: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def put(self, event: dict[str, Any]) -> None:
        if self.holding or self.url is None:
            self.held.append(event)
        else:
            self._waiting.put(event)

    def let_go(self, *events: dict[str, Any]) -> None:
        """Send these, in this order; without any, all that is held."""
        chosen = events or tuple(self.held)
        self.held.clear()
        for event in chosen:
            self._waiting.put(event)

    def signed(
        self, event: dict[str, Any], *, late_s: int = 0, secret: str | None = None
    ) -> tuple[bytes, dict[str, str]]:
        return signed(event, secret or self.secret, self._now_s() - late_s)

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._waiting.put(None)
        assert self._thread is not None
        self._thread.join(10)

    def _work(self) -> None:
        with httpx2.Client(trust_env=False, timeout=10) as client:
            while (event := self._waiting.get()) is not None:
                self._send(client, event)

    def _send(self, client: httpx2.Client, event: dict[str, Any]) -> None:
        for _ in range(TRIES):
            body, headers = self.signed(event)
            try:
                assert self.url is not None
                status = client.post(self.url, content=body, headers=headers).status_code
            except httpx2.HTTPError:
                status = 0
            self.sent.append((str(event["type"]), status))
            if status == 200 or (not self._waiting.empty() and self._waiting.queue[0] is None):
                return
            time.sleep(PAUSE_S)  # a real server takes its time to come back
