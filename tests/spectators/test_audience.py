"""Sockets that came by links: counted, no more than may be, and closed at the moment at which their link ends."""

from dataclasses import replace

import pytest

from server.errors import LinkEndedError
from server.model import Link, Shared
from server.spectators.audience import Audience, look_ms_max
from tests.fakes.clock import START_MS, FakeClock

HOUR_MS = 3_600_000
LINK = Link(
    id="one", shared=Shared.OFFICE, resource="off", stretch=None, expires_ms=START_MS + HOUR_MS, edition=1,
    viewers_max=2,
)  # fmt: skip


class Room:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.audience = Audience(self.clock)
        self.closed: list[str] = []

    def enter(self, name: str, link: Link = LINK):
        return self.audience.enter(link, lambda: self.closed.append(name))


@pytest.fixture
async def room() -> Room:
    return Room()


async def test_a_link_has_so_many_places_and_another_link_others(room: Room) -> None:
    first, second = room.enter("a"), room.enter("b")
    assert first
    assert second
    assert room.enter("c") is None
    assert room.enter("d", replace(LINK, id="two")) is not None
    assert (room.audience.count("one"), room.audience.count("two"), room.audience.count("three")) == (2, 1, 0)
    room.audience.leave(first)
    room.audience.leave(first)
    assert room.audience.count("one") == 1
    assert room.enter("c") is not None


async def test_without_a_limit_there_is_room_for_all(room: Room) -> None:
    assert all(room.enter(str(number), replace(LINK, viewers_max=None)) for number in range(100))


async def test_an_expired_link_is_closed_at_its_moment(room: Room) -> None:
    room.enter("a")
    room.enter("b", replace(LINK, id="two", expires_ms=START_MS + 2 * HOUR_MS))
    await room.clock.advance(HOUR_MS - 1)
    assert room.closed == []
    await room.clock.advance(1)
    assert room.closed == ["a"]
    assert room.audience.count("one") == 0
    await room.clock.advance(HOUR_MS)
    assert room.closed == ["a", "b"]
    with pytest.raises(LinkEndedError):
        room.enter("c")


async def test_one_that_ends_sooner_than_those_before_it_is_closed_in_time(room: Room) -> None:
    room.enter("a")
    room.enter("b", replace(LINK, id="two", expires_ms=START_MS + 10))
    await room.clock.advance(10)
    assert room.closed == ["b"]


async def test_a_wall_clock_that_is_set_forward_is_noticed_within_a_minute(room: Room) -> None:
    room.enter("a")
    room.clock.set_wall(START_MS + HOUR_MS)
    await room.clock.advance(look_ms_max)
    assert room.closed == ["a"]


async def test_an_end_closes_all_of_the_link_at_once_and_lets_nobody_in_again(room: Room) -> None:
    seat = room.enter("a")
    room.enter("b", replace(LINK, id="two"))
    room.audience.end("one", below=2, until_ms=START_MS)
    assert room.closed == ["a"]
    assert seat is not None
    room.audience.leave(seat)
    with pytest.raises(LinkEndedError):
        room.enter("c")


async def test_a_rotation_ends_the_former_edition_after_its_grace_and_spares_the_new_one(room: Room) -> None:
    room.enter("former", replace(LINK, viewers_max=None))
    room.audience.end("one", below=1, until_ms=START_MS)
    room.audience.end("one", below=2, until_ms=START_MS + 5_000)
    room.enter("new", replace(LINK, edition=2, viewers_max=None))
    assert room.enter("again", replace(LINK, viewers_max=None)) is not None
    await room.clock.advance(5_000)
    assert sorted(room.closed) == ["again", "former"]
    with pytest.raises(LinkEndedError):
        room.enter("late")
    assert room.audience.count("one") == 1


async def test_a_shorter_grace_than_the_one_before_holds(room: Room) -> None:
    room.enter("a")
    room.audience.end("one", below=2, until_ms=START_MS + 9_000)
    room.audience.end("one", below=2, until_ms=START_MS + 1_000)
    room.audience.end("one", below=2, until_ms=START_MS + 9_000)
    await room.clock.advance(1_000)
    assert room.closed == ["a"]
