"""HTTP as the commands speak it: one server, problems as sentences, and requests that outlive a lost connection."""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx2
import orjson

from server.cli.address import Address
from server.cli.exits import NoServerError, RefusedError
from server.clock import Clock
from server.errors import UnavailableError

ROOT = "/api/v1"
PAGE = 200
FIRST_WAIT_MS = 100
WAIT_MS_MAX = 2_000
TIMEOUT = httpx2.Timeout(connect=5, read=120, write=120, pool=5)

PASSING = frozenset({UnavailableError.code, "still_running"})
"""What the server says when it is only a matter of time: it starts or stops, or works on this very request."""

Body = Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """One request. `body` is a callable because a request that is sent again needs its bytes again."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Body | bytes | None = None

    @property
    def content(self) -> AsyncIterator[bytes] | bytes | None:
        """The bytes to send this time."""
        return self.body() if callable(self.body) else self.body


class Api:
    """One server's HTTP interface.

    A connection that is refused or lost is tried again for `patience_ms`, every time after looking up the address
    anew (a restarted local server has another port). Only the very first connection must stand at once. Every POST
    carries an Idempotency-Key, the same each time it is sent, so that nothing happens twice.
    """

    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        patience_ms: int = 3_000,
        relocate: Callable[[], Address | None] = lambda: None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.address = address
        self.patience_ms = patience_ms
        self._clock = clock
        self._relocate = relocate
        self._answered = False
        self._client = httpx2.AsyncClient(
            timeout=TIMEOUT,
            transport=transport,
            verify=address.certified,
            trust_env=not address.loopback,
            follow_redirects=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    def look_again(self) -> None:
        """Take the address as it is now: a local server that started anew may have another port."""
        self.address = self._relocate() or self.address

    async def get(self, path: str, **query: object) -> Any:
        """GET JSON.

        Raises:
            NoServerError: nobody answered in time.
            RefusedError: the server said no, with its sentence.
        """
        return await self._json(Ask(method="GET", path=path, query=_texts(query), headers={}))

    async def once(self, path: str) -> Any:
        """GET JSON without patience, for those who ask again and again.

        Raises:
            NoServerError: nobody answered, or not just now.
            RefusedError: the server said no, with its sentence.
        """
        ask = Ask(method="GET", path=path, query={}, headers={})
        answer = await self._once(ask)
        if isinstance(answer, httpx2.Response):
            return await self._read(answer)
        self.look_again()
        raise NoServerError(answer.detail) from answer

    async def post(self, path: str, value: Any = None) -> Any:
        """POST a JSON value (None: no body) and return the answer's JSON (None: no content). Errors as `get`."""
        body = None if value is None else orjson.dumps(value)
        return await self.upload(path, body, "application/json" if body else None, {})

    async def put(self, path: str, value: Any) -> Any:
        """PUT a JSON value and return the answer's JSON; done twice it does no harm. Errors as `get`."""
        headers = {"Content-Type": "application/json"}
        ask = Ask(method="PUT", path=path, query={}, headers=headers, body=orjson.dumps(value))
        return await self._json(ask)

    async def delete(self, path: str) -> Any:
        """DELETE, and return the answer's JSON (None: no content); done twice it does no harm. Errors as `get`."""
        return await self._json(Ask(method="DELETE", path=path, query={}, headers={}))

    async def patch(self, path: str, value: Any) -> Any:
        """PATCH with a JSON value and return the answer's JSON. Errors as `get`."""
        headers = {"Content-Type": "application/json"}
        return await self._json(
            Ask(method="PATCH", path=path, query={}, headers=headers, body=orjson.dumps(value))
        )

    async def upload(
        self, path: str, body: Body | bytes | None, media: str | None, query: Mapping[str, object]
    ) -> Any:
        """POST a body as a stream and return the answer's JSON. Errors as `get`."""
        headers = {"Idempotency-Key": secrets.token_hex(16)} | ({"Content-Type": media} if media else {})
        return await self._json(
            Ask(method="POST", path=path, query=_texts(query), headers=headers, body=body)
        )

    async def pages(self, path: str, **query: object) -> AsyncIterator[dict[str, Any]]:
        """All items of a list, a page at a time."""
        cursor: str | None = None
        while True:
            page = await self.get(path, limit=PAGE, cursor=cursor, **query)
            for item in page["items"]:
                yield item
            cursor = page.get("next")
            if cursor is None:
                return

    @asynccontextmanager
    async def download(self, path: str, **query: object) -> AsyncIterator[AsyncIterator[bytes]]:
        """GET a stream of bytes. A connection lost on the way raises NoServerError: begin anew."""
        response = await self._send(Ask(method="GET", path=path, query=_texts(query), headers={}))
        try:
            yield _guarded(response, self.address)
        finally:
            await response.aclose()

    async def _json(self, ask: Ask) -> Any:
        return await self._read(await self._send(ask))

    async def _read(self, response: httpx2.Response) -> Any:
        try:
            content = await response.aread()
        except httpx2.TransportError as error:
            raise NoServerError(f"{self.address.url} broke off its answer") from error
        return orjson.loads(content) if content else None

    async def _send(self, ask: Ask) -> httpx2.Response:
        """Send until there is an answer or patience is over; the answer is a success, else an error is raised."""
        give_up_ms = self._clock.monotonic_ms() + self.patience_ms
        wait_ms = FIRST_WAIT_MS
        while True:
            problem = await self._once(ask)
            if isinstance(problem, httpx2.Response):
                return problem
            if self._clock.monotonic_ms() + wait_ms > give_up_ms:
                raise problem
            await self._clock.sleep(wait_ms)
            wait_ms = min(wait_ms * 2, WAIT_MS_MAX)
            self.look_again()

    async def _once(self, ask: Ask) -> httpx2.Response | NoServerError | RefusedError:
        """Send once: an answer, or an error worth another try; every other error is raised."""
        address = self.address
        token = {"Authorization": f"Bearer {address.token}"} if address.token else {}
        request = self._client.build_request(
            ask.method,
            f"{address.url}{ROOT}{ask.path}",
            params=dict(ask.query),
            headers={**token, **ask.headers},
            content=ask.content,
        )
        try:
            response = await self._client.send(request, stream=True)
        except httpx2.TransportError as error:
            lost = NoServerError(f"no server answers at {address.url}")
            if not self._answered:
                raise lost from error
            return lost
        self._answered = True
        if response.is_success:
            return response
        return await self._refusal(response)

    async def _refusal(self, response: httpx2.Response) -> RefusedError:
        """Read what the server has against it; returned when it may pass by itself, raised when not."""
        await response.aread()
        refused = refusal(response)
        if refused.reason in PASSING or self._moved(response):
            return refused
        raise refused

    def _moved(self, response: httpx2.Response) -> bool:
        """Whether a new server with another token has taken the old one's place."""
        if response.status_code != httpx2.codes.UNAUTHORIZED:
            return False
        found = self._relocate()
        return found is not None and found.token != self.address.token


def refusal(response: httpx2.Response) -> RefusedError:
    """Turn an answer that is no success into an error with the server's own sentence."""
    try:
        problem = orjson.loads(response.content)
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    sentence = problem.get("detail") or problem.get("title")
    if not sentence:
        sentence = f"expected an answer of Ten Desks, got {response.status_code} from {response.url.host}"
    return RefusedError(str(sentence), problem=problem, status=response.status_code)


async def _guarded(response: httpx2.Response, address: Address) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.aiter_bytes():
            yield chunk
    except httpx2.TransportError as error:
        raise NoServerError(f"{address.url} broke off its answer") from error


def _texts(query: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items() if value is not None}
