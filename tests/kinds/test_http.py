import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.types import Send

from server.errors import InvalidInputError, RateLimitedError
from server.kinds.http import BODY_MS, REFUSALS_MAX, HttpKind
from server.kinds.pinned import PinnedBackend
from server.model import ExecutionState, Outcome, Reason, Work
from server.settings import Mode, Settings
from tests.fakes.clock import FakeClock
from tests.fakes.endpoint import Endpoint, Play, answering, reply
from tests.fakes.house import reached
from tests.fakes.listening import refusing
from tests.kinds.bodies import REAL_LIMIT_S, Listener, performed, result_of, work

FAILED = ExecutionState.FAILED
SECRET = "canary-2b6c1d"


@asynccontextmanager
async def posting(folder: Path, **settings: Any) -> AsyncIterator[HttpKind]:
    backend = settings.pop("backend", None)
    kind = HttpKind(Settings(data=folder, **settings), backend)
    try:
        yield kind
    finally:
        await kind.aclose()


def to(kind: HttpKind, url: str, fields: dict[str, Any] | None = None, **params: Any) -> Work:
    given = fields if fields is not None else {"name": "Ada"}
    checked = kind.check({"url": url, **params}, list(given))
    return replace(work(fields=given, kind="http", attempt=2), params=checked)


async def posted_once(folder: Path, play: Play, **settings: Any) -> tuple[Outcome, Endpoint, Listener]:
    listener = Listener()
    async with answering(play) as endpoint, posting(folder, **settings) as kind:
        return await performed(kind, to(kind, f"{endpoint.url}/x"), listener), endpoint, listener


async def test_a_task_from_its_input_to_its_result(tmp_path: Path) -> None:
    async with answering(reply({"score": 3, "tags": ["a"]})) as endpoint, posting(tmp_path) as kind:
        fields = {"name": "Ada & Bob/é", "n": 2}
        url = f"{endpoint.url}/items/{{name}}?q={{name}}&n={{n}}&b={{{{x}}}}"
        the_work = to(kind, url, fields, headers={"Authorization": f"Bearer {SECRET}", "X-Team": "blue"})
        listener = Listener()
        outcome = await performed(kind, the_work, listener)
    assert result_of(outcome) == {"score": 3, "tags": ["a"]}
    (posted,) = endpoint.posted
    encoded = "Ada%20%26%20Bob%2F%C3%A9"
    assert posted.method == "POST"
    assert (
        posted.target.replace("%7B", "{").replace("%7D", "}") == f"/items/{encoded}?q={encoded}&n=2&b={{x}}"
    )
    assert posted.body == fields
    expected = {
        "authorization": f"Bearer {SECRET}",
        "x-team": "blue",
        "content-type": "application/json",
        "idempotency-key": the_work.task,
        "tendesks-task": the_work.task,
        "tendesks-execution": f"{the_work.execution}.1",
        "tendesks-attempt": "2",
        "host": f"127.0.0.1:{endpoint.port}",
        "user-agent": "tendesks",
    }
    assert {name: posted.headers.get(name) for name in expected} == expected
    assert [what for what, _ in listener.told] == ["turn", "note", "learned"]
    assert listener.told[0][1] == (f"http:127.0.0.1:{endpoint.port}", 0)
    assert "answered 200" in listener.text


@pytest.mark.parametrize(
    ("body", "media", "result"),
    [
        (b'{\n  "a": 12345678901234567890123\n}', "application/json", b'{   "a": 12345678901234567890123 }'),
        (b"[1,2]", "text/plain", b"[1,2]"),
        (b"\xef\xbb\xbf7", "application/json", b"7"),
        (b"plain words\n", "text/plain", b'{"text":"plain words"}'),
        (b"", "application/json", b'{"text":""}'),
        (b"{broken", "application/json", b'{"text":"{broken"}'),
        (b"caf\xe9\x00", "text/plain; charset=latin-1", '{"text":"café"}'.encode()),
        (b"caf\xe9", "text/plain; charset=none-such", '{"text":"caf\ufffd"}'.encode()),
    ],
)
async def test_what_is_json_is_the_result_and_all_else_is_text(
    tmp_path: Path, body: bytes, media: str, result: bytes
) -> None:
    outcome, *_ = await posted_once(tmp_path, reply(body, media=media))
    assert (outcome.state, outcome.result) == (ExecutionState.DONE, result)


