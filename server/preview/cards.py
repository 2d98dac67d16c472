"""The cards of links: made once a minute for each link that shows a live one, the same neutral picture for all others.

Whoever asks needs no secret, and robots ask often. So an id that is unknown, revoked or over, and one whose owner wants
no live card, are answered alike: with a picture that was made long ago.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import structlog

from server.clock import Clock
from server.errors import TenDesksError
from server.preview.order import Order, Subject
from server.preview.studio import Studio
from server.spectators.standing import LinkShown, LinkState

links_max = 256
"""For so many links the last picture is kept."""
minute_ms = 60_000
answer_ms_max = 8_000
"""Who asks waits so long for a new picture; robots hardly wait longer."""
NIGHT_FROM, NIGHT_TO = 19, 7
"""Hours of the server's clock between which it is night on a card."""
_NEUTRAL = Path(__file__).parent / "neutral.png"
_log = structlog.get_logger("preview")


class Moment(NamedTuple):
    """What is to be painted: the state of an office, already as the link's view sees it, and when that was."""

    state: Any
    now_ms: int


Look: TypeAlias = Callable[[str], Awaitable[LinkShown | None]]
"""What may be told of a link to anybody, by its id; None where there is none."""
Show: TypeAlias = Callable[[LinkShown], Awaitable[Moment | None]]
"""What a link's card is painted from; None where there is nothing to be seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A picture as PNG, and its entity tag."""

    body: bytes
    etag: str


def card_of(body: bytes) -> Card:
    """The picture with its tag."""
    return Card(body=body, etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"')


@cache
def neutral() -> Card:
    """The card that tells nothing. Painted by `make pictures`, and shipped."""
    return card_of(_NEUTRAL.read_bytes())


@dataclass(kw_only=True, slots=True)
class _Kept:
    minute: int
    picture: "asyncio.Future[Card]"
    before: Card

    def last(self) -> Card:
        """The newest picture that is there."""
        there = self.picture.done() and not self.picture.cancelled() and self.picture.exception() is None
        return self.picture.result() if there else self.before


class Cards:
    """Gives the card of a link by its id."""

    def __init__(self, *, studio: Studio, clock: Clock, look: Look, show: Show) -> None:
        self._studio = studio
        self._clock = clock
        self._look = look
        self._show = show
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._ahead: set[asyncio.Task[Card]] = set()

    async def card(self, link: str) -> Card:
        """The card of a link. Never raises for what is wrong with a link or a picture: then it is the neutral one."""
        shown = await self._look(link)
        if shown is None or not shown.card or shown.state is not LinkState.LIVE:
            return neutral()
        kept = self._current(shown)
        self._kept.move_to_end(shown.id)
        return await self._in_time(kept)

    def expect(self, link: str) -> None:
        """Somebody is about to ask for this link's card: begin now, if the process that paints has to be started for it."""
        if self._studio.warm:
            return
        ahead = asyncio.ensure_future(self.card(link))
        self._ahead.add(ahead)
        ahead.add_done_callback(self._ahead.discard)

    @property
    def expecting(self) -> bool:
        """Whether a card is on its way that nobody has asked for yet."""
        return bool(self._ahead)

    def _current(self, shown: LinkShown) -> _Kept:
        """The picture of this minute, begun if there is none; one that is still painted is waited for by all."""
        minute = self._clock.now_ms() // minute_ms
        kept = self._kept.get(shown.id)
        if kept is not None and (kept.minute == minute or not kept.picture.done()):
            return kept
        before = kept.last() if kept is not None else neutral()
        made = asyncio.ensure_future(self._made(shown, before))
        kept = self._kept[shown.id] = _Kept(minute=minute, picture=made, before=before)
        while len(self._kept) > links_max:
            self._kept.popitem(last=False)
        return kept

    async def _in_time(self, kept: _Kept) -> Card:
        """The picture, or that of before where this one takes longer than robots wait."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def late() -> None:
            over.cancel()

        timer = self._clock.call_later(answer_ms_max, late)
        try:
            waited: set[asyncio.Future[Any]] = {kept.picture, over}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            over.cancel()
        return kept.last()

    async def stop(self) -> None:
        """End the process that paints, and every picture that is under way."""
        await self._studio.stop()
        for ahead in self._ahead:
            ahead.cancel()
        for kept in self._kept.values():
            kept.picture.cancel()
        self._kept.clear()

    async def _made(self, shown: LinkShown, before: Card) -> Card:
        """A new picture; where it cannot be made, that of before."""
        try:
            moment = await self._show(shown)
            if moment is None:
                return neutral()
            return card_of(await self._studio.paint(_order(shown, moment)))
        except TenDesksError as error:
            _log.warning("card failed", link=shown.id, why=error.detail)
            return before


def _order(shown: LinkShown, moment: Moment) -> Order:
    zone_ms = zone_at(moment.now_ms)
    hour = (moment.now_ms + zone_ms) // 3_600_000 % 24
    return Order(
        subject=Subject.CARD,
        state=moment.state,
        view=shown.view,
        now_ms=moment.now_ms,
        night=not NIGHT_TO <= hour < NIGHT_FROM,
        zone_ms=zone_ms,
    )


def zone_at(now_ms: int) -> int:
    """How far this machine's clock is ahead of UTC at a moment, in milliseconds."""
    offset = datetime.fromtimestamp(now_ms // 1000, UTC).astimezone().utcoffset()
    return 0 if offset is None else round(offset.total_seconds() * 1000)
