"""Every error has a document of its own, and none says anything about our insides."""

import orjson
import pytest

from server.errors import InvalidInputError, NotAuthenticatedError, TenDesksError, UnavailableError
from server.routes.problem import all_errors, internal, problem

MEMBERS = {"type", "title", "status", "detail", "code", "request"}


@pytest.mark.parametrize("error", all_errors(), ids=lambda error: str(error.__name__))
def test_every_error_becomes_a_document(error: type[TenDesksError]) -> None:
    response = problem(error("expected this, got that"), "r1")
    document = orjson.loads(response.body)
    assert set(document) == MEMBERS
    assert document["status"] == response.status_code == error.status
    assert 400 <= error.status < 600
    assert (document["detail"], document["request"]) == ("expected this, got that", "r1")
    assert document["type"] == f"/docs#{document['code']}"
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"


def test_codes_tell_errors_apart() -> None:
    codes = [error.code for error in all_errors()]
    assert len(set(codes)) == len(codes)


def test_more_is_told_but_never_instead() -> None:
    document = orjson.loads(
        problem(InvalidInputError("no", line=3, column=9, status=200, code="fine"), "r1").body
    )
    assert (document["line"], document["column"]) == (3, 9)
    assert (document["status"], document["code"]) == (400, "invalid")


def test_headers_say_what_to_do() -> None:
    assert problem(NotAuthenticatedError("no"), "r").headers["www-authenticate"].startswith("Bearer")
    assert problem(UnavailableError("no"), "r").headers["retry-after"] == "2"


def test_an_unforeseen_error_tells_nothing_but_where_to_look() -> None:
    document = orjson.loads(problem(internal(), "r1").body)
    assert (document["status"], document["code"], document["request"]) == (500, "internal", "r1")


def test_no_document_holds_what_looks_like_a_key() -> None:
    error = InvalidInputError("got sk-0123456789abcdef", line=3, column=9, more=["Bearer 0123456789abcdef"])
    document = orjson.loads(problem(error, "r1").body)
    assert (document["detail"], document["more"], document["line"]) == ("got sk-…", ["Bearer …"], 3)
