"""Whatever becomes of viewers, each inflates what it is given, and holds what the stream shows."""

import random
from dataclasses import replace
from typing import Any

import orjson
import pytest
from json_merge_patch import merge

from server.gateway.deflate import Context, Following, context_ms_least, window_bits
from server.gateway.framing import DEFLATED_TEXT, TEXT, framed
from server.gateway.protocol import Level
from server.gateway.session import Enter
from server.gateway.viewer import Viewer
from server.model import Role, View
from server.ticker.messages import Held
from tests.fakes.house import OWNER, House
from tests.fakes.line import FakeLine, InflatingLine
from tests.fakes.offices import batch, ended, noted, started

OUTBOX_BYTES_MAX = 600
STEPS = 300


class Page:
    """A viewer, its line, and what a page would make of what comes."""

    def __init__(self, house: House, view: View, *, deflates: bool, held: "Page | None" = None) -> None:
        self.house = house
        self.view = view
        self.line = InflatingLine() if deflates else FakeLine(wide=True)
        self.viewer = Viewer(
            clock=house.clock, line=self.line, counters=house.hub.counters, outbox_bytes_max=OUTBOX_BYTES_MAX
        )
        self.state: Any = None if held is None else held.state
        self.seq = -1 if held is None else held.seq
        self.epoch = -1 if held is None else held.epoch
        self.visible = True
        assert house.hub.admit(self.viewer)
        known = None if held is None else Held(epoch=self.epoch, view=view, seq=self.seq)
        enter = Enter(identity=replace(OWNER), office="office1", role=Role.OWNER, view=view, held=known)
        house.hub.enter(self.viewer, house.ticker.join("office1", view), enter)

    def read(self) -> None:
        for message in self.line.read():
            self._apply(orjson.loads(message))

    def leave(self) -> None:
        self.house.hub.leave(self.viewer)
        self.house.ticker.leave("office1", self.view)

    def show(self, *, visible: bool) -> None:
        self.visible = visible
        self.viewer.show(Level.FULL if visible else Level.HIDDEN)

    def _apply(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "hello":
            self.epoch = message["epoch"]
        elif kind == "keyframe":
            self.state, self.seq = message["state"], message["seq"]
        elif kind == "resumed":
            assert message["from"] == self.seq
        elif kind == "diff":
            assert message["seq"] == self.seq + 1
            self.state, self.seq = merge(self.state, message["patch"]), message["seq"]


class History:
    """What happens to an office and to those who look at it, by chance."""

    def __init__(self, seed: int, house: House) -> None:
        self.house = house
        self.chance = random.Random(seed)
        self.pages: list[Page] = []
        self.away: list[Page] = []
        self.number = 0
        self.inflated = self.plain = 0

    async def step(self) -> None:
        await self.chance.choices(
            [self.happen, self.come, self.come_back, self.go, self.block, self.unblock, self.hide, self.see,
             self.wait, self.renew],
            [30, 3, 3, 2, 3, 5, 2, 3, 4, 0.5],
        )[0]()  # fmt: skip

    async def happen(self) -> None:
        clock, self.number = self.house.clock, self.number + 1
        note = "".join(self.chance.choices("abcdefg ", k=self.chance.choice([3, 30, 100])))
        made = self.chance.randrange(4)
        if made == 0:
            fact: Any = started(self.number % 5, clock.now_ms(), title=note)
        elif made == 1:
            fact = ended((self.number + 2) % 5, clock.now_ms())
        elif made == 2:
            fact = noted(self.number % 5, clock.now_ms(), note)
        else:
            fact = batch(note, done=self.number)
        self.house.offices.happen("office1", fact)
        await clock.advance(100)

    async def come(self) -> None:
        await self.house.ticker.awake("office1")
        view = self.chance.choice([View.FULL, View.FULL, View.BATCHES])
        self.pages.append(Page(self.house, view, deflates=self.chance.random() < 0.8))

    async def come_back(self) -> None:
        if self.away:
            await self.house.ticker.awake("office1")
            old = self.away.pop()
            self.pages.append(Page(self.house, old.view, deflates=old.line.deflates, held=old))

    async def go(self) -> None:
        if len(self.pages) > 1:
            page = self.pages.pop(self.chance.randrange(len(self.pages)))
            page.read()
            page.leave()
            if page.seq >= 0:
                self.away.append(page)
            self.weigh(page)

    async def block(self) -> None:
        self.chance.choice(self.pages).line.wide = False

    async def unblock(self) -> None:
        page = self.chance.choice(self.pages)
        page.line.wide = self.chance.random() < 0.7
        page.read()

    async def hide(self) -> None:
        self.chance.choice(self.pages).show(visible=False)

    async def see(self) -> None:
        self.chance.choice(self.pages).show(visible=True)

    async def wait(self) -> None:
        await self.house.clock.advance(self.chance.choice([1_000, 3_000, context_ms_least // 2]))

    async def renew(self) -> None:
        self.house.clock.set_wall(self.house.clock.now_ms() + 60_000)
        await self.house.clock.advance(3_000)

    def weigh(self, page: Page) -> None:
        if isinstance(page.line, InflatingLine):
            self.inflated += page.line.inflated
            self.plain += page.line.plain


@pytest.mark.parametrize("seed", range(30))
async def test_whoever_comes_lags_hides_or_resumes_holds_what_the_stream_shows(
    quiet: House, seed: int
) -> None:
    history = History(seed, quiet)
    await history.come()
    for _ in range(STEPS):
        await history.step()
        for page in history.pages:
            if page.line.wide and page.visible:
                page.read()
                if page.viewer.end is None:
                    truth = await quiet.ticker.keyframe("office1", page.view)
                    assert (page.epoch, page.seq) == (truth.epoch, truth.seq)
                    assert page.state == truth.state
    for page in history.pages:
        page.line.wide = True
        page.show(visible=True)
        page.read()
        history.weigh(page)
        truth = await quiet.ticker.keyframe("office1", page.view)
        assert page.viewer.end is not None or page.state == truth.state
    assert history.inflated > STEPS // 10
    assert history.plain > 10


class One:
    """A viewer as a following sees it."""

    def __init__(self, *, deflates: bool = True) -> None:
        self.deflates = deflates
        self.clear = True

    def flows(self, _seq: int) -> bool:
        return self.clear


DIFF = b'{"type":"diff","seq":1,"tick":1,"patch":{}}'


def test_who_is_alone_is_in_step_from_the_first_diff_on() -> None:
    following, one = Following[One](), One()
    following.add(one)
    message = following.deflate(DIFF, 1, 0)
    assert message is not None
    assert message[0] == DEFLATED_TEXT[0]
    assert ([*following.in_step], [*following.apart], len(following)) == ([one], [], 1)


def test_who_comes_later_waits_for_the_next_context_and_the_others_go_on_with_it() -> None:
    following, first, second = Following[One](), One(), One()
    following.add(first)
    following.deflate(DIFF, 1, 0)
    following.add(second)
    near = following.deflate(DIFF, 2, context_ms_least - 1)
    assert near is not None
    assert ([*following.in_step], [*following.apart]) == ([first], [second])
    anew = following.deflate(DIFF, 3, context_ms_least)
    assert ([*following.in_step], [*following.apart]) == ([first, second], [])
    assert anew == Context(0).deflated(DIFF)
    assert len(near) < len(anew)


def test_a_context_goes_on_for_as_long_as_nobody_waits() -> None:
    following = Following[One]()
    following.add(One())
    following.deflate(DIFF, 1, 0)
    later = following.deflate(DIFF, 2, 10 * context_ms_least)
    assert later is not None
    assert len(later) < len(Context(0).deflated(DIFF))


def test_a_stream_that_rests_keeps_no_context_for_long() -> None:
    following, one = Following[One](), One()
    following.rest(0)
    following.add(one)
    following.deflate(DIFF, 1, 0)
    following.rest(context_ms_least - 1)
    assert following._context is not None
    following.rest(context_ms_least)
    assert (following._context, [*following.apart]) == (None, [one])
    assert following.deflate(DIFF, 2, context_ms_least + 1) == Context(0).deflated(DIFF)


def test_nothing_is_deflated_for_those_who_would_not_be_given_it() -> None:
    following, one = Following[One](), One()
    following.add(One(deflates=False))
    assert following.deflate(DIFF, 1, 0) is None
    one.clear = False
    following.add(one)
    assert following.deflate(DIFF, 2, 0) is None
    one.clear = True
    assert following.deflate(DIFF, 3, 0) is not None
    following.part([one])
    one.clear = False
    assert following.deflate(DIFF, 4, context_ms_least) is None
    assert following._context is None


def test_who_missed_one_waits_and_who_is_gone_is_gone() -> None:
    following, one, two = Following[One](), One(), One()
    for viewer in (one, two):
        following.add(viewer)
    following.deflate(DIFF, 1, 0)
    following.part([one])
    assert ([*following.in_step], [*following.apart]) == ([two], [one])
    following.remove(two)
    following.part([two])
    following.remove(two)
    assert [*following] == [one]
    assert following._context is None


@pytest.mark.parametrize("size", [1, 100, 125, 126, 5_000, 65_535, 65_536, 300_000])
def test_any_length_and_any_content_is_read_back(size: int) -> None:
    line, context, chance = InflatingLine(), Context(0), random.Random(size)
    sent = [chance.randbytes(size), b"x" * size, DIFF, chance.randbytes(size)]
    line.messages = [context.deflated(payload) for payload in sent]
    assert line.read() == sent


def test_what_is_far_back_is_not_referred_to() -> None:
    line, context = InflatingLine(), Context(0)
    far = random.Random(7).randbytes(200)
    between = random.Random(8).randbytes(1 << window_bits)
    messages = [context.deflated(payload) for payload in (far, between, far)]
    assert len(messages[2]) > len(far)
    line.messages = messages
    assert line.read() == [far, between, far]


async def test_a_delivery_that_fails_in_its_midst_leaves_nobody_in_step(
    quiet: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await quiet.ticker.awake("office1")
    pages = [Page(quiet, View.FULL, deflates=True) for _ in range(3)]
    quiet.offices.happen("office1", started(1, quiet.clock.now_ms()))
    await quiet.clock.advance(100)
    monkeypatch.setattr(pages[1].line, "write", fail := Failing(pages[1].line.write))
    quiet.offices.happen("office1", started(2, quiet.clock.now_ms()))
    await quiet.clock.advance(100)
    assert fail.failed
    await quiet.clock.advance(10_000)
    for number in range(3, 6):
        quiet.offices.happen("office1", started(number, quiet.clock.now_ms()))
        await quiet.clock.advance(100)
    truth = await quiet.ticker.keyframe("office1", View.FULL)
    for page in pages:
        page.read()
        assert (page.epoch, page.seq, page.state) == (2, truth.seq, truth.state)
        assert isinstance(page.line, InflatingLine)
        assert page.line.inflated > 3


class Failing:
    """A write that fails once."""

    def __init__(self, write: Any) -> None:
        self.failed = False
        self._write = write

    def __call__(self, message: bytes) -> None:
        if not self.failed:
            self.failed = True
            raise OSError("a line that fails")
        self._write(message)


async def test_bytes_are_counted_as_they_were_written(quiet: House) -> None:
    await quiet.ticker.awake("office1")
    pages = [Page(quiet, View.FULL, deflates=deflates) for deflates in (True, False, True)]
    for page in pages:
        page.read()
    before = quiet.hub.figures()
    quiet.offices.happen("office1", started(1, quiet.clock.now_ms()))
    await quiet.clock.advance(100)
    figures = quiet.hub.figures()
    first, plain, second = (page.line.messages[0] for page in pages)
    assert first is second
    assert plain[0] == TEXT[0]
    assert len(first) < len(plain)
    assert figures.deliveries_total - before.deliveries_total == 3
    assert figures.bytes_total - before.bytes_total == 2 * len(first) + len(plain)
    assert framed(line_payload(pages[0])) == plain


def line_payload(page: Page) -> bytes:
    return page.line.read()[0]
