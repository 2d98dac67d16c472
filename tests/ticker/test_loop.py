"""The ticker on a fake clock: when it ticks, what it sends, when it rebuilds and when it sleeps."""

import asyncio
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from server.errors import NotFoundError, UnavailableError
from server.model import View
from server.ticker import loop
from simulation.inputs import SlotsChanged
from simulation.views import project
from tests.fakes.offices import batch, ended, noted, started
from tests.ticker.stage import ONE, Stage


async def test_waking_raises_the_epoch_and_begins_with_the_facts() -> None:
    stage = Stage()
    stage.start(1)
    await stage.join()
    keyframe = await stage.ticker.keyframe("office1", View.FULL)
    assert (keyframe.epoch, keyframe.seq, keyframe.tick) == (1, 0, 0)
    assert keyframe.now == stage.clock.now_ms()
    assert keyframe.state["desks"]["0"]["execution"] == "execution1"
    assert stage.sink.of("keyframe")[0]["state"] == keyframe.state


async def test_many_who_wake_an_office_at_once_wake_it_once() -> None:
    stage = Stage()
    await asyncio.gather(*(stage.ticker.awake("office1") for _ in range(20)))
    assert (stage.offices.epochs, stage.offices.asked) == ({"office1": 1}, ["office1"])


async def test_an_office_that_is_not_there_cannot_be_woken_and_leaves_nothing_behind() -> None:
    stage = Stage()
    for _ in range(2):
        with pytest.raises(NotFoundError, match="nowhere"):
            await stage.ticker.awake("nowhere")
    stage.offices.add("nowhere")
    await stage.ticker.awake("nowhere")


async def test_an_input_is_seen_at_the_next_tick_with_the_time_of_that_tick() -> None:
    stage = Stage()
    await stage.join()
    await stage.clock.advance(1_230)
    stage.start(1)
    await stage.clock.advance(69)
    assert stage.sink.of("diff") == []
    await stage.clock.advance(1)
    (diff,) = stage.sink.of("diff")
    assert (diff["seq"], diff["tick"]) == (1, 13)
    assert stage.sink.states[ONE] == await stage.truth()


async def test_inputs_of_one_tick_make_one_diff() -> None:
    stage = Stage()
    await stage.join()
    for number in range(1, 6):
        stage.start(number)
        await stage.clock.advance(10)
    stage.happen(ended(1, stage.clock.now_ms()))
    await stage.clock.advance(100)
    (diff,) = stage.sink.of("diff")
    assert {desk["execution"] for desk in diff["patch"]["desks"].values()} == {
        f"execution{number}" for number in range(2, 6)
    }


async def test_a_tick_that_changes_nothing_sends_nothing() -> None:
    stage = Stage()
    await stage.join()
    stage.happen(SlotsChanged(slots=0))
    await stage.clock.advance(2_900)
    assert [message["type"] for message in stage.sink.messages] == ["keyframe"]


async def test_a_clock_message_comes_after_three_silent_seconds_and_every_three_more() -> None:
    stage = Stage()
    await stage.join()
    await stage.clock.advance(2_999)
    assert stage.sink.of("clock") == []
    await stage.clock.advance(1)
    now_ms = stage.clock.now_ms()
    assert stage.sink.of("clock") == [{"type": "clock", "now": now_ms, "seq": 0}]
    await stage.clock.advance(1_000)
    stage.start(1)
    await stage.clock.advance(100)
    await stage.clock.advance(2_900)
    assert len(stage.sink.of("clock")) == 1
    await stage.clock.advance(100)
    assert stage.sink.of("clock")[1:] == [{"type": "clock", "now": now_ms + 4_100, "seq": 1}]


async def test_nothing_is_ticked_or_said_for_an_office_that_sleeps() -> None:
    stage = Stage(slots=10)
    stage.start(1)
    await stage.clock.advance(600_000)
    assert (stage.sink.messages, stage.offices.asked, stage.clock._timers) == ([], [], [])


async def test_a_stream_goes_on_for_a_minute_after_its_last_viewer_and_waking_begins_a_new_epoch() -> None:
    stage = Stage()
    await stage.join()
    stage.ticker.leave(*ONE)
    await stage.clock.advance(59_850)
    stage.start(1)
    await stage.clock.advance(149)
    keyframe = stage.sink.streams[ONE].current()
    assert (keyframe.epoch, keyframe.seq) == (1, 1)
    await stage.clock.advance(60_000)
    stage.start(2)
    await stage.clock.advance(1_000)
    assert stage.sink.streams[ONE].seq == 1
    again = await stage.ticker.keyframe("office1", View.FULL)
    assert (again.epoch, again.seq, again.state["office"]["running"]) == (2, 0, 2)


