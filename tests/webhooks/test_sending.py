"""One attempt, against receivers as they should not be: real sockets, time of our own where it matters."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.clock import SystemClock
from server.kinds.pinned import PinnedBackend
from server.settings import Settings
from server.webhooks import sending
from server.webhooks.answer import Answer
from server.webhooks.sending import INSIDE, Sender
from tests.fakes.listening import refusing
from tests.fakes.receiver import (
    Receiver,
    babbles,
    drips,
    drips_its_body,
    hangs_up,
    never_ends,
    receiving,
    says_nothing,
    status,
)

SHORT_MS = 300
HEADERS = {"webhook-id": "msg_1"}


@asynccontextmanager
async def sender(*, answer_ms: int = 15_000, **settings: str) -> AsyncIterator[Sender]:
    found = Sender(Settings(**settings), SystemClock(), answer_ms=answer_ms)
    try:
        yield found
    finally:
        await found.aclose()


async def sent(receiver: Receiver, answer_ms: int = 15_000) -> Answer:
    async with sender(answer_ms=answer_ms) as one:
        return await one.send(receiver.url, HEADERS, b'{"type":"ping"}')


async def test_it_goes_out_as_it_is_and_an_answer_of_200_has_arrived() -> None:
    async with receiving() as receiver:
        answer = await sent(receiver)
    assert (answer.delivered, answer.status) == (True, 200)
    (message,) = receiver.messages
    assert (message.target, message.body) == ("/hooks?of=ada", b'{"type":"ping"}')
    assert message.headers["content-type"] == "application/json"
    assert message.headers["user-agent"] == "tendesks"
    assert message.headers["webhook-id"] == "msg_1"
    assert "cookie" not in message.headers


@pytest.mark.parametrize("play", [says_nothing, drips])
async def test_who_does_not_answer_in_time_is_given_up(play: object) -> None:
    async with receiving(play) as receiver:  # type: ignore[arg-type]
        answer = await sent(receiver, SHORT_MS)
    assert (answer.status, answer.reason) == (None, "It did not answer within 300 ms")


@pytest.mark.parametrize("play", [never_ends, drips_its_body])
async def test_a_body_without_an_end_is_left_unread_and_the_status_counts(
    play: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "REST_MS", 100)
    async with receiving(play) as receiver:  # type: ignore[arg-type]
        async with asyncio.timeout(30):
            answer = await sent(receiver)
    assert (answer.delivered, answer.status) == (True, 200)


async def test_who_hangs_up_or_speaks_no_http_is_told_in_words() -> None:
    async with receiving(hangs_up, babbles) as receiver:
        for _ in range(2):
            answer = await sent(receiver)
            assert answer.status is None
            assert answer.reason is not None
            assert answer.reason.startswith(f"The connection to 127.0.0.1:{receiver.port} broke off")


async def test_nobody_there() -> None:
    async with refusing() as port, sender() as one:
        answer = await one.send(f"http://127.0.0.1:{port}/secret?token=abc", HEADERS, b"{}")
    assert answer.reason is not None
    assert answer.reason.startswith(f"127.0.0.1:{port} could not be reached")
    assert "secret" not in answer.reason
    assert "abc" not in answer.reason


async def test_a_redirect_is_not_followed_wherever_it_leads() -> None:
    async with (
        receiving() as inside,
        receiving(status(307, location=inside.url), status(301, location="/")) as receiver,
    ):
        for code in (307, 301):
            answer = await sent(receiver)
            assert (answer.status, answer.reason) == (code, f"It answered {code}; redirects are not followed")
    assert inside.messages == []
    assert len(receiver.messages) == 2


async def test_a_certificate_that_nobody_vouches_for_is_not_accepted(tmp_path: Path) -> None:
    async with receiving(tls=self_signed(tmp_path)) as receiver:
        answer = await sent(receiver)
    assert (answer.status, answer.reason) == (None, "Its certificate was not accepted")
    assert receiver.messages == []


async def test_a_hosted_server_reaches_nothing_inside() -> None:
    async with receiving() as receiver, sender(mode="hosted") as one:
        for host in ("127.0.0.1", "localhost"):
            url = f"http://{host}:{receiver.port}/"
            assert (await one.send(url, HEADERS, b"{}")).reason == INSIDE
    assert receiver.messages == []


async def test_a_name_is_resolved_once_and_that_very_address_is_asked() -> None:
    """A name server that answers otherwise the second time is not asked a second time."""
    asked = []

    async def found(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    backend = PinnedBackend(found, lambda address: address == "127.0.0.1")
    one = Sender(Settings(mode="hosted"), SystemClock(), lambda: backend)
    async with receiving() as receiver:
        assert (await one.send(f"http://hooks.example:{receiver.port}/", HEADERS, b"{}")).delivered
        assert receiver.messages[0].headers["host"] == f"hooks.example:{receiver.port}"
    assert asked == ["hooks.example"]
    await one.aclose()


async def test_connections_are_used_again() -> None:
    async with receiving() as receiver, sender() as one:
        for _ in range(3):
            assert (await one.send(receiver.url, HEADERS, b"{}")).delivered
    assert len(receiver.messages) == 3


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
