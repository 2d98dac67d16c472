import asyncio
from pathlib import Path

import pytest

from server.errors import RateLimitedError
from server.executions.context import NOTE_CHARACTERS_MAX, REPORT_EVERY_MS, ReportingContext
from server.executions.log import lines_in
from server.executions.logs import Logs
from server.model import RateFacts
from tests.executions.reports import Reports
from tests.fakes.clock import FakeClock
from tests.kinds.bodies import WORK


class Scene:
    """A context with all around it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.reports = Reports()
        self.log = Logs(folder, self.clock, log_bytes_max=10_000, logs_bytes_max=10_000).begin(WORK.execution)
        self.context = ReportingContext(WORK, self.reports, self.log, self.clock)

    @property
    def told(self) -> list[tuple[object, ...]]:
        """(permille, remaining, note) of each report so far."""
        return [entry[3:] for entry in self.reports.told]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


async def test_the_first_word_is_told_at_once(scene: Scene) -> None:
    scene.context.progress(400, 1000)
    assert scene.reports.told == [("progressed", WORK.execution, WORK.fence, 400, 1000, None)]


async def test_what_comes_quickly_becomes_one_report_of_the_newest(scene: Scene) -> None:
    scene.context.note("first")
    for number in range(100):
        scene.context.progress(number, 1000 - number)
        scene.context.note(f"step {number}")
    assert scene.told == [(None, None, "first")]
    await scene.clock.advance(REPORT_EVERY_MS)
    assert scene.told[1:] == [(99, 901, "step 99")]
    await scene.clock.advance(10 * REPORT_EVERY_MS)
    assert len(scene.told) == 2


async def test_never_more_than_ten_a_second(scene: Scene) -> None:
    for number in range(1000):
        scene.context.progress(number)
        await scene.clock.advance(10)
    assert 95 <= len(scene.told) <= 101
    assert [permille for permille, *_ in scene.told] == sorted({permille for permille, *_ in scene.told})


async def test_progress_never_goes_back(scene: Scene) -> None:
    for permille in (500, 400, -3, 500, 5000, 999):
        scene.context.progress(permille)
        await scene.clock.advance(REPORT_EVERY_MS)
    assert [permille for permille, *_ in scene.told] == [500, 500, 1000]


async def test_notes_fit_a_desk_and_are_told_once(scene: Scene) -> None:
    for note in ("a\x07\nb", "a b", "x" * 500, ""):
        scene.context.note(note)
        await scene.clock.advance(REPORT_EVERY_MS)
    assert [note for *_, note in scene.told] == ["a b", "x" * NOTE_CHARACTERS_MAX, ""]


async def test_the_last_word_is_told_before_the_end_and_nothing_after_it(scene: Scene) -> None:
    scene.context.progress(100)
    scene.context.progress(900)
    scene.context.log("in time")
    scene.context.close()
    assert [permille for permille, *_ in scene.told] == [100, 900]
    scene.context.progress(1000)
    scene.context.note("late")
    scene.context.waiting(5)
    scene.context.log("late")
    scene.context.close()
    await scene.clock.advance(2 * REPORT_EVERY_MS)
    assert len(scene.reports.told) == 2
    assert [text for _, text in lines_in(scene.log.unwritten())] == ["in time"]


async def test_waiting_is_told_at_once(scene: Scene) -> None:
    scene.context.waiting(123)
    scene.context.waiting(None)
    assert [entry[3] for entry in scene.reports.told] == [123, None]


async def test_a_turn_at_once_costs_nothing(scene: Scene) -> None:
    await scene.context.turn("chat:platform", 500)
    assert scene.reports.told == [("reserve", WORK.execution, WORK.fence, "chat:platform", 500)]


async def test_a_turn_that_comes_soon_is_waited_for_and_said(scene: Scene) -> None:
    scene.reports.turns = [4_000]
    waiting = asyncio.ensure_future(scene.context.turn("chat:platform"))
    await scene.clock.advance(3_999)
    assert not waiting.done()
    await scene.clock.advance(1)
    await waiting
    until_ms = scene.clock.now_ms()
    assert [entry[3] for entry in scene.reports.told if entry[0] == "waiting"] == [until_ms, None]


async def test_a_turn_too_far_away_gives_the_slot_up(scene: Scene) -> None:
    scene.reports.turns = [None]
    with pytest.raises(RateLimitedError):
        await scene.context.turn("chat:platform")


async def test_what_an_answer_said_of_limits_is_passed_on(scene: Scene) -> None:
    facts = RateFacts(retry_ms=30_000)
    scene.context.learned("chat:platform", facts)
    assert scene.reports.told == [("learned", WORK.execution, WORK.fence, "chat:platform", facts)]


async def test_a_note_shows_no_key(scene: Scene) -> None:
    scene.context.note(f"using sk-0123456789abcdef{'0' * 200} now")
    assert scene.told == [(None, None, "using sk-… now")]