async def test_one_that_is_held_ticks_without_viewers_and_ends_a_minute_after_its_release() -> None:
    stage = Stage()
    stream = await stage.ticker.hold("office1")
    stage.sink.attach(stream)
    await stage.clock.advance(600_000)
    assert [message["type"] for message in stage.sink.messages] == ["keyframe"]
    assert stage.clock._timers == [], "nothing moves, so nothing is waited for"
    stage.start(1)
    await stage.clock.advance(100)
    assert [message["type"] for message in stage.sink.messages] == ["keyframe", "diff"]
    assert stage.sink.states[ONE] == await stage.truth()
    await stage.join()
    stage.ticker.leave(*ONE)
    await stage.clock.advance(120_000)
    assert await stage.ticker.hold("office1") is stream, "a viewer that came and went takes nothing away"
    stage.ticker.release("office1")
    await stage.clock.advance(60_000)
    assert (await stage.ticker.keyframe("office1", View.FULL)).epoch == 2
    stage.ticker.release("nowhere")


async def test_one_that_is_held_is_held_over_a_new_epoch() -> None:
    stage = Stage()
    stage.sink.attach(await stage.ticker.hold("office1"))
    stage.clock.set_wall(stage.clock.now_ms() + 7_200_000)
    stage.start(1)
    await stage.clock.advance(100)
    assert (stage.sink.streams[ONE].epoch, stage.sink.seqs[ONE]) == (2, 0)
    await stage.clock.advance(120_000)
    stage.start(2)
    await stage.clock.advance(100)
    assert stage.sink.states[ONE] == await stage.truth()


async def test_a_reading_counts_as_a_viewer_that_left_at_once() -> None:
    stage = Stage()
    first = await stage.ticker.keyframe("office1", View.FULL)
    await stage.clock.advance(59_999)
    second = await stage.ticker.keyframe("office1", View.FULL)
    await stage.clock.advance(60_000)
    third = await stage.ticker.keyframe("office1", View.FULL)
    assert [keyframe.epoch for keyframe in (first, second, third)] == [1, 1, 2]


async def test_a_view_that_nobody_sees_ends_alone_and_begins_again_one_number_higher() -> None:
    stage = Stage()
    await stage.join()
    await stage.join(View.FIGURES)
    stage.start(1)
    await stage.clock.advance(100)
    stage.ticker.leave("office1", View.FIGURES)
    await stage.clock.advance(60_000)
    stage.start(2)
    await stage.clock.advance(100)
    figures = await stage.ticker.keyframe("office1", View.FIGURES)
    full = await stage.ticker.keyframe("office1", View.FULL)
    assert (figures.epoch, figures.seq) == (1, 2)
    assert (full.epoch, full.seq) == (1, 2)
    assert figures.state == project(full.state, "figures")


async def test_events_during_waking_are_in_the_facts_or_in_the_inbox_and_never_in_both() -> None:
    stage = Stage()
    first, second = asyncio.Event(), asyncio.Event()

    async def slow(office: str) -> Any:
        first.set()
        await second.wait()
        return await stage.offices.facts(office)

    stage.ticker._facts = slow
    waking = asyncio.create_task(stage.join())
    await first.wait()
    stage.start(1)
    second.set()
    await waking
    assert stage.sink.states[ONE]["office"]["running"] == 1
    stage.start(2)
    await stage.clock.advance(200)
    assert [diff["patch"]["office"]["running"] for diff in stage.sink.of("diff")] == [2]


async def test_a_laptop_that_slept_rebuilds_with_a_new_base_and_epoch() -> None:
    stage = Stage()
    await stage.join()
    await stage.clock.advance(1_000)
    stage.clock.set_wall(stage.clock.now_ms() + 3_600_000)
    await stage.clock.advance(2_000)
    keyframe = await stage.ticker.keyframe("office1", View.FULL)
    assert (keyframe.epoch, keyframe.seq, keyframe.tick) == (2, 0, 0)
    assert keyframe.now == stage.clock.now_ms()
    assert stage.sink.of("keyframe")[1]["now"] == keyframe.now
    assert stage.sink.of("clock") == []


async def test_a_reading_after_a_sleep_of_the_laptop_is_never_of_the_time_before() -> None:
    stage = Stage()
    first = await stage.ticker.keyframe("office1", View.FULL)
    stage.clock.set_wall(stage.clock.now_ms() + 3_600_000)
    second = await stage.ticker.keyframe("office1", View.FULL)
    assert (first.epoch, second.epoch, second.now) == (1, 2, stage.clock.now_ms())