@pytest.mark.parametrize(
    ("play", "reason", "retryable", "words"),
    [
        (
            reply({"error": "no such row"}, 404),
            Reason.INVALID,
            False,
            '404 Not Found: {"error":"no such row"}',
        ),
        (reply(b"", 400), Reason.INVALID, False, "answered 400 Bad Request"),
        (reply(b"", 499), Reason.INVALID, False, "answered 499"),
        (
            reply(b"", 302, location="http://127.0.0.1:1/"),
            Reason.INVALID,
            False,
            "redirects are not followed",
        ),
        (reply(b"", 408), Reason.UNREACHABLE, True, "408"),
        (reply(b"", 425), Reason.UNREACHABLE, True, "425"),
        (reply(b"broken", 500), Reason.UNREACHABLE, True, "500 Internal Server Error: broken"),
        (reply(b"", 503, retry_after="9"), Reason.UNREACHABLE, True, "503"),
    ],
)
async def test_statuses(tmp_path: Path, play: Play, reason: Reason, retryable: bool, words: str) -> None:
    outcome, endpoint, _ = await posted_once(tmp_path, play)
    assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, reason, retryable)
    assert words in (outcome.message or "")
    assert outcome.retry_after_ms == (9000 if "503" in words else None)
    assert len(endpoint.posted) == 1


async def test_a_limit_is_learned_of_and_waited_for(tmp_path: Path) -> None:
    outcome, endpoint, listener = await posted_once(tmp_path, reply(b"", 429, retry_after="3"))
    assert result_of(outcome) == {"ok": True}
    assert len(endpoint.posted) == 2
    assert [value[1].retry_ms for what, value in listener.told if what == "learned"] == [3000, None]


async def test_one_who_only_refuses_fails_the_attempt_and_a_long_wait_puts_back(tmp_path: Path) -> None:
    async with answering() as endpoint, posting(tmp_path) as kind:
        endpoint.usual = reply(b"slow down", 429, retry_after="30")
        outcome = await performed(kind, to(kind, endpoint.url))
        assert (outcome.reason, outcome.retryable, outcome.retry_after_ms) == (Reason.LIMIT, True, 30_000)
        assert len(endpoint.posted) == REFUSALS_MAX
        with pytest.raises(RateLimitedError):
            await performed(kind, to(kind, endpoint.url), Listener(turns=[0, None]))


async def test_an_answer_that_is_too_large_is_a_limit(tmp_path: Path) -> None:
    packed = gzip.compress(b" " * 50_000_000)
    for play in (reply("x" * 70_000), reply(packed, content_encoding="gzip")):
        outcome, *_ = await posted_once(tmp_path, play)
        assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.LIMIT, False)
        assert "65,536 bytes (result_bytes_max)" in (outcome.message or "")


async def test_an_answer_that_does_not_come_to_its_end_is_left(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def play(send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        begun.set()
        await asyncio.Event().wait()

    clock = FakeClock()
    async with answering(play) as endpoint, posting(tmp_path) as kind:
        task = asyncio.ensure_future(kind.perform(to(kind, endpoint.url), Listener(clock)))
        await begun.wait()
        await reached(lambda: bool(clock._timers))
        await clock.advance(BODY_MS)
        outcome = await asyncio.wait_for(task, REAL_LIMIT_S)
    assert (outcome.reason, outcome.retryable) == (Reason.UNREACHABLE, True)
    assert "took longer than 1 min" in (outcome.message or "")


async def test_a_cut_answer_and_nobody_there_may_be_tried_again(tmp_path: Path) -> None:
    async def cut(send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"x", "more_body": True})

    outcome, *_ = await posted_once(tmp_path, cut)
    assert (outcome.reason, outcome.retryable) == (Reason.UNREACHABLE, True)
    assert "broke off" in (outcome.message or "")
    async with refusing() as port, posting(tmp_path) as kind:
        outcome = await performed(kind, to(kind, f"http://127.0.0.1:{port}/"))
    assert (outcome.reason, outcome.retryable) == (Reason.UNREACHABLE, True)
    assert "could not be reached" in (outcome.message or "")


async def test_values_that_are_gone_halt_the_batch(tmp_path: Path) -> None:
    async with posting(tmp_path) as before, posting(tmp_path) as after:
        the_work = to(before, "http://127.0.0.1:1/", headers={"Authorization": SECRET})
        outcome = await performed(after, the_work)
    assert (outcome.state, outcome.halts) == (FAILED, True)
    assert "authorization" in (outcome.message or "")
    assert "submit these tasks again" in (outcome.message or "")


async def test_the_headers_values_are_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = orjson.dumps({"you sent": f"Bearer {SECRET}"})
    plays = [reply(echo, status) for status in (200, 302, 404, 500, 429)]
    async with answering(*plays) as endpoint, posting(tmp_path) as kind:
        the_work = to(kind, endpoint.url, headers={"Authorization": f"Bearer {SECRET}"})
        listener = Listener()
        outcomes = [await performed(kind, the_work, listener) for _ in plays]
    assert {posted.headers["authorization"] for posted in endpoint.posted} == {f"Bearer {SECRET}"}
    for told in (outcomes[1:], the_work.params, listener.told, listener.text, caplog.text):
        assert SECRET not in str(told)


async def test_a_task_may_make_no_address(tmp_path: Path) -> None:
    async with answering() as endpoint, posting(tmp_path) as kind:
        the_work = to(kind, f"{endpoint.url}/a/{{name}}", {"name": ".."})
        outcome = await performed(kind, the_work)
    assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.INVALID, False)
    assert endpoint.posted == []


