"""How an execution that asks other servers ended, put as an Outcome. Pure."""

from server.errors import LimitExceededError, TenDesksError, UnavailableError
from server.kinds.withheld import ValuesLostError
from server.kinds.wording import one_line
from server.model import ExecutionState, Outcome, Reason

MESSAGE_CHARACTERS_MAX = 300


def failed(
    reason: Reason,
    message: str,
    *,
    retryable: bool = True,
    retry_after_ms: int | None = None,
    halts: bool = False,
) -> Outcome:
    """A failure with its sentence, made one line. `retry_after_ms`: the least wait before the next attempt."""
    return Outcome(
        state=ExecutionState.FAILED,
        reason=reason,
        message=one_line(message, MESSAGE_CHARACTERS_MAX),
        retryable=retryable,
        retry_after_ms=retry_after_ms,
        halts=halts,
    )


def of_error(error: TenDesksError) -> Outcome:
    """What is unreachable may be there later; what is too large or wrong will be so again."""
    if isinstance(error, ValuesLostError):
        return error.outcome()
    if isinstance(error, UnavailableError):
        return failed(Reason.UNREACHABLE, error.detail)
    if isinstance(error, LimitExceededError):
        return failed(Reason.LIMIT, error.detail, retryable=False)
    return failed(Reason.INVALID, error.detail, retryable=False)
