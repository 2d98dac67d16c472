import asyncio
import json

import pytest
import typer

from server.cli.exits import RefusedError, UsageError
from server.cli.reporting import code_of, reporting
from server.cli.screen import Screen
from server.errors import ConfigurationError


def ended(error: BaseException, *, as_json: bool = False) -> int:
    with pytest.raises(typer.Exit) as caught, reporting(Screen(json=as_json)):
        raise error
    return caught.value.exit_code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (ConfigurationError("TENDESKS_PORT: expected a number"), 1),
        (RefusedError("x", problem={}, status=500), 1),
        (KeyboardInterrupt(), 130),
        (asyncio.CancelledError(), 130),
    ],
)
def test_every_end_has_its_code(error: BaseException, code: int) -> None:
    assert ended(error) == code


def test_an_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    ended(RefusedError("no such batch", problem={"code": "not_found"}, status=404), as_json=True)
    out, err = capsys.readouterr()
    assert err == "tendesks: no such batch\n"
    assert json.loads(out) == {"error": {"code": "not_found", "detail": "no such batch"}}


def test_a_defect_is_no_error_of_the_user() -> None:
    with pytest.raises(ZeroDivisionError), reporting(Screen()):
        raise ZeroDivisionError


def test_the_word_for_an_error() -> None:
    assert code_of(UsageError("x")) == "usage"
    assert code_of(RefusedError("x", problem={"code": "stale_token"}, status=409)) == "stale_token"
