import orjson
import pytest

from server.errors import LimitExceededError
from server.kinds.http_answer import outcome_of, result_of, too_large
from server.model import Reason


def test_json_comes_through_on_one_line_as_it_is() -> None:
    assert result_of(b'\n{\r\n "a": 1.50 }\n', None, 100) == b'{   "a": 1.50 }'
    assert result_of(b'"x\\ny"', "utf-8", 100) == b'"x\\ny"'


def test_all_else_is_text() -> None:
    assert orjson.loads(result_of(b"a\nb\x00", None, 100)) == {"text": "a\nb"}
    assert orjson.loads(result_of(b"\xe9", "latin-1", 100)) == {"text": "é"}


def test_what_grows_as_json_is_measured_as_json() -> None:
    with pytest.raises(LimitExceededError, match="100 bytes"):
        result_of(b"\x01" * 50, None, 100)
    assert "result_bytes_max" in too_large(5).detail


@pytest.mark.parametrize(
    ("status", "reason"), [(429, Reason.LIMIT), (503, Reason.UNREACHABLE), (599, Reason.UNREACHABLE)]
)
def test_what_may_go_better_later(status: int, reason: Reason) -> None:
    outcome = outcome_of(status, b"a canary", "h", retry_after_ms=5, secrets=["canary"])
    assert (outcome.reason, outcome.retryable, outcome.retry_after_ms) == (reason, True, 5)
    assert (outcome.message or "").endswith(": a …")
    assert (outcome.message or "").startswith(f"h answered {status}")


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 422, 499])
def test_what_will_not(status: int) -> None:
    outcome = outcome_of(status, b"", "h", retry_after_ms=5, secrets=[])
    assert (outcome.reason, outcome.retryable) == (Reason.INVALID, False)
