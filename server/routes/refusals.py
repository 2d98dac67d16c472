"""Errors that only HTTP knows."""

from server.errors import ConflictError, ForbiddenError, NotFoundError, TenDesksError


class MethodNotAllowedError(TenDesksError):
    """The path is there but not for this method: use one of those in the Allow header."""

    code = "method_not_allowed"
    status = 405
    title = "Not with this method"


class TooSlowError(TenDesksError):
    """Nothing more of the body came for too long: send it again."""

    code = "too_slow"
    status = 408
    title = "The body took too long"


class UnsupportedMediaTypeError(TenDesksError):
    """The body is of a type that nobody here reads: `detail` lists those that are read."""

    code = "unsupported_media_type"
    status = 415
    title = "No such type of body is read here"


class HostRefusedError(ForbiddenError):
    """The Host header names neither this machine nor what TENDESKS_PUBLIC_URL says (DNS rebinding)."""

    code = "host_refused"
    title = "This name is not served here"


class OriginRefusedError(ForbiddenError):
    """A page of another origin, or of none, tried to change something with the session's cookie."""

    code = "origin_refused"
    title = "Not from this page"


class StillRunningError(ConflictError):
    """A request with this Idempotency-Key is under way: wait, then send it again."""

    code = "still_running"
    title = "This request is under way"


class OutcomeUnknownError(ConflictError):
    """The server ended while it worked on this request: look whether it was done before sending it under a new key."""

    code = "outcome_unknown"
    title = "Nobody knows how this request ended"


class HostedOnlyError(ConflictError):
    """A local server has one owner and no accounts: start it with TENDESKS_MODE=hosted."""

    code = "hosted_only"
    title = "Only on a hosted server"


def nothing_at(path: str) -> NotFoundError:
    """What is said of a path that does not exist, or does not exist for whoever asks."""
    return NotFoundError(f"there is nothing at {path[:200]}")
