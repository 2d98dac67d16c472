from typing import Any

import pytest

from server.kinds.chat_provider import provider
from server.kinds.chat_refusal import error_of, is_rate_limit, outcome_of, status_within
from server.model import Reason

PROVIDER = provider("https://api.example.com/v1", "sk-canary-1", whose="platform")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": {"message": "no", "code": "x"}}', "no"),
        (b'{"message": "no"}', "no"),
        (b'{"error": "no"}', "no"),
        (b'[{"error": {"message": "no"}}]', "no"),
        (b"<html>no</html>", "<html>no</html>"),
        (b"", ""),
        (b"\xff", "\ufffd"),
        (b"[]", "[]"),
        (b"null", "None"),
    ],
)
def test_errors_come_in_many_covers(body: bytes, message: str) -> None:
    assert error_of(body)["message"] == message


def test_an_empty_account_is_no_limit() -> None:
    assert is_rate_limit(429, {})
    assert not is_rate_limit(500, {})
    assert not is_rate_limit(429, {"code": "insufficient_quota"})
    assert not is_rate_limit(429, {"type": "insufficient_quota", "code": 3})


@pytest.mark.parametrize(
    ("status", "reason", "retryable", "halts"),
    [
        (400, Reason.INVALID, False, False), (401, Reason.INVALID, False, True), (402, Reason.LIMIT, False, True),
        (403, Reason.INVALID, False, False), (404, Reason.INVALID, False, False), (408, Reason.UNREACHABLE, True, False),
        (413, Reason.INVALID, False, False), (422, Reason.INVALID, False, False), (429, Reason.LIMIT, True, False),
        (500, Reason.UNREACHABLE, True, False), (529, Reason.UNREACHABLE, True, False),
        (204, Reason.INVALID, False, False), (307, Reason.INVALID, False, False),
    ],
)  # fmt: skip
def test_statuses(status: int, reason: Reason, retryable: bool, halts: bool) -> None:
    outcome = outcome_of(status, {"message": "said sk-canary-1"}, PROVIDER)
    assert (outcome.reason, outcome.retryable, outcome.halts) == (reason, retryable, halts)
    assert f"({status})" in (outcome.message or "")
    assert "canary" not in (outcome.message or "")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"code": 503}, 503), ({"code": "429"}, 429), ({"status": 400}, 400), ({"type": "rate_limit_error"}, 429),
        ({"code": "insufficient_quota"}, 429), ({"code": 200}, 500), ({"code": "x"}, 500), ({}, 500), ("x", 500),
        ({"code": None, "type": None}, 500),
    ],
)  # fmt: skip
def test_an_error_within_a_stream_has_a_status(error: Any, status: int) -> None:
    assert status_within(error) == status
