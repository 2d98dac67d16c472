from bench.fanout import frames_of
from bench.feed import FEEDS, WARM_TICKS, Traced, large, moved, worst
from bench.trace import BASE_MS, HZ, stepped, trace
from simulation.inputs import BatchChanged, Progressed, Started
from simulation.snapshot import keyframe_bytes_max


def test_the_worst_has_a_diff_at_each_tick() -> None:
    _, diffs = frames_of(worst, 100)
    assert len(diffs) == 100
    assert {len(diff) for diff in diffs} <= set(range(110, 150))


def test_the_largest_frames_are_most_of_what_a_keyframe_may_be() -> None:
    keyframe, diffs = frames_of(large, 20)
    assert len(keyframe) <= keyframe_bytes_max
    assert len(diffs) == 20
    assert all(len(diff) > keyframe_bytes_max * 0.6 for diff in diffs)


def test_the_trace_is_fed_from_where_it_is_after_a_minute() -> None:
    played, fed = trace(), Traced()
    epoch = played.epoch()
    for tick, _ in stepped(played, epoch):
        if tick >= WARM_TICKS:
            break
    working = sorted(desk.execution.id for desk in epoch.world.desks if desk.execution is not None)
    assert sorted(new.execution for new in fed(0) if isinstance(new, Started)) == working
    later = [new for step in played.steps if step.tick > WARM_TICKS for new in step.inputs]
    assert sum(len(fed(tick)) for tick in range(1, played.ticks)) == len(later)


def test_a_feed_is_moved_to_the_time_of_its_office() -> None:
    said = Progressed(execution="e", at_ms=BASE_MS, permille=5, remaining_ms=1_000, note=None)
    assert moved(said, 7) == Progressed(
        execution="e", at_ms=BASE_MS + 7, permille=5, remaining_ms=1_000, note=None
    )
    batch = BatchChanged(
        batch="b", name="n", state="running", total=1, done=0, failed=0, running=1, order=1, eta_ms=(10, 20), ended_ms=None,
    )  # fmt: skip
    assert moved(batch, 5).eta_ms == (15, 25)
    assert moved(batch, 5).ended_ms is None


def test_every_feed_gives_frames_that_an_office_can_show() -> None:
    for name, make in FEEDS.items():
        keyframe, diffs = frames_of(make(), 30 * HZ)
        assert keyframe.startswith(b'{"type":"keyframe"'), name
        assert bool(diffs) is (name != "quiet")
