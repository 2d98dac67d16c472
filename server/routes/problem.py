"""Errors as `application/problem+json` (RFC 9457): what was expected and what came, and nothing of our insides."""

from collections.abc import Iterator

import orjson
from starlette.responses import Response

from server.errors import NotAuthenticatedError, TenDesksError, TooManyError, UnavailableError
from server.routes.answers import NO_STORE
from server.vault.redaction import redacted, redacted_value

RETRY_AFTER_S = 2


class InternalError(TenDesksError):
    """A defect of ours. The server's log has more, under the request's id."""

    code = "internal"
    status = 500
    title = "Something went wrong here"


def problem(error: TenDesksError, request: str) -> Response:
    """The document of an error; `request` is the request's id, as the log has it. What looks like a key is not in it."""
    document = {
        **redacted_value(error.extra),
        "type": f"/docs#{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": redacted(error.detail),
        "code": error.code,
        "request": request,
    }
    headers = {**NO_STORE, **_headers(error)}
    return Response(
        orjson.dumps(document),
        status_code=error.status,
        headers=headers,
        media_type="application/problem+json",
    )


def internal() -> InternalError:
    """What is said of an exception that nobody foresaw."""
    return InternalError("The server could not do this. Its log says more under this request's id.")


ROOMS = ("server.errors", "server.routes", "server.recording", "server.billing")


def all_errors() -> list[type[TenDesksError]]:
    """Every class of error that HTTP may answer with, by status and code: the vocabulary of the interface.

    The socket and the command line have some of their own, in rooms of their own.
    """
    ours = {error for error in _classes(TenDesksError) if error.__module__.startswith(ROOMS)}
    return sorted(ours, key=lambda error: (error.status, error.code))


def _classes(error: type[TenDesksError]) -> Iterator[type[TenDesksError]]:
    for derived in error.__subclasses__():
        yield derived
        yield from _classes(derived)


def _headers(error: TenDesksError) -> dict[str, str]:
    if isinstance(error, NotAuthenticatedError):
        return {"www-authenticate": 'Bearer realm="Ten Desks"'}
    if isinstance(error, UnavailableError | TooManyError):
        return {"retry-after": str(error.extra.get("retry", RETRY_AFTER_S))}
    if "allow" in error.extra:
        return {"allow": str(error.extra["allow"])}
    return {}
