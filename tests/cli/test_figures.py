import pytest

from server.cli.figures import Figures, moment_ms
from tests.cli.office import NOW_MS, batch


def test_figures_are_read_from_http() -> None:
    figures = Figures.from_http(
        batch(
            done=1,
            failed=1,
            eta=["2026-11-18T11:07:40Z", "2026-11-18T11:08:40Z"],
            started="2026-11-18T11:06:40Z",
        )
    )
    assert (figures.waiting, figures.started_ms, figures.ended_ms) == (1, NOW_MS, None)
    assert figures.eta_ms == (NOW_MS + 60_000, NOW_MS + 120_000)


def test_live_figures_win_and_the_cancelled_ones_are_remembered() -> None:
    asked = Figures.from_http(batch(total=10, cancelled=2))
    live = {"name": "n", "state": "running", "total": 10, "done": 3, "failed": 1, "running": 2, "order": 0}
    now = asked.with_live(live | {"eta": [1, 2]})
    assert (now.done, now.cancelled, now.waiting, now.eta_ms) == (3, 2, 2, (1, 2))


def test_a_retry_that_takes_cancelled_tasks_back_leaves_no_negative_rest() -> None:
    asked = Figures.from_http(batch(total=4, cancelled=3, running=1))
    live = {"state": "running", "total": 4, "done": 2, "failed": 0, "running": 1, "order": 0}
    assert asked.with_live(live).waiting == 1


def test_in_the_office_the_rest_of_an_ended_batch_was_cancelled() -> None:
    live = {"name": "n", "state": "cancelled", "total": 9, "done": 3, "failed": 1, "running": 0, "order": 0}
    figures = Figures.from_live("b", live)
    assert (figures.cancelled, figures.waiting, figures.ended) == (5, 0, True)
    running = Figures.from_live("b", live | {"state": "running"})
    assert (running.cancelled, running.waiting) == (0, 5)


@pytest.mark.parametrize(
    ("state", "running", "ended"),
    [
        ("done", 0, True),
        ("cancelled", 0, True),
        ("cancelled", 2, False),
        ("paused", 0, False),
        ("waiting", 0, False),
    ],
)
def test_a_batch_has_ended_when_nothing_of_it_runs(state: str, running: int, ended: bool) -> None:
    assert Figures.from_http(batch(state=state, running=running)).ended is ended


def test_moments_are_read_either_way() -> None:
    assert moment_ms("2026-11-18T11:06:40.5Z") == NOW_MS + 500
    assert moment_ms(NOW_MS) == NOW_MS
