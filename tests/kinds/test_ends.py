import pytest

from server.errors import (
    ConflictError,
    InvalidInputError,
    LimitExceededError,
    TenDesksError,
    UnavailableError,
)
from server.kinds.ends import MESSAGE_CHARACTERS_MAX, failed, of_error
from server.kinds.withheld import ValuesLostError
from server.model import ExecutionState, Reason


@pytest.mark.parametrize(
    ("error", "reason", "retryable", "halts"),
    [
        (UnavailableError("x"), Reason.UNREACHABLE, True, False),
        (LimitExceededError("x"), Reason.LIMIT, False, False),
        (InvalidInputError("x"), Reason.INVALID, False, False),
        (ConflictError("x"), Reason.INVALID, False, False),
        (ValuesLostError("x"), Reason.INVALID, False, True),
    ],
)
def test_errors_as_ends(error: TenDesksError, reason: Reason, retryable: bool, halts: bool) -> None:
    outcome = of_error(error)
    assert (outcome.state, outcome.reason, outcome.message) == (ExecutionState.FAILED, reason, "x")
    assert (outcome.retryable, outcome.halts) == (retryable, halts)


def test_a_message_is_one_short_line() -> None:
    message = failed(Reason.INVALID, "a\nb\x00" + "c" * 1000).message or ""
    assert message.startswith("a b c")
    assert len(message) == MESSAGE_CHARACTERS_MAX
