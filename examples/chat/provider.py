#!/usr/bin/env python3
"""A provider to try the kind `chat` with: it speaks OpenAI's protocol, needs no account, and is no model at all.

    python examples/chat/provider.py [--port 8040] [--a-minute 60] [--pause 0.05]

It counts kind and unkind words of the last message and says what it counted, word by word, as a model would. With
`--a-minute` it takes so many requests a minute and refuses what is beyond, with the headers that say so. Needs nothing
but Python 3.11.
"""

import argparse
import json
import math
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD = {"good", "great", "love", "excellent", "comfortable", "well"}
BAD = {"bad", "broke", "broken", "poor", "wrong", "not"}


class Limit:
    """So many requests a minute, filled evenly."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self.left = float(a_minute)
        self.at = time.monotonic()
        self.lock = threading.Lock()

    def take(self) -> tuple[float, dict[str, str]]:
        """Return (the seconds to wait, or 0; the headers that say how things stand)."""
        with self.lock:
            now = time.monotonic()
            self.left = min(self.a_minute, self.left + (now - self.at) * self.a_minute / 60)
            self.at = now
            wait = max(0.0, (1 - self.left) * 60 / self.a_minute)
            if not wait:
                self.left -= 1
            full = (self.a_minute - self.left) * 60 / self.a_minute
            return wait, {
                "x-ratelimit-limit-requests": str(self.a_minute),
                "x-ratelimit-remaining-requests": str(int(self.left)),
                "x-ratelimit-reset-requests": f"{math.ceil(full * 1000)}ms",
            }


def answer(body: dict[str, Any]) -> str:
    words = re.findall(r"[a-z]+", body["messages"][-1]["content"].lower())
    good, bad = sum(word in GOOD for word in words), sum(word in BAD for word in words)
    verdict = "mixed" if good and bad else "good" if good else "bad" if bad else "none"
    if "response_format" in body:
        return json.dumps({"verdict": verdict, "words": len(words)})
    return f"I am no model, but I can count: {len(words)} words, {good} of them kind and {bad} unkind.\nVerdict: {verdict}."


def chunks(body: dict[str, Any], text: str) -> Iterator[dict[str, Any]]:
    pieces = re.findall(r"\s*\S+\s*?(?=\s|$)|\s+", text)
    for piece in pieces:
        yield {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
    yield {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    asked = sum(len(message["content"].split()) for message in body["messages"])
    usage = {"prompt_tokens": asked, "completion_tokens": len(pieces), "total_tokens": asked + len(pieces)}
    yield {"choices": [], "usage": usage}


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    limit: Limit | None = None
    pause = 0.05

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not self.path.endswith("/chat/completions"):
            self.whole(404, {"error": {"message": f"there is nothing at {self.path}"}}, {})
            return
        wait, headers = self.limit.take() if self.limit else (0, {})
        if wait:
            error = {
                "message": "too many requests a minute",
                "type": "requests",
                "code": "rate_limit_exceeded",
            }
            self.whole(429, {"error": error}, {**headers, "retry-after": str(math.ceil(wait))})
            return
        self.stream(body, headers)

    def stream(self, body: dict[str, Any], headers: dict[str, str]) -> None:
        self.begin(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked", **headers})
        for chunk in chunks(body, answer(body)):
            self.event(json.dumps({"object": "chat.completion.chunk", "model": body["model"], **chunk}))
            time.sleep(self.pause)
        self.event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def event(self, data: str) -> None:
        line = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")

    def whole(self, status: int, value: dict[str, Any], headers: dict[str, str]) -> None:
        data = json.dumps(value).encode()
        self.begin(status, {"content-type": "application/json", "content-length": str(len(data)), **headers})
        self.wfile.write(data)

    def begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=8040, help="0 takes a free one")
    parser.add_argument("--a-minute", type=int, help="requests a minute; unlimited unless said")
    parser.add_argument("--pause", type=float, default=0.05, help="seconds between two words")
    options = parser.parse_args()
    Provider.limit = Limit(options.a_minute) if options.a_minute else None
    Provider.pause = options.pause
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Provider)
    print(f"TENDESKS_CHAT_BASE_URL=http://127.0.0.1:{server.server_port}/v1", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
