"""Cards: kept for a minute, made once for all who ask, and neutral whenever something is amiss."""

import asyncio
from dataclasses import replace

import pytest

from server.errors import NotFoundError, UnavailableError
from server.model import Shared, Stretch, View
from server.preview.cards import Card, Cards, Moment, answer_ms_max, card_of, neutral, zone_at
from server.preview.moments import Moments, moment_in
from server.spectators.standing import LinkShown, LinkState
from server.store.recordings import RecordingRow
from tests.fakes.clock import FakeClock
from tests.fakes.studio import FakeStudio

LINK = LinkShown(
    id="link01", office="office1", state=LinkState.LIVE, view=View.BATCHES, shared=Shared.OFFICE, resource="office1",
    stretch=None, origins=(), card=True, name="Office",
)  # fmt: skip


class Place:
    """One link, and what is to be seen by it."""

    def __init__(self, shown: LinkShown | None = LINK) -> None:
        self.shown = shown
        self.moment: Moment | None = Moment({"queue": {"waiting": 1}}, 1_790_000_000_000)
        self.clock, self.studio = FakeClock(), FakeStudio()
        self.cards = Cards(studio=self.studio, clock=self.clock, look=self.look, show=self.show)  # type: ignore[arg-type]

    async def look(self, link: str) -> LinkShown | None:
        return self.shown if self.shown is not None and link == self.shown.id else None

    async def show(self, shown: LinkShown) -> Moment | None:
        return self.moment

    async def card(self) -> Card:
        return await self.cards.card("link01")


def test_the_neutral_card_is_a_picture_of_the_right_size():
    body = neutral().body
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(body[16:20]), int.from_bytes(body[20:24])) == (1200, 630)
    assert len(body) < 300_000
    assert neutral() == card_of(body)


@pytest.mark.parametrize(
    "shown",
    [
        None,
        replace(LINK, card=False),
        replace(LINK, state=LinkState.REVOKED),
        replace(LINK, state=LinkState.EXPIRED),
    ],
)
async def test_all_but_live_cards_are_neutral(shown: LinkShown | None):
    place = Place(shown)
    assert await place.card() is neutral()
    assert place.studio.orders == []


async def test_who_asks_while_it_is_painted_gets_the_same_picture():
    place = Place()
    place.studio.open.clear()
    asking = [asyncio.ensure_future(place.card()) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()  # who goes away takes nothing from the others
    place.studio.open.set()
    pictures = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(pictures[0], asyncio.CancelledError)
    assert len({picture.etag for picture in pictures[1:] if isinstance(picture, Card)}) == 1
    assert len(place.studio.orders) == 1


async def test_who_asks_waits_no_longer_than_robots_do():
    place = Place()
    place.studio.open.clear()
    asking = asyncio.ensure_future(place.card())
    await asyncio.sleep(0)
    await place.clock.advance(answer_ms_max)
    assert await asking is neutral()
    await place.clock.advance(60_000)
    again = asyncio.ensure_future(place.card())
    await asyncio.sleep(0)
    place.studio.open.set()
    assert await again != neutral()
    assert len(place.studio.orders) == 1


async def test_a_link_that_ends_is_neutral_at_once():
    place = Place()
    assert await place.card() != neutral()
    place.shown = replace(LINK, state=LinkState.REVOKED)
    assert await place.card() is neutral()


async def test_a_picture_that_fails_is_that_of_before():
    place = Place()
    place.studio.error = UnavailableError("no")
    assert await place.card() is neutral()
    place.studio.error = None
    await place.clock.advance(60_000)
    good = await place.card()
    assert good != neutral()
    place.studio.error = UnavailableError("no")
    await place.clock.advance(60_000)
    assert await place.card() == good
    assert len(place.studio.orders) == 3


async def test_where_nothing_is_to_be_seen_the_card_is_neutral():
    place = Place()
    place.moment = None
    assert await place.card() is neutral()


async def test_so_many_links_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("server.preview.cards.links_max", 2)
    place = Place()
    for name in ("a", "b", "c", "a"):
        place.shown = replace(LINK, id=name)
        await place.cards.card(name)
    assert len(place.studio.orders) == 4


async def test_stopping_ends_the_studio():
    place = Place()
    await place.card()
    await place.cards.stop()
    assert place.studio.stopped


def test_the_zone_is_this_machines():
    assert zone_at(1_790_000_000_000) % 900_000 == 0


class Now:
    now = 7
    state = {"queue": {}}  # noqa: RUF012


async def test_a_moment_of_an_office_is_its_keyframe_in_the_links_view():
    asked: list[tuple[str, View]] = []

    async def keyframe(office: str, view: View) -> Now:
        asked.append((office, view))
        return Now()

    moments = Moments(None, keyframe)  # type: ignore[arg-type]
    assert await moments.of(LINK) == Moment(Now.state, 7)
    assert asked == [("office1", View.BATCHES)]
    assert await moments.of(replace(LINK, shared=Shared.BATCH)) is None


async def test_a_recording_that_is_gone_shows_nothing(monkeypatch: pytest.MonkeyPatch):
    async def gone(shown: LinkShown) -> Moment | None:
        raise NotFoundError("recording: there is none")

    moments = Moments(None, None)  # type: ignore[arg-type]
    monkeypatch.setattr(moments, "_recorded", gone)
    assert await moments.of(replace(LINK, shared=Shared.RECORDING)) is None


def test_the_moment_of_a_recording_lies_in_the_links_stretch():
    row = RecordingRow(
        id="rec01",
        office="office1",
        hz=10,
        started_ms=1000,
        last_ms=11_000,
        ended_ms=None,
        segments=1,
        frames=1,
        bytes=1,
    )
    assert moment_in(row, LINK) == 5000
    assert moment_in(row, replace(LINK, stretch=Stretch(from_ms=9000, to_ms=10_000))) == 9400
    assert moment_in(row, replace(LINK, stretch=Stretch(from_ms=9000, to_ms=None))) == 9800
    assert moment_in(row, replace(LINK, stretch=Stretch(from_ms=20_000, to_ms=30_000))) == 20_000
