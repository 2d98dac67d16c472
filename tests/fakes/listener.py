"""A receiver of webhooks in a thread of its own, for tests that wait for real processes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson


@dataclass
class Listener:
    """`answer` says with which status the message of this number (from 1) is answered; it may take its time."""

    port: int = 0
    answer: Callable[[int], int] = lambda _number: 200
    ids: list[str] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    def take(self, headers: dict[str, str], body: bytes) -> int:
        message = orjson.loads(body)
        with self.lock:
            self.ids.append(headers["webhook-id"])
            self.kinds.append(message["type"])
            self.batches.append(message["data"].get("id", ""))
            number = len(self.ids)
        status = self.answer(number)
        if status == 200:
            with self.lock:
                self.accepted.append(headers["webhook-id"])
        return status


@contextmanager
def listener_beside() -> Iterator[Listener]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = listener.take({name.lower(): value for name, value in self.headers.items()}, body)
            try:
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:
                pass  # whoever asked was killed meanwhile

        def log_message(self, *_args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: object) -> None:
            pass  # the other side was killed

    server = Server(("127.0.0.1", 0), Handler)
    listener.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
