"""Tries over HTTP and over the socket are counted as one."""

import pytest
from starlette.datastructures import Address

from server.errors import InvalidInputError, LinkEndedError, TooManyError
from server.gateway.admission import Admission, limits_of
from server.gateway.guesses import Guesses
from server.routes.problem import problem
from server.settings import Mode, Settings
from tests.fakes.clock import FakeClock

THERE, HERE = Address("1.2.3.4", 1), Address("127.0.0.1", 1)


class Door:
    def __init__(self, mode: Mode = Mode.LOCAL) -> None:
        self.clock = FakeClock()
        self.admission = Admission(limits_of(Settings(failed_hellos_per_minute_max=2)))
        self.guesses = Guesses(self.admission, self.clock, mode)

    def guess(self, error: Exception | None, client: Address | None = THERE) -> None:
        with self.guesses.guarded(client):
            if error is not None:
                raise error


def test_failures_are_counted_and_good_ones_are_not() -> None:
    door = Door()
    for _ in range(9):
        door.guess(None)
    for _ in range(2):
        with pytest.raises(LinkEndedError):
            door.guess(LinkEndedError())
    with pytest.raises(TooManyError, match="failed_hellos_per_minute_max: expected at most 2") as refused:
        door.guess(None)
    assert problem(refused.value, "r").headers["retry-after"] == "30"
    door.guess(None, Address("1.2.3.5", 1))
    with pytest.raises(InvalidInputError):
        door.guess(InvalidInputError("no"), Address("1.2.3.5", 1))


async def test_they_come_back_with_time() -> None:
    door = Door()
    for _ in range(2):
        with pytest.raises(LinkEndedError):
            door.guess(LinkEndedError())
    await door.clock.advance(30_000)
    door.guess(None)


def test_a_socket_that_failed_counts_here_and_the_other_way_round() -> None:
    door = Door()
    stay = door.admission.stay("1.2.3.4")
    stay.begin(0)
    stay.failed(door.clock.monotonic_ms())
    with pytest.raises(LinkEndedError):
        door.guess(LinkEndedError())
    assert stay.hello(door.clock.monotonic_ms()) is not None
    with pytest.raises(TooManyError):
        door.guess(None)


def test_the_owner_of_a_house_of_their_own_is_not_counted() -> None:
    for mode, error in ((Mode.LOCAL, LinkEndedError), (Mode.HOSTED, TooManyError)):
        door = Door(mode)
        for _ in range(2):
            with pytest.raises(LinkEndedError):
                door.guess(LinkEndedError(), HERE)
        with pytest.raises(error):
            door.guess(LinkEndedError(), HERE)
