"""What can be wrong, as values that every way out (HTTP, socket, command line) can put into words.

Each error carries a stable `code`, the HTTP `status` that fits it, and a `detail` that says what was
expected and what came. Errors that are ours derive from TenDesksError; all else is a defect.
"""

from typing import Any, ClassVar


class TenDesksError(Exception):
    """The root of all errors that are a user's or an operator's to mend.

    `extra` holds further members of the problem document (RFC 9457), for example `line` and `column`.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class InvalidInputError(TenDesksError):
    """The request or file is not what was asked for: mend it as `detail` says and send it again."""

    code = "invalid"
    status = 400
    title = "The input is not valid"


class NotAuthenticatedError(TenDesksError):
    """No valid token or cookie came: open the printed URL again or pass a token."""

    code = "not_authenticated"
    status = 401
    title = "Not signed in"


class LetterEndedError(NotAuthenticatedError):
    """The one-time link was used, is too old, or never was: ask for a new one."""

    code = "letter_ended"
    title = "This link works no longer"

    def __init__(self, detail: str = "this link was used or is too old; ask for a new one") -> None:
        super().__init__(detail)


class ForbiddenError(TenDesksError):
    """Known, but not allowed to do this."""

    code = "forbidden"
    status = 403
    title = "Not allowed"


class SuspendedError(ForbiddenError):
    """The operator has suspended the account: everything can be looked at, nothing started or changed."""

    code = "suspended"
    title = "This account is suspended"


class TierRequiredError(ForbiddenError):
    """The plan does not have this, or not so much of it: `tier` names the one that does."""

    code = "tier_required"
    title = "Not in this plan"


class NotFoundError(TenDesksError):
    """There is no such thing, or it belongs to another office: both answer alike."""

    code = "not_found"
    status = 404
    title = "Not found"


class LinkEndedError(NotFoundError):
    """The link is not, or no longer, good: ask whoever sent it for a new one. Why is told to nobody who has no account."""

    code = "link_ended"
    title = "This link has ended"

    def __init__(self, detail: str = "this link has ended; ask whoever sent it for a new one") -> None:
        super().__init__(detail)


class ConflictError(TenDesksError):
    """The thing is in a state in which this cannot be done."""

    code = "conflict"
    status = 409
    title = "Not possible in this state"


class AlreadyEndedError(ConflictError):
    """The task or batch had ended before the request came."""

    code = "already_ended"
    title = "It has ended already"


class StaleTokenError(ConflictError):
    """A runner came back with a fencing token that is no longer the newest: drop the work."""

    code = "stale_token"
    title = "The lease has passed on"


class LimitExceededError(TenDesksError):
    """A limit with a name was reached; `detail` names it, its value and what came."""

    code = "limit_exceeded"
    status = 413
    title = "Over a limit"


class TooManyError(TenDesksError):
    """As many at once as there may be, of a limit with a name: some of them have to end first."""

    code = "too_many"
    status = 429
    title = "Too many at once"


class TooManyAttemptsError(TooManyError):
    """Tried too often: come back in `retry` seconds."""

    code = "too_many_attempts"
    title = "Tried too often"


class LastOwnerError(ConflictError):
    """An office has one owner at least: make somebody else one first."""

    code = "last_owner"
    title = "An office needs an owner"


class IdempotencyError(TenDesksError):
    """An Idempotency-Key came again with another body."""

    code = "idempotency_mismatch"
    status = 422
    title = "This key was used for another request"


class KeyRefusedError(TenDesksError):
    """The provider does not accept this key: nothing was stored. Send another one."""

    code = "key_refused"
    status = 422
    title = "The provider refuses this key"


class UnavailableError(TenDesksError):
    """The server cannot do it just now (starting, draining): try again later."""

    code = "unavailable"
    status = 503
    title = "Not available now"


class DiskFullError(UnavailableError):
    """There is no room on the server's disk: nothing was changed, and it goes on by itself once there is."""

    code = "disk_full"
    status = 507
    title = "The disk is full"


class RateLimitedError(TenDesksError):
    """A provider's key has no room for another request for longer than a slot is held: the task goes back and waits."""

    code = "rate_limited"
    status = 429
    title = "The provider's limit is reached"


class ConfigurationError(TenDesksError):
    """A setting is missing or wrong; one line names it. The start stops."""

    code = "configuration"
    title = "A setting is wrong"


class AlreadyServedError(TenDesksError):
    """Another server holds the lock of this data folder."""

    code = "already_served"
    title = "This folder is served already"
