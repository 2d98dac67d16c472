"""Every error has a code of its own and a status that fits."""

from server.errors import InvalidInputError, TenDesksError


def every_error() -> list[type[TenDesksError]]:
    found, queue = [], [TenDesksError]
    while queue:
        cls = queue.pop()
        if cls.__module__ == TenDesksError.__module__:
            found.append(cls)
        queue.extend(cls.__subclasses__())
    return found


def test_codes_are_unique_and_statuses_are_errors() -> None:
    errors = every_error()
    codes = [error.code for error in errors]
    assert len(set(codes)) == len(codes)
    assert all(400 <= error.status < 600 for error in errors)
    assert all(error.__doc__ for error in errors)


def test_details_and_members_are_kept() -> None:
    error = InvalidInputError("expected a number, got 'x'", line=3, column=7)
    assert (str(error), error.extra) == ("expected a number, got 'x'", {"line": 3, "column": 7})