@pytest.mark.parametrize("mode", [Mode.LOCAL, Mode.HOSTED])
async def test_hosts_that_cannot_be_are_told(tmp_path: Path, mode: Mode) -> None:
    async with posting(tmp_path, mode=mode) as kind:
        for host in ("☃.invalid", "[v1.x]", "xn--\u0661"):
            outcome = await performed(kind, to(kind, f"http://{host}/"))
            assert (outcome.reason, outcome.retryable) == (Reason.INVALID, False), host
            assert "expected the host of a URL, got" in (outcome.message or "")


async def test_at_home_a_field_may_be_the_whole_address(tmp_path: Path) -> None:
    async with answering() as endpoint, posting(tmp_path) as kind:
        outcome = await performed(kind, to(kind, "{url}", {"url": f"{endpoint.url}/a%20b?c=d"}))
        assert result_of(outcome) == {"ok": True}
        assert endpoint.posted[0].target == "/a%20b?c=d"
        outcome = await performed(kind, to(kind, "{url}", {"url": "file:///etc/passwd"}))
    assert (outcome.reason, outcome.retryable) == (Reason.INVALID, False)


HOSTED = {"mode": Mode.HOSTED}


async def test_a_hosted_server_asks_no_address_of_its_own(tmp_path: Path) -> None:
    async with answering() as endpoint, posting(tmp_path, **HOSTED) as kind:
        for host in ("localhost", "0x7f000001", "0x7f.1"):
            outcome = await performed(kind, to(kind, f"http://{host}:{endpoint.port}/"))
            assert (outcome.state, outcome.reason, outcome.retryable) == (FAILED, Reason.INVALID, False), host
            assert "expected a host on the public internet" in (outcome.message or "")
        for host in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.1", "2130706433"):
            with pytest.raises(InvalidInputError, match="expected a host on the public internet"):
                kind.check({"url": f"http://{host}:{endpoint.port}/"}, [])
    assert endpoint.posted == []


async def test_a_hosted_server_takes_no_host_from_a_field(tmp_path: Path) -> None:
    async with posting(tmp_path, **HOSTED) as kind:
        for url in (
            "{name}",
            "http://{name}/",
            "http://{name}.example.com/",
            "https://api.example.com:{name}/",
        ):
            with pytest.raises(InvalidInputError, match="fields in its path and query alone"):
                kind.check({"url": url}, ["name"])
        assert kind.check({"url": "https://api.example.com/{name}"}, ["name"])


async def test_a_name_that_turns_inward_is_refused_at_each_connection(tmp_path: Path) -> None:
    """A name server may answer otherwise the second time: what was checked is what is connected to."""
    answers = [["127.0.0.1"], ["203.0.113.5", "127.0.0.2"], ["127.0.0.2"]]
    asked: list[tuple[str, int]] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return answers.pop(0)

    def backend() -> PinnedBackend:
        return PinnedBackend(resolve, lambda address: address == "127.0.0.1")

    closes = reply({"ok": True}, connection="close")
    async with answering(closes, closes) as endpoint, posting(tmp_path, **HOSTED, backend=backend) as kind:
        the_work = to(kind, f"http://api.example.com:{endpoint.port}/")
        outcomes = [await performed(kind, the_work) for _ in range(3)]
    assert [outcome.state for outcome in outcomes] == [ExecutionState.DONE, FAILED, FAILED]
    assert asked == [("api.example.com", endpoint.port)] * 3
    assert [posted.headers["host"] for posted in endpoint.posted] == [f"api.example.com:{endpoint.port}"]
    assert "127.0.0" not in str(outcomes[1:]), "which address it has is not told"


async def test_cancelling_hangs_up(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def play(_send: Send) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with answering(play) as endpoint, posting(tmp_path) as kind:
        task = asyncio.ensure_future(kind.perform(to(kind, endpoint.url), Listener()))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(endpoint.hung_up.wait(), REAL_LIMIT_S)
