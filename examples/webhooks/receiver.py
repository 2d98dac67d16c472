"""A receiver of Ten Desks' webhooks that needs nothing but Python: checks the signature, and does each message once.

    WEBHOOK_SECRET=whsec_… python receiver.py 8090
    tendesks webhooks add http://127.0.0.1:8090/    (a local server; a hosted one wants https)

It prints a line for each batch that ended. What it has seen it keeps in memory: put it into your database, in the
transaction of what you do with it.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

TOLERANCE_S = 300
BODY_BYTES_MAX = 64 * 1024


def is_genuine(secret: str, headers, body: bytes, now_s: float) -> bool:
    """Whether one of the signatures is ours, and the message is not an old one that somebody plays again."""
    message, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(now_s - int(timestamp)) > TOLERANCE_S:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), each.encode()) for each in given)


class Receiver(BaseHTTPRequestHandler):
    """Made anew for each connection; what it has seen is everybody's."""

    secret = ""
    seen: ClassVar[set[str]] = set()

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length) if length <= BODY_BYTES_MAX else b""
        if not is_genuine(self.secret, self.headers, body, time.time()):
            self.answer(401)
            return
        self.answer(204)  # first: what is done with it may take longer than the sender waits
        message = self.headers["webhook-id"]
        if message not in self.seen:
            self.seen.add(message)
            self.take(json.loads(body))

    def take(self, message) -> None:
        batch = message["data"]
        if message["type"] == "ping":
            print("a test message", flush=True)
        else:
            print(
                f"{batch['name']}: {message['type']}, {batch['done']} done, {batch['failed']} failed",
                flush=True,
            )

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_args) -> None:
        """The lines above are enough."""


def main() -> None:
    Receiver.secret = os.environ["WEBHOOK_SECRET"]
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8090
    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    print(f"listening at http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
