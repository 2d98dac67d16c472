"""Signatures, held against the specification's own vector and the official library."""

import base64
from datetime import UTC, datetime

import pytest
import standardwebhooks

from server.vault.redaction import redacted
from server.webhooks.signing import PREFIX, SECRET_BYTES, headers_of, new_secret

BODY = (
    b'{"type":"batch.done","timestamp":"2026-11-18T11:06:40.000Z","data":{"id":"abc","name":"L\xc3\xa4nder"}}'
)


def test_the_vector_of_the_specification() -> None:
    """From the specification's text: secret, id, timestamp and payload with the signature they give."""
    found = headers_of(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    )  # fmt: skip
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_official_library_takes_what_we_sign_and_nothing_else() -> None:
    secret, now_s = new_secret(), int(datetime.now(UTC).timestamp())
    headers = headers_of("msg_1", now_s, BODY, [secret])
    verifier = standardwebhooks.Webhook(secret)
    assert verifier.verify(BODY, headers)["data"]["name"] == "Länder"
    for wrong in (
        {**headers, "webhook-id": "msg_2"},
        {**headers, "webhook-timestamp": str(now_s + 1)},
        {**headers, "webhook-timestamp": str(now_s - 3_600)},
    ):
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            verifier.verify(BODY, wrong)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verifier.verify(BODY.replace(b"abc", b"abd"), headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(new_secret()).verify(BODY, headers)


def test_while_a_secret_is_replaced_either_of_them_will_do() -> None:
    new, old, now_s = new_secret(), new_secret(), int(datetime.now(UTC).timestamp())
    headers = headers_of("msg_1", now_s, BODY, [new, old])
    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (new, old):
        standardwebhooks.Webhook(secret).verify(BODY, headers)


def test_secrets_are_random_and_as_long_as_they_should_be() -> None:
    found = {new_secret() for _ in range(100)}
    assert len(found) == 100
    assert all(len(base64.b64decode(secret.removeprefix(PREFIX))) == SECRET_BYTES for secret in found)
    assert new_secret(lambda count: b"\xff" * count) == PREFIX + base64.b64encode(b"\xff" * 32).decode()


def test_a_secret_is_taken_out_of_words_whole() -> None:
    for _ in range(50):
        secret = new_secret()
        assert redacted(f"error: {secret} was wrong") == "error: whsec_… was wrong"
