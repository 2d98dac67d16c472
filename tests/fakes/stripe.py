"""A Stripe of our own behind a real socket: as much of its interface as we use, its pages, and its webhooks.

It is a stand-in that keeps state: what is bought on its pages is there when it is asked. `books` are its insides, for a
test to move; `post` is how its events come, or not.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.stripe_books import Books, UnknownError
from tests.fakes.stripe_pages import pay_answer, pay_page, portal_answer, portal_page
from tests.fakes.stripe_post import SECRET, Post

KEY = "sk_test_" + "canary5f1c0d9e"
PRICES = {"price_starter": "starter", "price_pro": "pro"}


class RefusedError(Exception):
    def __init__(self, status: int, kind: str, code: str | None, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.document = {"error": {"type": kind, "code": code, "message": message}}


class FakeStripe:
    """`down`: it answers 503. `changes` False: its operator has not allowed changes of plans in the portal."""

    def __init__(self, now_s: Callable[[], int]) -> None:
        self.port = 0
        self.down = False
        self.changes = True
        self.open = threading.Event()  # cleared: whoever asks waits
        self.open.set()
        self.calls: list[tuple[str, str]] = []
        self.lock = threading.RLock()
        self.post = Post(now_s)
        self.books = Books(now_s, self.post.put)
        self.books.prices.update(PRICES)
        self._once: dict[str, tuple[str, Any]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """What a server needs to sell by it."""
        return {
            "TENDESKS_STRIPE_SECRET_KEY": KEY,
            "TENDESKS_STRIPE_WEBHOOK_SECRET": SECRET,
            "TENDESKS_STRIPE_API_BASE": self.url,
            "TENDESKS_STRIPE_PRICES": ",".join(f"{tier}:{price}" for price, tier in PRICES.items()),
        }

    @property
    def settings(self) -> dict[str, str]:
        """The same as arguments of Settings."""
        return {name.removeprefix("TENDESKS_").lower(): value for name, value in self.environ.items()}

    def tell(self, server_url: str) -> None:
        """Send events to this server from now on."""
        self.post.url = f"{server_url}/api/v1/webhooks/stripe"

    def answer(self, method: str, path: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        """One call of the interface. While it is not `open`, what it is to answer is known, and whoever asks waits."""
        found = self._answer(method, path, params, headers)
        assert self.open.wait(60)
        return found

    def _answer(self, method: str, path: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        with self.lock:
            self.calls.append((method, path))
            if self.down:
                raise RefusedError(503, "api_error", None, "come back later")
            if headers.get("authorization") != f"Bearer {KEY}":
                raise RefusedError(401, "invalid_request_error", None, "Invalid API Key provided")
            key, digest = headers.get("idempotency-key"), json.dumps([path, params], sort_keys=True)
            if key is not None and key in self._once:
                if self._once[key][0] != digest:
                    raise RefusedError(400, "idempotency_error", None, "this key came with other parameters")
                return self._once[key][1]
            try:
                made = self._carry_out(method, path.removeprefix("/v1/").split("/"), params)
            except UnknownError as error:
                raise RefusedError(
                    404, "invalid_request_error", "resource_missing", f"No such {error}"
                ) from None
            if key is not None:
                self._once[key] = (digest, json.loads(json.dumps(made)))
            return made

    def _carry_out(self, method: str, path: list[str], params: Mapping[str, Any]) -> Any:  # noqa: PLR0911 - a table of what there is
        books, expand = self.books, tuple(params.get("expand", {}).values())
        match method, path:
            case "POST", ["customers"]:
                return books.add_customer(params["email"], params["metadata"])
            case "GET", ["customers", name]:
                return books.customer(name, expand)
            case "GET", ["subscriptions"]:
                return self._listed(params)
            case "GET", ["subscriptions", name]:
                return books.subscription(name)
            case "DELETE", ["subscriptions", name]:
                return books.end(name)
            case "POST", ["checkout", "sessions"]:
                return books.add_session(dict(params), self.url)
            case "GET", ["checkout", "sessions", name]:
                return books.session(name)
            case "POST", ["checkout", "sessions", name, "expire"]:
                return books.expire(name)
            case "POST", ["billing_portal", "sessions"]:
                return self._portal(params)
            case _:
                raise RefusedError(404, "invalid_request_error", None, f"Unrecognized request URL {path}")

    def _listed(self, params: Mapping[str, Any]) -> Any:
        live = self.books.live(params.get("customer"))
        names = [each["id"] for each in live]
        start = names.index(params["starting_after"]) + 1 if "starting_after" in params else 0
        limit = int(params.get("limit", 10))
        data = live[start : start + limit]
        return {
            "object": "list",
            "url": "/v1/subscriptions",
            "data": data,
            "has_more": start + limit < len(live),
        }

    def _portal(self, params: Mapping[str, Any]) -> Any:
        name, flow = self.books.new_id("bps"), params.get("flow_data")
        if self.books.customer(params["customer"]).get("deleted"):
            raise UnknownError(params["customer"])
        change = None
        if flow is not None:
            if not self.changes:
                raise RefusedError(
                    400, "invalid_request_error", None, "The portal does not allow this change"
                )
            update = flow["subscription_update_confirm"]
            change = (update["subscription"], update["items"]["0"]["price"])
        self.books.portals[name] = {
            "customer": params["customer"], "return_url": params["return_url"], "change": change,
            "done_url": "" if flow is None else flow["after_completion"]["redirect"]["return_url"],
        }  # fmt: skip
        return {"id": name, "object": "billing_portal.session", "url": f"{self.url}/portal/{name}"}

    def page(self, path: str, do: str | None) -> tuple[str | None, str]:
        """A page, or (None, where to go on)."""
        _, kind, name = path.split("/")
        show, act = {"pay": (pay_page, pay_answer), "portal": (portal_page, portal_answer)}[kind]
        with self.lock:
            if do is None:
                return show(self.books, name), ""
            return None, act(self.books, name, do) or path


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        self._answer({})

    def do_DELETE(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        self._answer(dict(parse_qsl(body.decode(), keep_blank_values=True)))

    def log_message(self, *_args: Any) -> None:
        pass

    def _answer(self, form: dict[str, str]) -> None:
        stripe, parts = self.server.stripe, urlsplit(self.path)
        if not parts.path.startswith("/v1/"):
            self._page(stripe, parts.path, form.get("do") if self.command == "POST" else None)
            return
        params = nested({**dict(parse_qsl(parts.query)), **form})
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            self._send(200, json.dumps(stripe.answer(self.command, parts.path, params, headers)))
        except RefusedError as error:
            self._send(error.status, json.dumps(error.document))

    def _page(self, stripe: FakeStripe, path: str, do: str | None) -> None:
        try:
            page, onward = stripe.page(path, do)
        except (KeyError, ValueError, UnknownError):
            self._send(404, "nothing here", "text/plain")
            return
        if page is None:
            self._send(303, "", "text/html", location=onward)
        else:
            self._send(200, page, "text/html; charset=utf-8")

    def _send(self, status: int, body: str, media: str = "application/json", **headers: str) -> None:
        sent = body.encode()
        self.send_response(status)
        for name, value in {"content-type": media, "content-length": str(len(sent)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stripe: FakeStripe

    def handle_error(self, *_args: Any) -> None:
        """Whoever went away in the middle of an answer is a server that a test has killed."""


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """`a[b][0]=c` as Stripe reads it; lists are objects with numbers for names."""
    found: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.replace("]", "").split("[")
        place = found
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return found


@contextmanager
def stripe(now_s: Callable[[], int] | None = None) -> Iterator[FakeStripe]:
    """One that answers at a loopback port, until the end."""
    fake = FakeStripe(now_s or (lambda: int(time.time())))
    with _Server(("127.0.0.1", 0), _Door) as server:
        server.stripe = fake
        fake.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        fake.post.begin()
        try:
            yield fake
        finally:
            fake.post.stop()
            server.shutdown()
