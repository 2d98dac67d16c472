#!/usr/bin/env python3
"""An address to try the kind `http` with: it takes an order and answers with its tax, or says why not.

    python examples/http/endpoint.py [--port 8041]

It wants `Authorization: Bearer let-me-in`, refuses an order of nothing with 422, is busy (503) the first time that it
sees an order above 1,000, and remembers by its Idempotency-Key what it has answered. Needs nothing but Python 3.11.
"""

import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote


class Orders(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answered: ClassVar[dict[str, dict[str, Any]]] = {}
    busy: ClassVar[set[str]] = set()

    def do_POST(self) -> None:
        order = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status, value = self.judged(self.headers["idempotency-key"], order)
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if status == 503:
            self.send_header("retry-after", "1")
        self.end_headers()
        self.wfile.write(data)

    def judged(self, key: str, order: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.headers["authorization"] != "Bearer let-me-in":
            return 401, {"error": "expected Authorization: Bearer let-me-in"}
        if key in self.answered:
            return 200, self.answered[key]
        amount = float(order["amount"])
        if amount <= 0:
            return 422, {"error": f"expected an amount above 0, got {amount:g}"}
        if amount > 1000 and key not in self.busy:
            self.busy.add(key)
            return 503, {"error": "large orders take a second try"}
        self.answered[key] = {
            "customer_seen": unquote(self.path.rpartition("/")[2]),
            "tax": round(amount * 0.2, 2),
        }
        return 200, self.answered[key]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=8041, help="0 takes a free one")
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Orders)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
