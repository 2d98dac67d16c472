import pytest

from server.cli.exits import MEANINGS, Exit, NoServerError, RefusedError, UsageError, exit_of
from server.errors import ConfigurationError, TenDesksError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (NoServerError("x"), 3),
        (RefusedError("x", problem={}, status=400), 1),
        (ConfigurationError("x"), 1),
    ],
)
def test_every_error_has_its_exit_code(error: TenDesksError, code: int) -> None:
    assert exit_of(error) == code


def test_every_exit_code_is_explained() -> None:
    assert set(MEANINGS) == set(Exit)
    assert {code.value for code in Exit} == {0, 1, 2, 3, 130}


def test_a_refusal_keeps_the_word_of_the_server() -> None:
    assert RefusedError("x", problem={"code": "already_ended"}, status=409).reason == "already_ended"
    assert RefusedError("x", problem={}, status=500).reason == "refused"
