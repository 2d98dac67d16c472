import pytest

from server.errors import InvalidInputError
from server.kinds.external import ExternalKind
from server.model import PULLED_KINDS
from tests.kinds.bodies import WORK, Listener


def test_it_takes_no_params() -> None:
    kind = ExternalKind()
    assert kind.check({}, ["line"]) == {}
    with pytest.raises(InvalidInputError, match="expected no params, got url"):
        kind.check({"url": "http://example.com"}, [])


def test_it_is_one_of_those_that_are_pulled_and_tried_three_times() -> None:
    assert ExternalKind.name in PULLED_KINDS
    assert ExternalKind.attempts == 3


async def test_it_is_never_begun_here() -> None:
    with pytest.raises(AssertionError, match="expected e00000000001 to be leased"):
        await ExternalKind().perform(WORK, Listener())