async def test_a_wall_clock_that_is_only_a_little_off_changes_nothing() -> None:
    stage = Stage()
    await stage.join()
    stage.clock.set_wall(stage.clock.now_ms() - 2_000)
    await stage.clock.advance(10_000)
    assert stage.offices.epochs == {"office1": 1}
    assert stage.sink.of("clock")[-1]["now"] == stage.clock.now_ms() + 2_000 - 1_000


@pytest.mark.parametrize(("ticks", "epoch"), [(10, 1), (11, 2)])
async def test_ten_ticks_behind_are_caught_up_and_eleven_are_rebuilt(ticks: int, epoch: int) -> None:
    stage = Stage()
    await stage.join()
    stage.start(1)
    # The loop was busy: time passed and no timer fired.
    stage.clock._now_ms += 100 + ticks * 100
    await stage.clock.advance(0)
    keyframe = await stage.ticker.keyframe("office1", View.FULL)
    assert keyframe.epoch == epoch
    assert stage.sink.states[ONE] == keyframe.state
    assert keyframe.state["office"]["running"] == 1


async def test_a_rebuild_reaches_every_stream() -> None:
    stage = Stage()
    await stage.join()
    await stage.join(View.FIGURES)
    stage.clock.set_wall(stage.clock.now_ms() + 10_000)
    await stage.clock.advance(3_000)
    assert [stream.epoch for stream in stage.sink.streams.values()] == [2, 2]
    stage.start(1)
    await stage.clock.advance(100)
    assert stage.sink.states["office1", View.FIGURES] == await stage.truth(View.FIGURES)


async def test_a_store_that_fails_during_a_rebuild_is_asked_again_each_second() -> None:
    stage = Stage()
    await stage.join()
    stage.offices.failing = UnavailableError("the disk is full")
    stage.clock.set_wall(stage.clock.now_ms() + 10_000)
    with capture_logs() as logs:
        await stage.clock.advance(6_000)
    assert [entry["event"] for entry in logs] == ["an office could not be rebuilt"] * 4
    assert stage.sink.of("clock") == []
    stage.offices.failing = None
    stage.start(1)
    await stage.clock.advance(1_000)
    assert stage.sink.states[ONE] == await stage.truth()
    assert stage.sink.states[ONE]["office"]["running"] == 1


async def test_a_failing_tick_costs_its_own_office_a_rebuild_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()
    stage.offices.add("office2", slots=0)
    await stage.join()
    await stage.join(office="office2")
    failures = [ValueError("a defect")]

    def fail() -> None:
        if failures:
            raise failures.pop()

    stage.sink.on_deliver = fail
    stage.start(1)
    stage.offices.happen("office2", started(2, stage.clock.now_ms()))
    with capture_logs() as logs:
        await stage.clock.advance(100)
    assert [(entry["event"], entry["office"]) for entry in logs] == [("a tick failed", "office1")]
    assert len(stage.sink.of("diff")) == 1
    await stage.clock.advance(loop.retry_ms)
    assert stage.offices.epochs == {"office1": 2, "office2": 1}
    assert stage.sink.states[ONE] == await stage.truth()


async def test_after_stop_nothing_is_delivered_and_no_timer_is_left() -> None:
    stage = Stage(slots=10)
    await stage.join()
    await stage.ticker.stop()
    before = len(stage.sink.messages)
    stage.start(1)
    await stage.clock.advance(120_000)
    stage.ticker.leave(*ONE)
    assert len(stage.sink.messages) == before
    assert [timer for _, _, timer in stage.clock._timers if timer.callback] == []


def act(stage: Stage, chance: random.Random, running: set[int], number: int) -> None:
    now_ms = stage.clock.now_ms()
    what = chance.choice(["start", "start", "end", "note", "slots", "batch"])
    if what == "start":
        running.add(number)
        stage.happen(started(number, now_ms, title=f"task {number}"))
    elif what == "slots":
        stage.happen(SlotsChanged(slots=chance.choice([0, 1, 3, 10, 50])))
    elif what == "batch":
        stage.happen(batch("first", done=number))
    elif running:
        some = chance.choice(sorted(running))
        if what == "note":
            stage.happen(noted(some, now_ms, f"step {number}"))
        else:
            running.remove(some)
            stage.happen(ended(some, now_ms))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
async def test_who_applies_every_diff_holds_the_snapshot_after_each_of_them(seed: int) -> None:
    chance, stage, running = random.Random(seed), Stage(slots=3), set[int]()
    await stage.join()
    await stage.join(View.FIGURES)
    for number in range(60):
        act(stage, chance, running, number)
        await stage.clock.advance(chance.choice([0, 7, 100, 350, 4_000]))
        for (_, view), state in stage.sink.states.items():
            assert state == await stage.truth(view), f"seed {seed}"
